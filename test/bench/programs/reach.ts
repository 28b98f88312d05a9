import { dirname, join } from 'node:path';
import type { JsonObject } from '../../../lib/inventory';

/**
 * reach.js FOLDER PODS POLICIES [adverse]: who reaches whom, for all pairs. Workloads stand in a namespace for every hundred; three of them share their
 * labels, or none do where labels are adverse. Policies deny by default, let applications talk to each other on numbers, names and ranges of ports, open
 * namespaces to others by labels and expressions, and name ranges of addresses.
 */
const [, pods, policies, labels] = process.argv.slice(2);
const lib = join(dirname(require.resolve('cdk-bulwark/package.json')), 'lib');
const { inventoryOf } = require(join(lib, 'inventory')) as typeof import('../../../lib/inventory');
const { Network, portWords } = require(join(lib, 'analysis')) as typeof import('../../../lib/analysis');

let state = 7;
const below = (limit: number): number => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 4_294_967_296) * limit);
};
const pick = <T>(list: readonly T[]): T => list[below(list.length)];

const size = Number(pods);
const spaces = Array.from({ length: Math.ceil(size / 100) }, (_, index) => `team-${index}`);
const tiers = ['edge', 'api', 'data', 'batch'];
const each = labels === 'adverse' ? 1 : 3;
const apps = Array.from({ length: Math.ceil(100 / each) }, (_, index) => `app-${index}`);
const meta = (name: string, namespace?: string, own?: JsonObject): JsonObject => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  ...(own === undefined ? {} : { labels: own }),
});

const objects: JsonObject[] = spaces.map((name, index) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: meta(name, undefined, { stage: index % 3 === 0 ? 'test' : 'live' }),
}));
for (let index = 0; index < size; index += 1) {
  const app = apps[Math.floor((index % 100) / each)];
  const own = { app, tier: tiers[Math.floor((index % 100) / each) % 4], release: `r${index % 7}`, pod: `p${index}` };
  const ports = [{ name: 'web', containerPort: Math.floor((index % 100) / each) % 2 === 0 ? 8080 : 8443 }];
  objects.push({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta(`w${index}`, spaces[Math.floor(index / 100)]),
    spec: { template: { metadata: { labels: own }, spec: { containers: [{ name: 'main', ports }] } } },
  });
}
const peerOf = (): JsonObject =>
  pick<() => JsonObject>([
    () => ({ podSelector: { matchLabels: { app: pick(apps) } } }),
    () => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': pick(spaces) } },
      podSelector: { matchLabels: { app: pick(apps) } },
    }),
    () => ({
      namespaceSelector: { matchExpressions: [{ key: 'stage', operator: 'NotIn', values: ['test'] }] },
      podSelector: { matchLabels: { tier: pick(tiers) } },
    }),
    () => ({ ipBlock: { cidr: `10.${below(250)}.0.0/16` } }),
  ])();
const portOf = (): JsonObject =>
  pick<JsonObject>([
    { port: 8080 },
    { port: 8443 },
    { port: 'web' },
    { protocol: 'UDP', port: 53 },
    { port: 9000, endPort: 9100 },
    { port: 443 },
  ]);
for (let index = 0; index < Number(policies); index += 1) {
  const rule = (end: string): JsonObject => ({ [end]: [peerOf(), peerOf()], ports: [portOf(), portOf()] });
  const isDefault = index < spaces.length;
  const spec: JsonObject = isDefault
    ? { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }
    : {
        podSelector: { matchLabels: pick<() => JsonObject>([() => ({ app: pick(apps) }), () => ({ tier: pick(tiers) })])() },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [rule('from')],
        egress: [rule('to')],
      };
  objects.push({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: meta(`p${index}`, isDefault ? spaces[index] : pick(spaces)),
    spec,
  });
}

const { reach, workloads } = new Network(inventoryOf({ manifests: objects }), 'calico');
const { classes } = reach.index;
let pairs = 0;
const seen = new Set<string>();
for (const { source, targets, ports } of reach.rows('sure')) {
  let count = 0;
  targets.each((target) => {
    count += classes[target].members.length;
  });
  pairs += count * classes[source].members.length;
  seen.add(portWords(ports).join());
}
console.log(
  `${workloads.length} workloads in ${classes.length} classes, ${policies} policies: ${pairs} open pairs and ports, ${seen.size} sets of ports`,
);
