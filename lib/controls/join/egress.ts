import type { Inventory, KubernetesObject } from '../../inventory/model';
import type { PodTemplate } from '../../inventory/pod-templates';
import { selects } from '../../inventory/selectors';
import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { child } from '../pod-template';

/** Egress policies that select a pod: the API server adds Egress to policyTypes only where egress rules stand. */
export function egressPolicies(inventory: Inventory, pod: PodTemplate): readonly KubernetesObject[] {
  return inventory.ofKind('NetworkPolicy').filter((policy) => {
    const spec = child(policy.object, 'spec');
    const types = Array.isArray(spec.policyTypes)
      ? spec.policyTypes
      : spec.egress === undefined || spec.egress === null
        ? ['Ingress']
        : ['Ingress', 'Egress'];
    // A missing podSelector is read as an empty one, which selects every pod of the namespace.
    return policy.namespace === pod.object.namespace && types.includes('Egress') && selects(spec.podSelector ?? {}, pod.metadata.labels);
  });
}

/** True when one of the policies lets a pod open TCP `port` to an address that `covers` accepts. */
export function allowsEgress(policies: readonly KubernetesObject[], port: number, covers: (block: JsonObject) => boolean): boolean {
  return policies.some((policy) => {
    const rules = child(policy.object, 'spec').egress;
    return Array.isArray(rules) && rules.filter(isJsonObject).some((rule) => portMatches(rule.ports, port) && peerMatches(rule.to, covers));
  });
}

function portMatches(ports: Json | undefined, port: number): boolean {
  if (!Array.isArray(ports) || ports.length === 0) return true;
  return ports.filter(isJsonObject).some((entry) => {
    if (entry.protocol !== undefined && entry.protocol !== 'TCP') return false;
    if (entry.port === undefined || entry.port === null) return true;
    const from = Number(entry.port);
    const to = typeof entry.endPort === 'number' ? entry.endPort : from;
    return port >= from && port <= to;
  });
}

function peerMatches(peers: Json | undefined, covers: (block: JsonObject) => boolean): boolean {
  if (!Array.isArray(peers) || peers.length === 0) return true;
  return peers.filter(isJsonObject).some((peer) => isJsonObject(peer.ipBlock) && covers(peer.ipBlock));
}

function number(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** True when an IPv4 block holds an address, its exceptions left out. */
export function holds(block: JsonObject, address: string): boolean {
  const inside = (cidr: Json | undefined): boolean => {
    if (typeof cidr !== 'string' || !/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(cidr)) return false;
    const [base, bits] = cidr.split('/');
    const size = 2 ** (32 - Number(bits));
    return Math.floor(number(base) / size) === Math.floor(number(address) / size);
  };
  return inside(block.cidr) && !(Array.isArray(block.except) && block.except.some(inside));
}
