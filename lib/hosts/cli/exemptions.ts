import type { AcceptanceStanding } from '../../audit';
import { day } from '../../controls/clock';
import { Examination } from '../../posture/examine';
import type { Catalogue } from '../../posture/selection';
import { count, type Layout, layoutOf, wrap } from '../../report';
import { formatOf } from './check';
import { readInput } from './input';
import type { Io } from './io';

/** Options of `bulwark exemptions` as commander gives them. */
export interface ExemptionsOptions {
  readonly format: string;
  readonly config?: string;
  readonly asOf?: string;
}

/** Lists every exemption and decision in files: who, why, until when, and what it covers. Throws `InputError`. */
export async function exemptions(given: readonly string[], options: ExemptionsOptions, io: Io, catalogue: () => Catalogue): Promise<void> {
  const format = formatOf(options.format);
  const asOf = options.asOf === undefined ? undefined : day(options.asOf, '--as-of');
  const all = catalogue();
  const { readings, texts } = await readInput(given, options.config, io, all);
  const { audit } = new Examination(readings, { controls: all.allControls, asOf, texts, known: (id) => all.ids.includes(id) });
  const standings = [...audit.standings].sort(soonest);
  io.out(
    format === 'json'
      ? `${JSON.stringify({ schemaVersion: 1, asOf: audit.asOf, acceptances: standings.map(plain) }, undefined, 2)}\n`
      : text(standings, audit.asOf, layoutOf(io.columns, io.color)),
  );
}

/** What ends first comes first; what has no end at all before everything. */
function soonest(a: AcceptanceStanding, b: AcceptanceStanding): number {
  const key = ({ acceptance, where }: AcceptanceStanding): string => `${acceptance.control} ${where}`;
  return (a.daysLeft ?? -Infinity) - (b.daysLeft ?? -Infinity) || (key(a) < key(b) ? -1 : 1);
}

function plain({ acceptance, state, daysLeft, covers, where }: AcceptanceStanding): object {
  const { kind, control, owner, reason, until, scope, source } = acceptance;
  return { control, kind, owner, reason, until, daysLeft, state, covers, where, source: source ?? scope.object?.source };
}

const STATES: { readonly [state in AcceptanceStanding['state']]: string } = {
  live: '',
  ending: 'ends soon',
  ended: 'ended: its findings are back',
  unused: 'covers nothing: remove it',
  refused: 'refused: this control takes none',
  invalid: 'invalid: it needs an owner, a reason and an end within a year',
  unknown: 'there is no such control',
  notChecked: 'not checked by this version',
};

function text(standings: readonly AcceptanceStanding[], asOf: string, layout: Layout): string {
  const { bold, cyan, yellow, dim } = layout.colors;
  const lines = standings.flatMap(({ acceptance, state, daysLeft, covers, where }) => {
    const { kind, control, owner, reason, until } = acceptance;
    const left = daysLeft === undefined ? '' : daysLeft < 0 ? ` (${count(-daysLeft, 'day')} ago)` : ` (${count(daysLeft, 'day')} left)`;
    const remark = [...(covers > 0 ? [count(covers, 'finding')] : []), ...(STATES[state] === '' ? [] : [yellow(STATES[state])])].join(', ');
    return [
      `${cyan(bold(control))}  ${kind} by ${bold(owner)} until ${until}${left}, ${remark}`,
      wrap(`on ${where}`, 4, layout),
      dim(wrap(reason, 4, layout)),
      '',
    ];
  });
  return `${lines.join('\n')}${lines.length === 0 ? '' : '\n'}${count(standings.length, 'record')}, as of ${asOf}\n`;
}
