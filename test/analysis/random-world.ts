import { readRange } from '../../lib/analysis/addresses';
import type { Cni } from '../../lib/analysis/enforcement';
import { type World, worldOf } from '../../lib/analysis/world';
import { inventoryOf, type JsonObject } from '../../lib/inventory';
import type { BrutePod, BruteWorld } from './brute-force';

/** A generator of its own, so that a seed means the same everywhere. */
export class Dice {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
  chance(share: number): boolean {
    return this.next() < share;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
  some<T>(list: readonly T[], most: number): T[] {
    return Array.from({ length: this.below(most + 1) }, () => this.pick(list));
  }
}

/** What a random world may hold. */
export interface Features {
  /** Everything that is not a plain pod under a CNI that enforces all: host networks, gaps of enforcement, unknown addresses. */
  readonly gaps: boolean;
  /**
   * What cyclonus answers otherwise than the API server: names of ports that some pods do not have, and NotIn where the key is missing, which Kubernetes
   * takes as a match.
   */
  readonly quirks: boolean;
}

const NAMESPACES = ['a', 'b', 'c'] as const;
const KEYS = ['app', 'tier', 'team'] as const;
const VALUES = ['x', 'y', 'z'] as const;
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const NUMBERS = [80, 81, 443, 8080] as const;
const BLOCKS = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.0.0.0/29',
  '10.0.0.4/30',
  '10.0.0.8/29',
  '10.0.0.5/32',
  '192.168.0.0/16',
  '::/0',
  'fd00::/8',
];
const CNIS: readonly (Cni | undefined)[] = ['vpc-cni', 'auto-mode', 'cilium', 'calico', 'none', undefined];

