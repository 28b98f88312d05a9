import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../error';

/** Writes a whole file or nothing: the old one stays until the new one is complete. Throws `OutputUnwritable`. */
export function writeWhole(path: string, text: string): void {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError('OutputUnwritable', `'${path}' cannot be written (${code ?? message}); name a file in a folder that exists`);
  }
}
