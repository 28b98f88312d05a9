import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { InputError } from '../../error';
import type { Reading } from '../../inventory';
import { CONFIG, readConfig } from '../../posture/config';
import { disk, MAX_FILE_BYTES, readPaths, STDIN } from '../../posture/paths';
import type { Catalogue } from '../../posture/selection';
import { Texts } from '../../posture/texts';
import type { Io } from './io';
import { Progress } from './progress';

/** Where cdk and cdk8s write when nobody says otherwise. */
const USUAL = ['cdk.out', 'dist'];

/**
 * Reads what a command is given: the paths, else the usual folders, with `-` for standard input; and the exemptions of a file, else of `bulwark.yaml` where
 * there is one here. Throws `NothingToCheck`, and what reading paths and exemptions throws.
 */
export async function readInput(
  given: readonly string[],
  config: string | undefined,
  io: Io,
  { ids }: Catalogue,
  progress = new Progress(io),
): Promise<{ readonly readings: readonly Reading[]; readonly texts: Texts }> {
  const paths = given.length === 0 ? USUAL.filter((path) => existsSync(path)) : given;
  if (paths.length === 0)
    throw new InputError(
      'NothingToCheck',
      `no path was given and there is no ${USUAL.join(' or ')} here; name files or folders, or - for standard input`,
    );
  const stdin = paths.includes('-') ? await io.stdin() : '';
  if (Buffer.byteLength(stdin) > MAX_FILE_BYTES) {
    throw new InputError('InputTooLarge', `the input has more than ${MAX_FILE_BYTES / 1024 / 1024} MiB; split it`, { file: STDIN });
  }
  const texts = new Texts();
  let files = 0;
  const onFile = (file: string): void => {
    files += 1;
    progress.say(`reading file ${files}: ${basename(file)}`);
  };
  const exemptions = config ?? (existsSync(CONFIG) ? CONFIG : undefined);
  const accepted = exemptions === undefined ? [] : [readConfig(disk.read(exemptions), exemptions, ids)];
  try {
    return { readings: [...readPaths(paths, texts, () => stdin, onFile), ...accepted], texts };
  } finally {
    progress.end();
  }
}