/** The same world twice: as manifests read by the library, and as the brute-force evaluator takes it. */
export function randomWorld(seed: number, { gaps, quirks }: Features): { readonly world: World; readonly brute: BruteWorld } {
  const dice = new Dice(seed);
  const cni = gaps ? dice.pick(CNIS) : 'calico';
  const labels = (): { [key: string]: string } =>
    Object.fromEntries(KEYS.filter(() => dice.chance(0.6)).map((key) => [key, dice.pick(VALUES)]));
  const namespaces = Object.fromEntries(NAMESPACES.map((name) => [name, labels()]));

  const pods: BrutePod[] = Array.from({ length: 2 + dice.below(5) }, (_, index) => {
    const isPod = gaps && dice.chance(0.3);
    const isWindows = gaps && dice.chance(0.15);
    const hostNetwork = gaps && dice.chance(0.15);
    const first = 4 * index + 1;
    const ports = [
      { name: 'web', protocol: 'TCP', containerPort: dice.pick([80, 8080]) },
      { name: dice.chance(0.5) || !quirks ? 'dns' : undefined, protocol: dice.pick(['UDP', 'SCTP']), containerPort: dice.pick([81, 443]) },
    ].slice(0, quirks ? dice.below(3) : 2);
    let held: BrutePod['held'] = cni === undefined ? 'unknown' : cni === 'none' ? 'no' : 'yes';
    if (isWindows && cni !== undefined && cni !== 'calico') held = 'no';
    if (isPod && (cni === 'vpc-cni' || cni === 'auto-mode')) held = 'no';
    return {
      namespace: dice.pick(NAMESPACES),
      name: `w${index}`,
      labels: labels(),
      hostNetwork,
      ports,
      addresses: Array.from({ length: gaps && dice.chance(0.5) ? 2 : 1 }, (_, at) => `10.0.0.${first + at}`),
      held,
      single: isPod,
      ...{ isWindows },
    };
  });

  const selector = (): JsonObject => {
    const matchLabels = Object.fromEntries(dice.some(KEYS, 1).map((key) => [key, dice.pick(VALUES)]));
    const matchExpressions = dice.some(KEYS, dice.chance(0.4) ? 2 : 0).flatMap((key): JsonObject[] => {
      const operator = dice.pick(['In', 'NotIn', 'Exists', 'DoesNotExist']);
      const expression: JsonObject = {
        key,
        operator,
        ...(operator.endsWith('In') ? { values: [dice.pick(VALUES), ...dice.some(VALUES, 1)] } : {}),
      };
      return operator === 'NotIn' && !quirks ? [expression, { key, operator: 'Exists' }] : [expression];
    });
    return { ...(dice.chance(0.8) ? { matchLabels } : {}), ...(matchExpressions.length > 0 ? { matchExpressions } : {}) };
  };
  const block = (): JsonObject => {
    const cidr = dice.pick(BLOCKS);
    const range = readRange(cidr);
    const except = dice.some(BLOCKS, dice.chance(0.4) ? 2 : 0).filter((part) => {
      const inner = readRange(part);
      return range !== undefined && inner !== undefined && inner.first >= range.first && inner.last <= range.last && part !== cidr;
    });
    return { ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } };
  };
  const peer = (): JsonObject => {
    if (dice.chance(0.25)) return block();
    const kind = dice.below(3);
    const namespaceSelector = dice.chance(0.2) ? { matchLabels: { 'kubernetes.io/metadata.name': dice.pick(NAMESPACES) } } : selector();
    return { ...(kind !== 0 ? { podSelector: selector() } : {}), ...(kind !== 1 ? { namespaceSelector } : {}) };
  };
  const port = (): JsonObject => {
    const protocol: JsonObject = dice.chance(0.7) ? { protocol: dice.pick(PROTOCOLS) } : {};
    if (dice.chance(0.2)) return dice.chance(0.5) ? protocol : { protocol: dice.pick(PROTOCOLS) };
    if (dice.chance(0.3)) return { ...protocol, port: dice.pick(['web', 'dns', ...(quirks ? ['absent'] : [])]) };
    const first = dice.pick(NUMBERS);
    return { ...protocol, port: first, ...(dice.chance(0.3) ? { endPort: first + dice.pick([0, 1, 400, 57_000]) } : {}) };
  };
  const rule = (end: 'from' | 'to'): JsonObject => ({
    ...(dice.chance(0.85) ? { [end]: dice.some([0], 2).map(peer) } : {}),
    ...(dice.chance(0.7) ? { ports: dice.some([0], 2).map(port) } : {}),
  });
  const policies = Array.from({ length: dice.below(5) }, (_, index): JsonObject => {
    const spec: JsonObject = { podSelector: selector() };
    if (dice.chance(0.6)) spec.policyTypes = dice.pick([['Ingress'], ['Egress'], ['Ingress', 'Egress'], []]);
    if (dice.chance(0.7)) spec.ingress = dice.some([0], 2).map(() => rule('from'));
    if (dice.chance(0.7)) spec.egress = dice.some([0], 2).map(() => rule('to'));
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `p${index}`, namespace: dice.pick(NAMESPACES) },
      spec,
    };
  });

  const manifests: JsonObject[] = [
    ...Object.entries(namespaces).map(
      ([name, own]): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: own } }),
    ),
    ...pods.map((pod): JsonObject => {
      const { isWindows } = pod as BrutePod & { isWindows: boolean };
      const spec = {
        ...(pod.hostNetwork ? { hostNetwork: true } : {}),
        ...(isWindows ? { os: { name: 'windows' } } : {}),
        containers: [{ name: 'main', ports: pod.ports.map((own) => ({ ...own })) }],
      } as JsonObject;
      const metadata = { name: pod.name, namespace: pod.namespace };
      return pod.single
        ? { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, labels: pod.labels }, spec }
        : { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: { metadata: { labels: pod.labels }, spec } } };
    }),
    ...policies,
  ];
  const read = worldOf(inventoryOf({ manifests }), cni);
  const world: World = {
    ...read,
    workloads: read.workloads.map((workload, index) => {
      const addresses = pods[index].addresses.map((address) => readRange(`${address}/32`)!);
      return { ...workload, addresses: [addresses[0].first, addresses[addresses.length - 1].last] };
    }),
  };
  return { world, brute: { pods, namespaces, policies, cni } };
}

/** The ports at which an answer can change in these worlds, and their neighbours. */
export const PROBES: readonly { readonly protocol: string; readonly port: number }[] = PROTOCOLS.flatMap((protocol) =>
  [
    1, 79, 80, 81, 82, 443, 444, 480, 481, 482, 843, 844, 8079, 8080, 8081, 8480, 8481, 57_080, 57_081, 57_082, 57_443, 57_444, 65_080,
    65_081, 65_535,
  ].map((port) => ({ protocol, port })),
);
