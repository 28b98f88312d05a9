import { listOf } from '../../inventory/join';
import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isObject, isOpen, Unknown, type Value, type ValueObject } from '../../inventory/value';
import type { Subjects } from '../control';
import { numberOf } from '../template-values';
import { isEverywhere } from './routes';

/** One rule of a security group, and where it stands in its resource. */
export interface Rule {
  readonly rule: ValueObject;
  readonly at: string;
}
export interface Rules {
  readonly rules: readonly Rule[];
  readonly group?: CloudFormationResource;
  /** The resource is the group itself, and not a rule of its own. */
  readonly inline: boolean;
}

function rulesOf(direction: 'Ingress' | 'Egress'): Subjects<Rules> {
  const property = `SecurityGroup${direction}`;
  return {
    description: `security group ${direction.toLowerCase()} rules`,
    *select(inventory) {
      for (const group of inventory.ofType('AWS::EC2::SecurityGroup')) {
        const rules = listOf(group.properties[property])
          .map((rule, index) => ({ rule, at: `Properties.${property}[${index}]` }))
          .filter((entry): entry is Rule => isObject(entry.rule));
        yield { resource: group, value: { rules, group, inline: true } };
      }
      for (const resource of inventory.ofType(`AWS::EC2::${property}`)) {
        const group = inventory.find(resource.properties.GroupId);
        yield { resource, value: { rules: [{ rule: resource.properties, at: 'Properties' }], group, inline: false } };
      }
    },
  };
}

/** Ingress rules, inline in a group and of their own. */
export const ingressRules = rulesOf('Ingress');
/** Egress rules, inline in a group and of their own. */
export const egressRules = rulesOf('Egress');

/** What a rule lets through by addresses: a range that is everywhere, as it is shown; `unknown` where that cannot be told; else undefined. */
export function opensTo(inventory: Inventory, rule: ValueObject, side: 'Source' | 'Destination'): string | 'unknown' | undefined {
  const ranges = [rule.CidrIp, rule.CidrIpv6];
  const wide = ranges.find(isEverywhere);
  if (wide !== undefined) return String(wide);
  const list = rule[`${side}PrefixListId`];
  if (list !== undefined) {
    const found = inventory.find(list);
    // A list of AWS names a service and never everything, but which one a literal id names is not in the template.
    if (found?.type !== 'AWS::EC2::PrefixList') return 'unknown';
    const entries = listOf(found.properties.Entries);
    const open = entries.map((entry) => (isObject(entry) ? entry.Cidr : entry)).find(isEverywhere);
    if (open !== undefined) return `${open} of ${found.logicalId}`;
    if (entries.some(isOpen)) return 'unknown';
  }
  return ranges.some(isUnseen) ? 'unknown' : undefined;
}

/** The range of a VPC or a subnet is decided at deployment too, and never everything. */
function isUnseen(range: Value | undefined): boolean {
  return isOpen(range) && (range instanceof Unknown || !/\.CidrBlock|\.Ipv6CidrBlocks/.test(String(range)));
}

/** IP protocols by which a port can be reached; -1 and `all` stand for every one. */
const NUMBERS: { readonly [protocol: string]: string } = { '6': 'tcp', '17': 'udp', '-1': 'all', all: 'all' };

/** `tcp`, `udp`, `all`, or what else is written. */
export function protocolOf(rule: ValueObject): string {
  const text = String(rule.IpProtocol ?? rule.Protocol ?? 'all').toLowerCase();
  return NUMBERS[text] ?? text;
}

/** The ports of a rule, every port where it names none. */
export function portsOf(rule: ValueObject): { readonly from: number; readonly to: number } | 'unknown' {
  if (protocolOf(rule) === 'all') return { from: 0, to: 65535 };
  if (isOpen(rule.FromPort) || isOpen(rule.ToPort)) return 'unknown';
  const from = numberOf(rule.FromPort) ?? 0;
  const to = numberOf(rule.ToPort) ?? (numberOf(rule.FromPort) === undefined ? 65535 : from);
  // -1 stands for every port.
  return from === -1 || to === -1 ? { from: 0, to: 65535 } : { from, to };
}

/** How a rule's ports are written in a message. */
export function shownPorts(rule: ValueObject): string {
  const ports = portsOf(rule);
  if (ports === 'unknown') return 'a port that deployment decides';
  if (ports.from === 0 && ports.to === 65535) return 'every port';
  return ports.from === ports.to ? `port ${ports.from}` : `port ${ports.from} to ${ports.to}`;
}
