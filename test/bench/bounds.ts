import type { Program } from './measure';

/** What the library may cost. */
export interface Bound {
  readonly name: string;
  /** Bounds of one group are measured by turns with each other, and share the programs that they have in common. */
  readonly group: string;
  readonly ours: Program;
  /**
   * What ours is compared with. A scanner that is not there is told, and decides nothing.
   * @default - nothing: the bound is an absolute one
   */
  readonly peer?: Program;
  /** What is compared. */
  readonly of: 'cpu' | 'memory';
  /** Whether the ratio is that of what comes on top of the peer. */
  readonly added?: boolean;
  /**
   * The largest ratio that is no failure.
   * @default - none, the figures are there to be seen
   */
  readonly most?: number;
  /**
   * The most CPU seconds that are no failure: those of ours, or what comes on top of the peer where `added` is true.
   * @default - none
   */
  readonly mostSeconds?: number;
  /**
   * The most MiB that are no failure.
   * @default - none
   */
  readonly mostMiB?: number;
  /** Whether both must write the same kinds of objects as often. */
  readonly same?: boolean;
  readonly note: string;
}

const program = (file: string, ...args: (string | number)[]): Program => ({ file, args: args.map(String) });
const once = (one: Program): Program => ({ ...one, weight: 0 });
const often = (one: Program): Program => ({ ...one, weight: 3 });

const guarded = program('fleet', 'guarded', 10_000);
const plain = program('fleet', 'plain', 10_000);
const hardened = once(program('fleet', 'hardened', 10_000));
const written = once(program('fleet', 'written', 10_000));
const check = program('check', 'whole', '@fleet:10000');
const judge = (file: string, ...args: string[]): Program => ({ ...program(file, ...args), judge: true });
const oneChart = program('charts', 'ours', 'one', 2_000);
const charts = program('charts', 'ours', 'many', 2_000);
const twice = program('charts', 'ours', 'many', 4_000);
const reach = program('reach', 10_000, 1_000);
const distinct = program('reach', 10_000, 1_000, 'adverse');

