import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../error';

/** Writes a whole file or nothing: the old one stays until all pieces of the new one are there. Throws `OutputUnwritable`. */
export function writeWhole(path: string, pieces: string | Iterable<string>): void {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = openSync(draft, 'wx');
    try {
      for (const piece of typeof pieces === 'string' ? [pieces] : pieces) writeFileSync(file, piece);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError('OutputUnwritable', `'${path}' cannot be written (${code ?? message}); name a file in a folder that exists`);
  }
}
