import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { InputError } from '../../error';
import { type Catalogue, controlsOf, catalogue as ours } from '../../posture/selection';
import { layoutOf } from '../../report';
import { type AdmitOptions, admitPaths } from './admit';
import { type CheckOptions, check, formatOf } from './check';
import { type ExemptionsOptions, exemptions } from './exemptions';
import { controlData, controlsText, explainText } from './explain';
import type { Io } from './io';

/** Findings break the build. */
const FINDINGS = 1;
/** The input or the call cannot be used. */
const UNUSABLE = 2;

/**
 * Runs one command line (without `node` and the script). Gives the exit status: 0 nothing breaks the build, 1 findings do, 2 bad input or usage.
 * Never throws, and shows a stack only under `BULWARK_DEBUG`.
 */
export async function run(argv: readonly string[], io: Io, catalogue: () => Catalogue = ours): Promise<number> {
  let status = 0;
  const program = new Command('bulwark')
    .description('Audits Kubernetes manifests and CloudFormation templates, whoever wrote them.')
    .version(version(), '--version')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showSuggestionAfterError()
    .addHelpText('after', '\nExit status: 0 no finding at or above the threshold, 1 findings, 2 bad input or usage.');
  program
    .command('check [path...]')
    .description('audit files, folders, cdk.out, or - for standard input; cdk.out and dist where no path is given')
    .option('--kubernetes <version>', 'Kubernetes version the manifests are for, as in 1.35')
    .option('--format <format>', 'text or json', 'text')
    .option('--output <file>', 'write the report to a file instead of standard output')
    .option('--fail-on <severity>', 'exit with 1 from this severity on: critical, high, medium (default) or low')
    .option('--fail-on-undecided', 'count undecided findings like failures; those of critical controls always are')
    .option('--control <id>', 'run this control only; may be given again, or as a list with commas', listed, [])
    .option('--config <file>', 'exemptions of manifests that no program synthesizes (default: bulwark.yaml, where there is one)')
    .option('--as-of <date>', 'judge exemptions as of this day, YYYY-MM-DD (default: BULWARK_AS_OF, else today)')
    .option('--break-glass <owner:reason>', 'pass this once whatever is found; written into the report')
    .option('--matrix', 'also draw category by boundary')
    .action(async (paths: string[], options: CheckOptions) => {
      status = await check(paths, options, io, catalogue);
    });
  program
    .command('exemptions [path...]')
    .description('every exemption and decision: who, why, until when, and what it covers')
    .option('--format <format>', 'text or json', 'text')
    .option('--config <file>', 'exemptions of manifests that no program synthesizes (default: bulwark.yaml, where there is one)')
    .option('--as-of <date>', 'judge them as of this day, YYYY-MM-DD (default: BULWARK_AS_OF, else today)')
    .action(async (paths: string[], options: ExemptionsOptions) => exemptions(paths, options, io, catalogue));
  program
    .command('admit <path...>')
    .description('what ValidatingAdmissionPolicies would answer to these objects, without a cluster')
    .requiredOption('--policy <path>', 'policies and their bindings; may be given again', listed)
    .option('--params <path>', 'objects that the policies take as params, and namespaces; may be given again', listed, [])
    .option('--old <path>', 'objects as they were before, which makes theirs an update; may be given again', listed, [])
    .option('--namespace <name>', 'where objects land that name no namespace', 'default')
    .option('--user <name>', 'who asks, for policies that look at the user')
    .option('--group <name>', 'a group of the user; may be given again', listed, [])
    .option('--format <format>', 'text or json', 'text')
    .action(async (paths: string[], options: AdmitOptions) => {
      status = await admitPaths(paths, options, io);
    });
  program
    .command('explain <control>')
    .description('what a control asks for, why, and how to mend it')
    .option('--format <format>', 'text or json', 'text')
    .action((id: string, options: { readonly format: string }) => {
      const format = formatOf(options.format);
      const [control] = controlsOf([id], catalogue());
      io.out(format === 'json' ? json(controlData(control)) : explainText(control, layoutOf(io.columns, io.color)));
    });
  program
    .command('controls')
    .description('all controls')
    .option('--format <format>', 'text or json', 'text')
    .action((options: { readonly format: string }) => {
      const format = formatOf(options.format);
      const { allControls } = catalogue();
      io.out(format === 'json' ? json(allControls.map(controlData)) : controlsText(allControls, layoutOf(io.columns, io.color)));
    });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return status === 0 ? 0 : FINDINGS;
  } catch (error) {
    return failed(error, io);
  }
}

function failed(error: unknown, io: Io): number {
  // commander has written its own message, and throws for --help and --version too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : UNUSABLE;
  const expected = error instanceof InputError;
  const message = error instanceof Error ? error.message : String(error);
  io.err(`bulwark: ${expected ? message : `unexpected error: ${message.split('\n')[0]}; set BULWARK_DEBUG=1 to see where`}\n`);
  if (io.env.BULWARK_DEBUG && error instanceof Error) io.err(`${error.stack}\n`);
  return UNUSABLE;
}

function listed(value: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...value
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function version(): string {
  const { version: found } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as { version: string };
  return found;
}
