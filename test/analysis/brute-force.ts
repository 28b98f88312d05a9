import { isIPv4 } from 'node:net';
import type { JsonObject } from '../../lib/inventory';

/**
 * Says of one connection whether it is allowed, straight from the text of the specification: no classes, no sets, no code of the library. A policy is
 * asked anew for every pair of pods, every protocol and every port.
 */

/** A pod with what the evaluator has to be told. */
export interface BrutePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly hostNetwork: boolean;
  readonly ports: readonly { readonly name?: string; readonly protocol: string; readonly containerPort: number }[];
  /** Addresses that it may have; more than one where that is not known. */
  readonly addresses: readonly string[];
  readonly held: 'yes' | 'no' | 'unknown';
  /** Whether it is one pod, so that the pair with itself is no connection. */
  readonly single: boolean;
}

export interface BruteWorld {
  readonly pods: readonly BrutePod[];
  readonly namespaces: { readonly [name: string]: { readonly [key: string]: string } };
  readonly policies: readonly JsonObject[];
  readonly cni?: string;
}

export type Answer = 'allowed' | 'unenforced' | 'undecided' | 'denied';

type Three = 'yes' | 'no' | 'maybe';
const worst = (a: Three, b: Three): Three => (a === 'no' || b === 'no' ? 'no' : a === 'maybe' || b === 'maybe' ? 'maybe' : 'yes');
const best = (a: Three, b: Three): Three => (a === 'yes' || b === 'yes' ? 'yes' : a === 'maybe' || b === 'maybe' ? 'maybe' : 'no');

export function ask(world: BruteWorld, from: BrutePod, to: BrutePod, protocol: string, port: number): Answer {
  if (from === to && from.single) return 'allowed';
  const out = half(world, 'egress', from, to, protocol, port);
  const into = half(world, 'ingress', to, from, protocol, port);
  const certain = worst(out, into);
  if (certain === 'yes') return 'allowed';
  // The same with policies away that nothing enforces, then also with those away of which nobody knows.
  const without = (held: readonly string[]): Three => worst(held.includes(from.held) ? 'yes' : out, held.includes(to.held) ? 'yes' : into);
  if (without(['no']) === 'yes') return 'unenforced';
  return without(['no', 'unknown']) === 'no' ? 'denied' : 'undecided';
}

function half(world: BruteWorld, direction: 'ingress' | 'egress', held: BrutePod, peer: BrutePod, protocol: string, port: number): Three {
  if (held.hostNetwork) return 'yes';
  const policies = world.policies.filter((policy) => {
    const { namespace } = policy.metadata as JsonObject;
    const spec = policy.spec as JsonObject;
    const types = (spec.policyTypes as string[] | undefined) ?? [];
    const egress = (spec.egress as unknown[] | null | undefined) ?? [];
    const holds =
      types.length > 0 ? types.includes(direction === 'ingress' ? 'Ingress' : 'Egress') : direction === 'ingress' || egress.length > 0;
    return holds && namespace === held.namespace && selected(spec.podSelector as JsonObject | undefined, held.labels);
  });
  if (policies.length === 0) return 'yes';
  // Traffic between a node and the pods on it is never held.
  if (direction === 'ingress' && peer.hostNetwork) return 'yes';
  let answer: Three = 'no';
  for (const policy of policies) {
    const spec = policy.spec as JsonObject;
    for (const rule of ((spec[direction] as JsonObject[] | null | undefined) ?? []) as JsonObject[]) {
      const peers = ((rule[direction === 'ingress' ? 'from' : 'to'] as JsonObject[] | null | undefined) ?? []) as JsonObject[];
      const ports = ((rule.ports as JsonObject[] | null | undefined) ?? []) as JsonObject[];
      const destination = direction === 'ingress' ? held : peer;
      if (ports.length > 0 && !ports.some((one) => isPort(one, destination, protocol, port))) continue;
      if (peers.length === 0) return 'yes';
      const namespace = String((policy.metadata as JsonObject).namespace);
      for (const one of peers) if (one.ipBlock === undefined && isPod(world, one, namespace, peer)) return 'yes';
      answer = best(
        answer,
        inBlocks(
          world,
          peers.filter((one) => one.ipBlock !== undefined),
          peer,
        ),
      );
    }
  }
  return answer;
}

function isPort(one: JsonObject, destination: BrutePod, protocol: string, port: number): boolean {
  if ((one.protocol ?? 'TCP') !== protocol) return false;
  if (one.port === undefined || one.port === null) return true;
  if (typeof one.port === 'string')
    return destination.ports.some(
      ({ name, protocol: own, containerPort }) => name === one.port && own === protocol && containerPort === port,
    );
  return port >= Number(one.port) && port <= Number(one.endPort ?? one.port);
}

function isPod(world: BruteWorld, peer: JsonObject, namespace: string, pod: BrutePod): boolean {
  if (pod.hostNetwork) return false;
  const inNamespace =
    peer.namespaceSelector === undefined
      ? pod.namespace === namespace
      : selected(peer.namespaceSelector as JsonObject, {
          ...world.namespaces[pod.namespace],
          'kubernetes.io/metadata.name': pod.namespace,
        });
  return inNamespace && selected(peer.podSelector as JsonObject | undefined, pod.labels);
}

function inBlocks(world: BruteWorld, peers: readonly JsonObject[], pod: BrutePod): Three {
  if (world.cni === 'cilium' || peers.length === 0) return 'no';
  const inside = pod.addresses.filter((address) =>
    peers.some(({ ipBlock }) => {
      const { cidr, except = [] } = ipBlock as { cidr: string; except?: string[] };
      return isIn(address, cidr) && !except.some((part) => isIn(address, part));
    }),
  ).length;
  if (inside === 0) return 'no';
  return inside === pod.addresses.length && world.cni !== undefined ? 'yes' : 'maybe';
}

function isIn(address: string, cidr: string): boolean {
  const [base, length] = cidr.split('/');
  if (isIPv4(address) !== isIPv4(base)) return false;
  return binary(address).slice(0, Number(length)) === binary(base).slice(0, Number(length));
}

function binary(address: string): string {
  if (isIPv4(address))
    return address
      .split('.')
      .map((octet) => Number(octet).toString(2).padStart(8, '0'))
      .join('');
  const [left, right] = address.split('::').map((side) => side.split(':').filter((word) => word !== ''));
  const zeros = right === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...(right ?? [])].map((word) => Number.parseInt(word, 16).toString(2).padStart(16, '0')).join('');
}

function selected(selector: JsonObject | null | undefined, labels: { readonly [key: string]: string }): boolean {
  if (selector === undefined || selector === null) return true;
  const { matchLabels = {}, matchExpressions = [] } = selector as {
    matchLabels?: { [key: string]: string };
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
  };
  for (const [key, value] of Object.entries(matchLabels)) if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of matchExpressions) {
    const value = labels[key] as string | undefined;
    if (operator === 'In' && (value === undefined || !values.includes(value))) return false;
    if (operator === 'NotIn' && value !== undefined && values.includes(value)) return false;
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
  }
  return true;
}
