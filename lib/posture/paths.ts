import { existsSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '../error';
import { type Notice, type Reading, readAssembly, readText } from '../inventory';
import { CONFIG } from './config';
import type { Texts } from './texts';

/** A file above this is refused unread: no list of manifests that a cluster takes in one go is near it. */
export const MAX_FILE_BYTES = 40 * 1024 * 1024;
/** Name under which standard input is reported. */
export const STDIN = '<stdin>';

const MANIFEST = /\.(ya?ml|json|template)$/;
const PASSED_OVER = new Set(['node_modules', CONFIG]);

/** What one call has met, and whom it tells. */
interface Run {
  readonly seen: Set<string>;
  readonly onFile: (file: string) => void;
}

/**
 * Reads files, folders (recursively, in the order of their names), cloud assemblies and, as `-`, a text from standard input.
 * Throws `PathMissing`, `PathUnreadable`, `InputTooLarge`, `InputBinary`, `NothingToCheck` and what the readers throw. `onFile` hears of each file before it is read.
 */
export function readPaths(
  paths: readonly string[],
  texts: Texts,
  stdin: () => string,
  onFile: (file: string) => void = () => undefined,
): Reading[] {
  const run: Run = { seen: new Set(), onFile };
  return paths.flatMap((path) => {
    if (path === '-') return [readStdin(stdin(), texts)];
    const stats = statOf(path);
    if (stats.isDirectory()) return readFolder(path, run);
    if (basename(path) === 'manifest.json' && isAssembly(path)) return readFolder(join(path, '..'), run);
    if (once(path, run.seen)) return [];
    onFile(path);
    const reading = readText(readFile(path, stats), { file: path });
    if (isEmpty(reading)) throw nothing(path, 'holds no document');
    return [reading];
  });
}

function readStdin(text: string, texts: Texts): Reading {
  texts.hold(STDIN, text);
  const reading = readText(text, { file: STDIN });
  if (isEmpty(reading)) throw nothing(STDIN, 'is empty');
  return reading;
}

function readFolder(folder: string, run: Run): Reading[] {
  const readings: Reading[] = [];
  walk(folder, run, readings);
  if (readings.every((reading) => isEmpty(reading))) {
    throw nothing(folder, 'holds no Kubernetes manifest, CloudFormation template or cloud assembly');
  }
  return readings;
}

function walk(folder: string, run: Run, readings: Reading[]): void {
  if (once(folder, run.seen)) {
    // Named twice, or a link back up: read already, so not empty either.
    readings.push({
      kubernetes: [],
      templates: [],
      acceptances: [],
      notices: [{ code: 'ReadTwice', message: `${folder} was read already`, source: { file: folder } }],
    });
    return;
  }
  const manifest = join(folder, 'manifest.json');
  if (existsSync(manifest) && isAssembly(manifest)) {
    readings.push(readAssembly(folder, disk));
    return;
  }
  for (const name of list(folder)) {
    const path = join(folder, name);
    if (name.startsWith('.') || PASSED_OVER.has(name)) continue;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) walk(path, run, readings);
    else if (stats?.isFile() && MANIFEST.test(name) && !once(path, run.seen)) {
      run.onFile(path);
      readings.push(readInFolder(path, stats));
    }
  }
}

/** A folder may hold JSON and YAML of other kinds beside manifests; what does not even parse is an error there too. */
function readInFolder(path: string, stats: Stats): Reading {
  try {
    return readText(readFile(path, stats), { file: path });
  } catch (error) {
    if (!(error instanceof InputError) || !['NotRecognised', 'AssemblyManifest'].includes(error.code)) throw error;
    const notice: Notice = { code: 'FileSkipped', message: 'neither a manifest nor a template; not checked', source: { file: path } };
    return { kubernetes: [], templates: [], acceptances: [], notices: [notice] };
  }
}

function isEmpty({ kubernetes, templates, notices }: Reading): boolean {
  return kubernetes.length === 0 && templates.length === 0 && !notices.some((notice) => notice.code === 'ReadTwice');
}

function nothing(file: string, what: string): InputError {
  return new InputError(
    'NothingToCheck',
    `${file === STDIN ? 'standard input' : `'${file}'`} ${what}; pass manifests, templates or the output of cdk synth`,
    {
      file,
    },
  );
}

function isAssembly(manifest: string): boolean {
  try {
    const { version, artifacts } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown; artifacts?: unknown };
    return typeof version === 'string' && typeof artifacts === 'object' && artifacts !== null;
  } catch {
    return false;
  }
}

/** True when the file or folder was met before, under this or another name. */
function once(path: string, seen: Set<string>): boolean {
  const real = realpathSync(path);
  if (seen.has(real)) return true;
  seen.add(real);
  return false;
}

function statOf(path: string): Stats {
  const stats = attempt(path, () => statSync(path, { throwIfNoEntry: false }));
  if (stats === undefined)
    throw new InputError('PathMissing', `there is no file or folder '${path}'; correct the path, or synthesize first`);
  return stats;
}

function readFile(path: string, stats: Stats): string {
  if (stats.size > MAX_FILE_BYTES) {
    const size = (stats.size / 1024 / 1024).toFixed(1);
    throw new InputError('InputTooLarge', `the file has ${size} MiB, more than ${MAX_FILE_BYTES / 1024 / 1024}; split it`, { file: path });
  }
  const bytes = attempt(path, () => readFileSync(path));
  if (bytes.includes(0)) throw new InputError('InputBinary', 'the file has NUL bytes and is no text; pass YAML or JSON', { file: path });
  return bytes.toString('utf8');
}

function list(folder: string): string[] {
  return attempt(folder, () => readdirSync(folder)).sort();
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      'PathUnreadable',
      `'${path}' cannot be read (${code ?? (error as Error).message}); change its permissions or leave it out`,
    );
  }
}

/** The disk, as the reader of cloud assemblies wants it. */
export const disk = {
  read: (path: string): string => readFile(path, statOf(path)),
  list: (folder: string): string[] => list(folder),
  exists: (path: string): boolean => existsSync(path),
};
