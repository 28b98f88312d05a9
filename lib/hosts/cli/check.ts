import { breakGlassOf, DEFAULT_FAIL_ON, type Gate, severityOf } from '../../audit';
import { day } from '../../controls/clock';
import { InputError } from '../../error';
import type { FrameworkConformance } from '../../posture';
import { Examination, kubernetesOf } from '../../posture/examine';
import { type Catalogue, controlsOf, frameworksOf, scopeOf } from '../../posture/selection';
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
  readonly framework: readonly string[];
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
  const frameworks = frameworksOf(options.framework);
  const scope = scopeOf(options.control.length === 0 ? undefined : controlsOf(options.control, all), frameworks, all);

  const progress = new Progress(io);
  const { readings, texts } = await readInput(given, options.config, io, all, progress);
  const gate = { failOn, failOnUndecided: options.failOnUndecided, breakGlass };
  const known = (id: string): boolean => all.ids.includes(id);
  const examination = progress.during('judging', () => new Examination(readings, { ...scope, kubernetes, asOf, gate, texts, known }));

  const { audit, notes, summary } = examination;
  const conformances = examination.conformances(frameworks);
  const rest = { notes, summary, frameworks: frameworks.length === 0 ? undefined : conformances, failOn, breakGlass };
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
  return summary.blocking > 0 || conformances.some((one) => breaksBuild(one, gate)) ? 1 : 0;
}

/** A framework that is asked for is a gate of its own, whatever the severity of what breaks it. */
function breaksBuild({ verdict }: FrameworkConformance, { failOnUndecided, breakGlass }: Gate): boolean {
  if (breakGlass !== undefined) return false;
  return verdict === 'fail' || verdict === 'incomplete' || (verdict === 'undecided' && failOnUndecided === true);
}

/** Reads a format; throws `FormatUnknown`. */
export function formatOf(text: string): 'text' | 'json' {
  if (text !== 'text' && text !== 'json') throw new InputError('FormatUnknown', `there is no format '${text}'; choose text or json`);
  return text;
}
