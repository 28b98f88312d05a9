import type { Inventory, KubernetesObject } from '../../inventory/model';
import { podTemplates } from '../../inventory/pod-templates';
import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { control, fail, pass, type Subjects } from '../control';
import { pod } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';

interface Tenancy {
  /** Undefined where whoever applies the objects decides it. */
  readonly namespace: string | undefined;
  readonly policies: readonly JsonObject[];
}

const SYSTEM = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Every namespace that the inventory declares or puts pods into, once, on its Namespace object where there is one. */
const namespaces: Subjects<Tenancy> = {
  description: 'namespaces',
  *select(inventory) {
    const policies = policiesByNamespace(inventory);
    const seen = new Set<string | undefined>(SYSTEM);
    const subject = (resource: KubernetesObject, namespace: string | undefined) => {
      seen.add(namespace);
      return { resource, value: { namespace, policies: policies.get(namespace) ?? [] } };
    };
    for (const resource of inventory.ofKind('Namespace')) if (!seen.has(resource.name)) yield subject(resource, resource.name);
    for (const { object } of podTemplates(inventory)) if (!seen.has(object.namespace)) yield subject(object, object.namespace);
  },
};

/** Specs of the policies that select every pod of their namespace. */
function policiesByNamespace(inventory: Inventory): Map<string | undefined, JsonObject[]> {
  const found = new Map<string | undefined, JsonObject[]>();
  for (const { namespace, object } of inventory.ofKind('NetworkPolicy')) {
    const spec = child(object, 'spec');
    if (!isJsonObject(spec.podSelector) || !isEmpty(spec.podSelector)) continue;
    const list = found.get(namespace);
    if (list === undefined) found.set(namespace, [spec]);
    else list.push(spec);
  }
  return found;
}

const DIRECTIONS = [
  { type: 'Ingress', rules: 'ingress', peers: 'from' },
  { type: 'Egress', rules: 'egress', peers: 'to' },
] as const;
type Direction = (typeof DIRECTIONS)[number];

/** The API server's default: Ingress always, Egress where egress rules stand. */
function covers(spec: JsonObject, { type, rules }: Direction): boolean {
  if (Array.isArray(spec.policyTypes) && spec.policyTypes.length > 0) return spec.policyTypes.includes(type);
  return type === 'Ingress' || (Array.isArray(spec[rules]) && spec[rules].length > 0);
}

/** Policies add up, so one rule without ports that names everybody undoes the denial of all others. */
function opensAll(spec: JsonObject, direction: Direction): boolean {
  const rules = spec[direction.rules];
  if (!covers(spec, direction) || !Array.isArray(rules)) return false;
  return rules.some((rule) => {
    if (!isJsonObject(rule)) return true;
    const peers = rule[direction.peers];
    if (Array.isArray(rule.ports) && rule.ports.length > 0) return false;
    return !Array.isArray(peers) || peers.length === 0 || peers.some(isEverybody);
  });
}

function isEverybody(peer: Json): boolean {
  if (!isJsonObject(peer)) return false;
  const { cidr, except } = child(peer, 'ipBlock');
  if (cidr === '0.0.0.0/0' || cidr === '::/0') return !Array.isArray(except) || except.length === 0;
  return isJsonObject(peer.namespaceSelector) && isEmpty(peer.namespaceSelector) && isEmpty(child(peer, 'podSelector'));
}

/** An empty selector selects everything. */
function isEmpty(selector: JsonObject): boolean {
  return Object.values(selector).every(
    (part) => part === null || (isJsonObject(part) ? Object.keys(part).length === 0 : Array.isArray(part) && part.length === 0),
  );
}

const policy = (spec: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: 'shop' },
  spec,
});
const namespace: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

export const defaultDeny = control({
  id: 'K-NET-02',
  title: 'namespaces deny traffic in both directions by default',
  because: 'without it every pod of the cluster reaches every other, and a hijacked one reaches the internet',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'namespace',
  carrier: 'platform-team',
  threats: ['workload-attack'],
  subjects: namespaces,
  judge: ({ namespace: name, policies }) => {
    const where = name === undefined ? 'the namespace that the objects are applied to' : `the namespace '${name}'`;
    const said: string[] = [];
    for (const direction of DIRECTIONS) {
      const word = direction.rules;
      if (!policies.some((spec) => covers(spec, direction))) said.push(`no NetworkPolicy denies ${word} of all pods`);
      else if (policies.some((spec) => opensAll(spec, direction))) said.push(`a NetworkPolicy of all pods allows all ${word}`);
    }
    return said.length === 0 ? pass : fail(`in ${where} ${said.join(' and ')}, both directions must be denied by default`, 'metadata.name');
  },
  remedy: 'add a NetworkPolicy with an empty podSelector, policyTypes [Ingress, Egress] and no rules, and open what is needed with others',
  references: {
    cisEks: ['4.3.2', '5.4.4'],
    cisKubernetes: ['5.3.2'],
    nsa: ['network'],
    scanners: { kubescape: ['C-0030', 'C-0206'], polaris: ['missingNetworkPolicy'] },
  },
  examples: {
    holds: [
      {
        name: 'name lookups are open, nothing else',
        manifests: [
          namespace,
          policy({
            podSelector: {},
            policyTypes: ['Ingress', 'Egress'],
            egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: 'UDP' }] }],
          }),
        ],
      },
      { manifests: [namespace, policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })] },
      {
        manifests: [
          pod(),
          policy({ podSelector: {}, policyTypes: ['Ingress'] }),
          policy({ podSelector: { matchLabels: {} }, policyTypes: ['Egress'], egress: [] }),
        ],
      },
    ],
    breaks: [
      { manifests: [namespace] },
      { name: 'no namespace said', manifests: [pod({}, { namespace: null })] },
      { manifests: [pod()] },
      {
        name: 'a second policy opens what the first denies',
        manifests: [
          namespace,
          policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
          policy({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }),
        ],
      },
      { name: 'policyTypes default to Ingress', manifests: [namespace, policy({ podSelector: {} })] },
      {
        name: 'a rule that allows everything',
        manifests: [namespace, policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{}] })],
      },
      {
        name: 'only some pods',
        manifests: [namespace, policy({ podSelector: { matchLabels: { app: 'a' } }, policyTypes: ['Ingress', 'Egress'] })],
      },
    ],
  },
});
