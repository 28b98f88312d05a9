import type { Program } from './measure';

/** What the library may cost. */
export interface Bound {
  readonly name: string;
  /** Bounds of one group are measured by turns with each other, and share the programs that they have in common. */
  readonly group: string;
  readonly ours: Program;
  readonly peer: Program;
  /** What is compared. */
  readonly of: 'cpu' | 'memory';
  /** Whether the ratio is that of what comes on top of the peer. */
  readonly added?: boolean;
  /**
   * The largest ratio that is no failure.
   * @default - none, the figures are there to be seen
   */
  readonly most?: number;
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
const oneChart = program('charts', 'ours', 'one', 2_000);
const charts = program('charts', 'ours', 'many', 2_000);
const twice = program('charts', 'ours', 'many', 4_000);

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
    most: 0.3,
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
    name: '10,000 deployments, Hardening.of',
    group: 'hardening',
    ours: program('hardening', 'ours', 10_000),
    peer: program('hardening', 'peer', 10_000),
    of: 'cpu',
    added: true,
    most: 0.15,
    same: true,
    note: 'what Hardening.of at the strict level adds to one cdk8s chart of 10,000 cdk8s-plus Deployments: 40 microseconds an object are 0.40 s',
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