export const BOUNDS: readonly Bound[] = [
  {
    name: 'quickstart, audited',
    group: 'quickstart',
    ours: program('quickstart', 'ours'),
    peer: program('quickstart', 'peer'),
    of: 'cpu',
    most: 1.5,
    same: true,
    note: 'examples/quickstart, both trees and their audit, against the same resources written with aws-cdk-lib and cdk8s-plus-28, not audited',
  },
  {
    name: '10,000 deployments, audit',
    group: 'fleet',
    ours: guarded,
    peer: plain,
    of: 'cpu',
    added: true,
    most: 0.5,
    same: true,
    note: 'what guard() adds to one cdk8s chart of 10,000 cdk8s-plus Deployments',
  },
  {
    name: '10,000 deployments, audit, peak memory',
    group: 'fleet',
    ours: guarded,
    peer: plain,
    of: 'memory',
    most: 1.5,
    note: 'peak resident memory of the same two processes',
  },
  {
    name: '10,000 deployments of ours, audited',
    group: 'hardened fleet',
    ours: hardened,
    peer: written,
    of: 'cpu',
    same: true,
    note: '10,000 k8s.Deployments of one k8s.Tenant, hardened and audited, against the same 30,000 objects written with cdk8s-plus-28',
  },
  {
    name: '10,000 deployments of ours, audited, peak memory',
    group: 'hardened fleet',
    ours: hardened,
    peer: written,
    of: 'memory',
    note: 'peak resident memory of the same two processes',
  },
  {
    name: '2,000 charts against one chart',
    group: 'charts',
    ours: charts,
    peer: oneChart,
    of: 'cpu',
    most: 1.8,
    same: true,
    note: 'k8s.App: 2,000 charts of one cdk8s-plus Deployment against one chart of 2,000',
  },
  {
    name: '4,000 charts against 2,000',
    group: 'charts',
    ours: twice,
    peer: charts,
    of: 'cpu',
    most: 2.3,
    note: 'k8s.App: 4,000 charts of one cdk8s-plus Deployment against 2,000',
  },
  {
    name: '2,000 charts against one chart, plain cdk8s',
    group: 'plain charts',
    ours: once(program('charts', 'peer', 'many', 2_000)),
    peer: once(program('charts', 'peer', 'one', 2_000)),
    of: 'cpu',
    same: true,
    note: 'the same with an App of cdk8s on both sides: what k8s.App saves',
  },
  {
    name: 'Posture.of, quickstart',
    group: 'posture',
    ours: program('posture', 'ours'),
    peer: program('posture', 'peer'),
    of: 'cpu',
    added: true,
    mostSeconds: 0.5,
    note: 'examples/quickstart without its guard: Posture.of, its findings and facts, against the two synths alone',
  },
  {
    name: 'check, to the first output',
    group: 'first output',
    ours: program('check', 'first', '@fleet:10000'),
    of: 'cpu',
    mostSeconds: 0.5,
    note: 'bulwark check of 10,000 Deployments at a terminal, from the start of node to the first word that it shows',
  },
  {
    name: 'check of 10,000 deployments, against kube-linter',
    group: 'check',
    ours: check,
    peer: judge('kube-linter', 'lint', '@fleet:10000'),
    of: 'cpu',
    most: 1.5,
    note: 'bulwark check with all controls on 10,000 plain Deployments in 100 files, against the default checks of kube-linter',
  },
  {
    name: 'check of 10,000 deployments, against kube-score',
    group: 'check',
    ours: check,
    peer: judge('kube-score', 'score', '@fleet:10000/*'),
    of: 'cpu',
    most: 1,
    note: 'the same, against kube-score',
  },
  {
    name: 'check of 10,000 deployments, peak memory',
    group: 'check',
    ours: check,
    of: 'memory',
    mostMiB: 512,
    note: 'peak resident memory of the same process',
  },
  {
    name: 'check of 10,000 deployments, every finding as JSON',
    group: 'check',
    ours: program('check', 'whole', '@fleet:10000', '--format', 'json', '--output', 'report.json'),
    peer: judge('kube-linter', 'lint', '--format', 'json', '@fleet:10000'),
    of: 'cpu',
    note: 'the same with every finding and its line written to a file, against kube-linter with JSON',
  },
  {
    name: 'check of 10,000 deployments, against polaris on 1,000',
    group: 'slow scanners',
    ours: once(check),
    peer: once(judge('polaris', 'audit', '--audit-path', '@fleet:1000', '--format', 'json')),
    of: 'cpu',
    most: 1,
    note: 'a tenth of the Deployments for the peer, which is slow enough',
  },
  {
    name: 'check of 10,000 deployments, against checkov on 1,000',
    group: 'slow scanners',
    ours: once(check),
    peer: once(judge('checkov', '--framework', 'kubernetes', '--quiet', '--compact', '--directory', '@fleet:1000')),
    of: 'cpu',
    most: 1,
    note: 'a tenth of the Deployments for the peer',
  },
  {
    name: 'check of 10,000 deployments, against trivy on 1,000',
    group: 'slow scanners',
    ours: once(check),
    peer: once(
      judge(
        'trivy',
        '-q',
        'config',
        '--skip-check-update',
        '--skip-version-check',
        '--disable-telemetry',
        '--format',
        'json',
        '@fleet:1000',
      ),
    ),
    of: 'cpu',
    most: 1,
    note: 'a tenth of the Deployments for the peer',
  },
  {
    name: 'reachability of 10,000 workloads',
    group: 'reach',
    ours: reach,
    of: 'cpu',
    mostSeconds: 1.5,
    note: 'all pairs of 10,000 workloads under 1,000 NetworkPolicies, a whole process from the objects to the last pair',
  },
  {
    name: 'reachability of 10,000 workloads, peak memory',
    group: 'reach',
    ours: reach,
    of: 'memory',
    mostMiB: 250,
    note: 'peak resident memory of the same process',
  },
  {
    name: 'reachability of 10,000 workloads, all different',
    group: 'reach',
    ours: distinct,
    of: 'cpu',
    note: 'the same where policies tell every workload from every other',
  },
  {
    name: 'reachability of 10,000 workloads, all different, peak memory',
    group: 'reach',
    ours: distinct,
    of: 'memory',
    mostMiB: 250,
    note: 'peak resident memory of the same process',
  },
  {
    name: 'harden, 1,000 files',
    group: 'harden files',
    ours: program('harden-files', 'ours', 1_000),
    peer: program('harden-files', 'peer', 1_000),
    of: 'cpu',
    most: 4,
    same: true,
    note: 'bulwark harden --level strict --output on 1,000 files of a Deployment, a Service and a ConfigMap, against parsing and writing them with the YAML library that it uses',
  },
  {
    name: '20,000 deployments, Hardening.of',
    group: 'hardening',
    ours: program('hardening', 'ours', 20_000),
    peer: program('hardening', 'peer', 20_000),
    of: 'cpu',
    added: true,
    mostSeconds: 0.8,
    note: 'what Hardening.of at the strict level adds to rendering one cdk8s chart of 20,000 cdk8s-plus Deployments: 40 microseconds each',
  },
  {
    name: "require('cdk-bulwark/k8s')",
    group: 'load',
    ours: often(program('load', 'cdk-bulwark/k8s')),
    peer: often(program('load', 'cdk8s-plus-28')),
    of: 'cpu',
    most: 1.2,
    note: "a process that does nothing but load it, against require('cdk8s-plus-28')",
  },
];
