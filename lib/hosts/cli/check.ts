import { breakGlassOf, DEFAULT_FAIL_ON, severityOf } from '../../audit';
import { day } from '../../controls/clock';
import { InputError } from '../../error';
import { Examination, kubernetesOf } from '../../posture/examine';
import { type Catalogue, controlsOf } from '../../posture/selection';
import { count, jsonPieces, layoutOf, textReport } from '../../report';
import { readInput } from './input';
import type { Io } from './io';
import { writeWhole } from './output';
import { Progress } from './progress';

/** Resources of each severity that a text lists: as many as somebody reads. */
const LISTED = 100;

/** Options of `bulwark check` as commander gives them. */
export interface CheckOptions {
  readonly kubernetes?: string;
  readonly format: string;
  readonly output?: string;
  readonly failOn?: string;
  readonly failOnUndecided?: boolean;
  readonly control: readonly string[];
  readonly config?: string;
  readonly asOf?: string;
  readonly breakGlass?: string;
  readonly matrix?: boolean;
  readonly all?: boolean;
}

/** Audits files and writes the report. Gives the exit status: 0 when nothing breaks the build, else 1. Throws `InputError` for anything else. */
export async function check(given: readonly string[], options: CheckOptions, io: Io, catalogue: () => Catalogue): Promise<number> {
  // Options first: a misspelt one should not wait for a thousand files.
  const format = formatOf(options.format);
  const failOn = options.failOn === undefined ? DEFAULT_FAIL_ON : severityOf(options.failOn);
  const kubernetes = options.kubernetes === undefined ? undefined : kubernetesOf(options.kubernetes);
  const asOf = options.asOf === undefined ? undefined : day(options.asOf, '--as-of');
  const breakGlass = options.breakGlass === undefined ? undefined : breakGlassOf(options.breakGlass);
  const all = catalogue();
  const controls = options.control.length === 0 ? all.allControls : controlsOf(options.control, all);

  const progress = new Progress(io);
  const { readings, texts } = await readInput(given, options.config, io, all, progress);
  const gate = { failOn, failOnUndecided: options.failOnUndecided, breakGlass };
  const known = (id: string): boolean => all.ids.includes(id);
  const examination = progress.during('judging', () => new Examination(readings, { controls, kubernetes, asOf, gate, texts, known }));

  const { audit, notes, summary } = examination;
  const rest = { notes, summary, failOn, breakGlass };
  const layout = layoutOf(io.columns, io.color && options.output === undefined);
  const report =
    format === 'json'
      ? jsonPieces({ ...rest, findings: examination.eachFinding() })
      : [textReport({ ...rest, ...examination.listing(options.all === true ? Infinity : LISTED) }, layout, { matrix: options.matrix })];
  if (options.output === undefined) for (const piece of report) io.out(piece);
  else {
    writeWhole(options.output, report);
    const found = count(audit.judgements.length, 'finding');
    io.err(`bulwark: ${found}, ${summary.blocking} at or above ${failOn}; written to ${options.output}\n`);
  }
  return summary.blocking > 0 ? 1 : 0;
}

/** Reads a format; throws `FormatUnknown`. */
export function formatOf(text: string): 'text' | 'json' {
  if (text !== 'text' && text !== 'json') throw new InputError('FormatUnknown', `there is no format '${text}'; choose text or json`);
  return text;
}
