import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { InputError } from '../../error';
import { type Catalogue, controlsOf, crosswalk, frameworks, catalogue as ours } from '../../posture/selection';
import { layoutOf } from '../../report';
import type { AdmitOptions } from './admit';
import { type CheckOptions, check, formatOf } from './check';
import { type ExemptionsOptions, exemptions } from './exemptions';
import { controlData, controlsText, explainText, ruleText } from './explain';
import { frameworksData, frameworksTable } from './frameworks';
import type { HardenCommandOptions } from './harden';
import type { Io } from './io';
import type { PspOptions } from './psp';
import type { ReachOptions } from './reach';
import type { UpgradeOptions } from './upgrade';

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
    .option('--framework <id>', 'run the controls of this framework only, and answer it; may be given again, or as a list', listed, [])
    .option('--config <file>', 'exemptions of manifests that no program synthesizes (default: bulwark.yaml, where there is one)')
    .option('--as-of <date>', 'judge exemptions as of this day, YYYY-MM-DD (default: BULWARK_AS_OF, else today)')
    .option('--break-glass <owner:reason>', 'pass this once whatever is found; written into the report')
    .option('--matrix', 'also draw category by boundary')
    .option('--all', 'list every resource in text, not only the first 100 of each severity')
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
    .command('reach [path...]')
    .description('who may reach whom: NetworkPolicies, Services and Ingresses, and what enforces them')
    .option('--from <end>', 'flows that start here: namespace/name, internet, a range of addresses; * for any letters')
    .option('--to <end>', 'flows that end here; with both ends in full, hop by hop')
    .option('--matrix', 'draw workloads by workloads')
    .option('--cni <profile>', 'what enforces policies: vpc-cni, auto-mode, cilium, calico or none (default: what the templates install)')
    .option('--format <format>', 'text or json', 'text')
    .action(async (paths: string[], options: ReachOptions) =>
      later<typeof import('./reach')>('./reach').reach(paths, options, io, catalogue),
    );
  program
    .command('harden <path...>')
    .description('hardened YAML of manifests that exist: comments, order and what somebody set stay')
    .option('--level <level>', 'default: at most a restart; strict: also what programs may notice', 'default')
    .option('--kubernetes <version>', 'Kubernetes version the manifests are for, as in 1.35')
    .option('--diff', 'show the difference instead of the YAML')
    .option('--write', 'change the files in place')
    .option('--overwrite', 'replace weaker values that somebody set')
    .option('--output <folder>', 'write the files below this folder')
    .option('--format <format>', 'text or json: json is the list of changes', 'text')
    .action(async (paths: string[], options: HardenCommandOptions) =>
      later<typeof import('./harden')>('./harden').harden(paths, options, io),
    );
  program
    .command('psp <path...>')
    .description('what replaces PodSecurityPolicies and their roles: namespace labels, admission policies, and what differs')
    .option('--kubernetes <version>', 'Kubernetes version the result is for (default: 1.37)')
    .option('--format <format>', 'text or json', 'text')
    .action(async (paths: string[], options: PspOptions) => later<typeof import('./psp')>('./psp').psp(paths, options, io));
  program
    .command('upgrade [path...]')
    .description('what a Kubernetes version would break: APIs that end, fields, Pod Security Standards, node images')
    .requiredOption('--to <version>', 'Kubernetes version to go to, as in 1.37')
    .option('--from <version>', 'Kubernetes version to come from (default: that of the clusters in the files)')
    .option('--format <format>', 'text or json', 'text')
    .action(async (paths: string[], options: UpgradeOptions) => {
      status = await later<typeof import('./upgrade')>('./upgrade').upgrade(paths, options, io, catalogue);
    });
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
      status = await later<typeof import('./admit')>('./admit').admitPaths(paths, options, io);
    });
  program
    .command('explain <control>')
    .description("what a control asks for, why, and how to mend it; also by a scanner's rule, as in CKV_K8S_20")
    .option('--format <format>', 'text or json', 'text')
    .action((id: string, options: { readonly format: string }) => {
      const format = formatOf(options.format);
      const all = catalogue();
      const rules = crosswalk(id, all);
      const layout = layoutOf(io.columns, io.color);
      if (rules.length > 0) {
        io.out(
          format === 'json'
            ? json(rules.map(({ scanner, control }) => ({ scanner, ...controlData(control) })))
            : ruleText(id, rules, layout),
        );
        return;
      }
      const [control] = controlsOf([id], all);
      io.out(format === 'json' ? json(controlData(control)) : explainText(control, layout));
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
  program
    .command('frameworks')
    .description('all frameworks: benchmarks and standards that controls answer')
    .option('--format <format>', 'text or json', 'text')
    .action((options: { readonly format: string }) => {
      const format = formatOf(options.format);
      const listing = frameworksData(frameworks(), catalogue());
      io.out(format === 'json' ? json(listing) : frameworksTable(listing, layoutOf(io.columns, io.color)));
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

/** What one command alone needs is loaded when it runs: the others start sooner. */
function later<T>(module: string): T {
  return require(module) as T;
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
