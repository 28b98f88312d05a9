import type { ValueObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { Severity } from '../severity';
import { getAtt, resource, setting, template } from '../template-examples';
import { textOf } from '../template-values';
import { egressRules, opensTo, portsOf, protocolOf, type Rules, shownPorts } from './rules';

/** A connection that somebody named: TLS to addresses that nobody can list, with a word on what for. */
function isNamed(rule: ValueObject): boolean {
  const ports = portsOf(rule);
  const description = textOf(rule.Description) ?? '';
  return protocolOf(rule) === 'tcp' && ports !== 'unknown' && ports.from === 443 && ports.to === 443 && description.trim() !== '';
}

const group = (properties: object = {}) => resource('AWS::EC2::SecurityGroup', { GroupDescription: 'g', ...properties });
const out = (...rules: object[]) =>
  template({ Group: group({ SecurityGroupEgress: rules.map((rule) => ({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...rule })) }) });
const rule = (properties: object) =>
  resource('AWS::EC2::SecurityGroupEgress', { GroupId: getAtt('Group', 'GroupId'), IpProtocol: '-1', ...properties });

/** EC2 lets everything out of a group that names no egress rule at all. */
export const openEgress = control({
  id: 'A-VPC-05',
  title: 'security groups let out what is named, not everything',
  because: 'stolen data and the commands of whoever stole it leave and enter by connections that go out',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: egressRules,
  judge: ({ rules, group, inline }: Rules, { inventory }) => {
    if (inline && rules.length === 0 && group !== undefined) {
      if (group.properties.SecurityGroupEgress !== undefined && !Array.isArray(group.properties.SecurityGroupEgress))
        return undecided('the egress rules of the group are decided at deployment', 'Properties.SecurityGroupEgress');
      const own = inventory.ofType('AWS::EC2::SecurityGroupEgress').some((other) => inventory.find(other.properties.GroupId) === group);
      return own ? pass : fail('the group names no egress rule, so everything goes out', 'Properties.SecurityGroupEgress');
    }
    let unseen: string | undefined;
    for (const { rule, at } of rules) {
      const open = opensTo(inventory, rule, 'Destination');
      // A prefix list that is not here is one of a service, which is a name.
      if (open === undefined || isNamed(rule) || (open === 'unknown' && rule.DestinationPrefixListId !== undefined)) continue;
      if (open !== 'unknown') return fail(`${shownPorts(rule)} goes out to ${open}`, at);
      unseen ??= at;
    }
    return unseen === undefined ? pass : undecided('a destination is decided at deployment', unseen);
  },
  remedy:
    'name groups, prefix lists or ranges in egress rules; where a destination has no fixed address, TCP 443 with a Description of what for',
  references: { scanners: { checkov: ['CKV_AWS_382'], trivy: ['AVD-AWS-0104'] } },
  examples: {
    holds: [
      out({ DestinationSecurityGroupId: 'sg-1' }),
      out({ CidrIp: '0.0.0.0/0', Description: 'https: images outside AWS' }),
      // What aws-cdk-lib writes for a group that lets nothing out.
      out({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 }),
      out({ DestinationPrefixListId: 'pl-1' }),
      template({ Group: group(), Rule: rule({ CidrIp: '10.0.0.0/8' }) }),
    ],
    breaks: [
      out({ CidrIp: '0.0.0.0/0', IpProtocol: '-1', Description: 'Allow all outbound traffic by default' }),
      out({ CidrIpv6: '::/0', FromPort: 0, ToPort: 65535 }),
      out({ CidrIp: '0.0.0.0/0' }),
      template({ Group: group() }),
      template({ Group: group(), Rule: rule({ CidrIp: '0.0.0.0/0' }) }),
    ],
    undecided: [out({ CidrIp: setting }), template({ Group: group({ SecurityGroupEgress: setting }) })],
  },
});
