import { InputError } from '../../error';
import { nearest } from '../../posture/selection';
import { KINDS } from '../facts';
import { Names } from '../names';
import type { Posture } from '../posture';
import { formatPosture, kindOf, parsePosture } from '../posture-file';
import { type Change, type Changes, compare, record, renames } from '../ratchet';
import { CommittedFile, type MatcherContext, type MatcherResult } from '../snapshot';
import { postureOf } from './received';

/** How to compare with a posture file. */
export interface MatchPostureOptions {
  /**
   * Lines that `jest -u` may record although they permit more, each as the failure message shows it.
   * @default - none
   */
  readonly widens?: readonly string[];
  /**
   * Name of the file, without its ending.
   * @default - that of the test file
   */
  readonly name?: string;
}

/**
 * What the platform permits is what `__posture__/NAME.posture` says. The first run writes the file, `jest -u` records what narrows and what `widens`
 * names; nothing is written under `--ci`. Throws what the file's reader throws, and `WidensUnknown` for a line that is no fact.
 */
export function toMatchPosture(this: MatcherContext, received: unknown, options: MatchPostureOptions = {}): MatcherResult {
  const posture = postureOf(received, 'toMatchPosture');
  const facts = new Set(posture.facts);
  const all = formatPosture(facts);
  const file = new CommittedFile(this, 'toMatchPosture', 'posture', all, options.name);
  const hint = this.utils.matcherHint('toMatchPosture', 'posture', '');
  const fail = (text: string): MatcherResult => {
    file.unmatched();
    return { pass: false, message: () => `${hint}\n\n${file.shown}\n\n${text}` };
  };
  const text = file.read();
  const named = new Set(options.widens ?? []);
  for (const line of named) known(line, facts);
  if (text === undefined) {
    if (!file.isWritable()) return fail('there is no such file, and --ci writes none; run jest locally and commit it');
    file.write(all);
    return passed();
  }
  const recorded = parsePosture(text, file.shown);
  const changes = compare(recorded, facts);
  const unnamed = changes.opens.filter(({ line }) => !named.has(line));
  if (file.isUpdate()) {
    const recordable = [...changes.closes, ...changes.opens.filter(({ line }) => named.has(line))];
    if (recordable.length + changes.fresh.length > 0) file.write(formatPosture(record(recorded, facts, recordable, changes.fresh)));
    if (unnamed.length === 0) return passed(recordable.length + changes.fresh.length === 0 ? file : undefined);
    return fail(messageOf(this, posture, recorded, facts, { ...changes, closes: [], opens: unnamed }, named));
  }
  if (changes.fresh.length > 0) {
    if (!file.isWritable())
      return fail(`it has no lines of kind ${changes.fresh.join(', ')} yet; run jest locally and commit what it adds`);
    file.write(formatPosture(record(recorded, facts, [], changes.fresh)));
  }
  if (changes.opens.length + changes.closes.length === 0) return passed(changes.fresh.length === 0 ? file : undefined);
  return fail(messageOf(this, posture, recorded, facts, changes, named));
}

function passed(file?: CommittedFile): MatcherResult {
  file?.matched();
  return { pass: true, message: () => '' };
}

/** A named line is a fact, or the name of a restriction that went: a misspelt one would allow nothing, and nobody would know why. */
function known(line: string, facts: ReadonlySet<string>): void {
  if (facts.has(line) || KINDS.get(kindOf(line))?.widens === 'removed') return;
  const [near] = nearest(line, [...facts]);
  throw new InputError(
    'WidensUnknown',
    `'${line}' in widens is no line of the posture; ${near === undefined ? 'copy it from the failure message, or take it out' : `did you mean '${near}'`}`,
  );
}

function messageOf(
  { utils }: MatcherContext,
  posture: Posture,
  recorded: Parameters<typeof compare>[0],
  facts: ReadonlySet<string>,
  { opens, closes }: Changes,
  named: ReadonlySet<string>,
): string {
  const names = new Names(posture._inventory);
  const renamed = renames([...opens, ...closes], recorded, facts);
  const lineOf = ({ line, sign }: Change): string[] => {
    const resource = posture._facts().get(line)?.resource;
    const at = posture._sourceLine(resource);
    const where = resource === undefined ? [] : [names.of(resource), ...(at === undefined ? [] : [`at ${at}`])];
    const color = sign === '+' ? utils.RECEIVED_COLOR : utils.EXPECTED_COLOR;
    return [
      `    ${color(`${sign} ${line}`)}${named.has(line) ? '   (named in widens)' : ''}`,
      ...(where.length === 0 ? [] : [`        ${utils.DIM_COLOR(where.join(' '))}`]),
    ];
  };
  const section = (title: string, changes: readonly Change[]): string[] =>
    changes.length === 0 ? [] : [`  ${title}`, ...changes.flatMap(lineOf)];
  const rest = opens.filter(({ line }) => !named.has(line));
  return [
    ...renamed.map(({ from, to }) => `  renames ${from} -> ${to}`),
    ...section('opens', opens),
    ...section('closes', closes),
    '',
    rest.length === 0 ? "Run 'jest -u' to record this." : "'jest -u' records what closes. What opens is recorded when the test names it:",
    ...(rest.length === 0
      ? []
      : [
          `  toMatchPosture({ widens: ${JSON.stringify(
            rest.map(({ line }) => line),
            undefined,
            2,
          ).replaceAll('\n', '\n  ')} })`,
        ]),
  ].join('\n');
}
