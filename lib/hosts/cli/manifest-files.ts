import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { InputError } from '../../error';
import { sniff } from '../../inventory';
import { disk, STDIN } from '../../posture/paths';
import type { Io } from './io';

/** A text of manifests with its place. */
export interface ManifestFile {
  /** Path as a message names it. */
  readonly file: string;
  /** Path below the folder it was found in, or its own name. */
  readonly below: string;
  readonly text: string;
}

const MANIFEST = /\.(ya?ml|json)$/;

/**
 * The texts of manifests that paths name: files, folders (recursively, in the order of their names) and `-`. What else lies in a folder is passed over.
 * Throws `NothingToCheck`, `PathMissing`, `PathUnreadable`, `InputTooLarge` or `InputBinary`.
 */
export async function manifestFiles(paths: readonly string[], io: Io): Promise<ManifestFile[]> {
  const seen = new Set<string>();
  const files: ManifestFile[] = [];
  const take = (file: string, below: string, chosen: boolean): void => {
    const real = realpathSync(file);
    if (seen.has(real)) return;
    seen.add(real);
    const text = disk.read(file);
    if (chosen || sniff(text) === 'manifest') files.push({ file, below, text });
  };
  const walk = (folder: string, top: string): void => {
    const real = realpathSync(folder);
    if (seen.has(real)) return;
    seen.add(real);
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (name.startsWith('.') || name === 'node_modules') continue;
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats?.isDirectory()) walk(path, top);
      else if (stats?.isFile() && MANIFEST.test(name)) take(path, relative(top, path), false);
    }
  };
  for (const path of paths) {
    if (path === '-') files.push({ file: STDIN, below: 'stdin.yaml', text: await io.stdin() });
    else if (!existsSync(path)) {
      throw new InputError('PathMissing', `there is no file or folder '${path}'; correct the path, or synthesize first`);
    } else if (statSync(path).isDirectory()) walk(path, path);
    else take(path, basename(path), true);
  }
  if (files.length === 0)
    throw new InputError('NothingToCheck', `${paths.join(', ')} holds no Kubernetes manifest; name files or folders that do`);
  return files;
}
