import { InputError } from '../../error';
import { identitiesOf } from '../identities';
import { CommittedFile, type MatcherContext, type MatcherResult } from '../snapshot';
import { postureOf } from './received';

const HEAD = 'schema: 1';

/** How to compare with an identity file. */
export interface KeepIdentityOptions {
  /**
   * What became of frozen lines: the new line, or null for what is gone on purpose.
   * @default - every frozen name is kept
   */
  readonly moves?: { readonly [line: string]: string | null };
  /**
   * Name of the file, without its ending.
   * @default - that of the test file
   */
  readonly name?: string;
}

/**
 * Every name in `__posture__/NAME.identity` is still there. New names are added to the file unless jest runs with `--ci`; a name that went is taken out
 * by `jest -u`, and only when `moves` says what became of it. Throws `IdentityFileInvalid`, `IdentityFileNewer` or `MoveUnknown`.
 */
export function toKeepIdentity(this: MatcherContext, received: unknown, options: KeepIdentityOptions = {}): MatcherResult {
  const posture = postureOf(received, 'toKeepIdentity');
  const now = new Set(identitiesOf(posture._inventory));
  const file = new CommittedFile(this, 'toKeepIdentity', 'identity', format(now), options.name);
  const text = file.read();
  const frozen = text === undefined ? [] : parse(text, file.shown);
  const moves = options.moves ?? {};
  const lost = frozen.filter((line) => !now.has(line));
  const isMoved = (line: string): boolean => Object.hasOwn(moves, line) && (moves[line] === null || now.has(moves[line]));
  for (const line of Object.keys(moves)) {
    if (now.has(line)) throw new InputError('MoveUnknown', `'${line}' in moves is still there; take it out`);
  }
  const broken = lost.filter((line) => !isMoved(line));
  const fresh = [...now].filter((line) => !frozen.includes(line));
  const hint = `${this.utils.matcherHint('toKeepIdentity', 'posture', '')}\n\n${file.shown}`;
  const unwritten = !file.isWritable() && (text === undefined || fresh.length > 0);
  if (broken.length === 0 && !unwritten) {
    const next = format(new Set([...frozen.filter((line) => !file.isUpdate() || !lost.includes(line)), ...now]));
    if (next === text?.replaceAll('\r\n', '\n')) file.matched();
    else file.write(next);
    return { pass: true, message: () => '' };
  }
  file.unmatched();
  const list = (lines: readonly string[], sign: string): string => lines.map((line) => `    ${sign} ${line}`).join('\n');
  const parts = [
    ...(broken.length === 0
      ? []
      : [
          `  renames or drops what cannot be renamed without replacing it\n${this.utils.RECEIVED_COLOR(list(broken, '-'))}`,
          `Keep the name. If it has to change, say what it became:\n  toKeepIdentity({ moves: { ${JSON.stringify(broken[0])}: '...' or null } })`,
        ]),
    ...(unwritten
      ? [
          `  is not frozen yet, and --ci writes nothing; run jest locally and commit the file\n${this.utils.EXPECTED_COLOR(list(fresh, '+'))}`,
        ]
      : []),
  ];
  return { pass: false, message: () => [hint, ...parts].join('\n\n') };
}

function format(lines: ReadonlySet<string>): string {
  return `${[HEAD, ...[...lines].sort()].join('\n')}\n`;
}

function parse(text: string, file: string): string[] {
  const [head, ...lines] = text.split(/\r?\n/);
  if (head !== HEAD) {
    const newer = /^schema: \d+$/.test(head);
    throw new InputError(
      newer ? 'IdentityFileNewer' : 'IdentityFileInvalid',
      newer
        ? `the identity file has ${head}, which this version does not know; update cdk-bulwark`
        : `the first line of the identity file is '${head.slice(0, 80)}', not '${HEAD}'; restore the file from version control`,
      { file, line: 1 },
    );
  }
  return lines.filter((line, index) => {
    if (/^(<{7}|={7}|>{7})/.test(line)) {
      const message = `the line '${line.slice(0, 80)}' is left over from a merge; keep the lines of both sides and remove it`;
      throw new InputError('IdentityFileInvalid', message, { file, line: index + 2 });
    }
    return line !== '';
  });
}
