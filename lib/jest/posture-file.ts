import { InputError } from '../error';
import { KINDS } from './facts';

/** Version of the form below; another one means that lines are to be read another way. */
const SCHEMA = 1;

/** What a posture file holds: the kinds it knows, and its lines. */
export interface PostureFile {
  /** Kinds the writer computed; lines of no other kind are in the file. */
  readonly kinds: readonly string[];
  readonly lines: ReadonlySet<string>;
}

/**
 * Reads a posture file: `schema: 1 KIND...`, then a fact a line. The order of lines does not matter. Throws `PostureFileInvalid` naming the line, or
 * `PostureFileNewer`.
 */
export function parsePosture(text: string, file: string): PostureFile {
  const [head, ...rest] = text.split(/\r?\n/);
  const schema = /^schema: (\d+)((?: [a-z]+)*)$/.exec(head);
  if (schema === null) throw invalid(file, 1, head, "'schema: 1' and the kinds of its lines");
  const kinds = schema[2].split(' ').filter((kind) => kind !== '');
  const unknown = kinds.find((kind) => !KINDS.has(kind));
  if (Number(schema[1]) !== SCHEMA || unknown !== undefined) {
    const what = unknown === undefined ? `schema ${schema[1]}` : `facts of kind '${unknown}'`;
    throw new InputError('PostureFileNewer', `the posture file has ${what}, which this version does not know; update cdk-bulwark`, {
      file,
    });
  }
  const lines = new Set<string>();
  rest.forEach((line, index) => {
    if (line === '') return;
    if (!kinds.includes(line.split(' ', 1)[0]) || !line.includes(' ')) throw invalid(file, index + 2, line, `a fact (${kinds.join(', ')})`);
    lines.add(line);
  });
  return { kinds, lines };
}

/** Writes one: the same facts give the same bytes. */
export function formatPosture(lines: Iterable<string>): string {
  return `${[`schema: ${SCHEMA} ${[...KINDS.keys()].join(' ')}`, ...[...new Set(lines)].sort()].join('\n')}\n`;
}

/** The kind of a line. */
export function kindOf(line: string): string {
  return line.split(' ', 1)[0];
}

function invalid(file: string, line: number, text: string, wanted: string): InputError {
  return new InputError(
    'PostureFileInvalid',
    `the line '${text.slice(0, 80)}' of a posture file is not ${wanted}; restore the file from version control, and change it with 'jest -u' alone`,
    { file, line },
  );
}
