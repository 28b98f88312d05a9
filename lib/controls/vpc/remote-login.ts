import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isObject, isOpen, type ValueObject } from '../../inventory/value';
import { control, fail, pass, type Subjects, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { ref, resource, setting, template } from '../template-examples';
import { isTrue, numberOf } from '../template-values';
import { isEverywhere } from './routes';
import { ingressRules, opensTo, portsOf, protocolOf, type Rules, shownPorts } from './rules';

/** Secure shell and remote desktop. */
const LOGIN = [22, 3389];

interface Entry {
  readonly entry: CloudFormationResource;
}
const subjects: Subjects<Rules | Entry> = {
  description: 'security group ingress rules and AWS::EC2::NetworkAclEntry',
  *select(inventory) {
    yield* ingressRules.select(inventory);
    for (const resource of inventory.ofType('AWS::EC2::NetworkAclEntry'))
      if (!isTrue(resource.properties.Egress)) yield { resource, value: { entry: resource } };
  },
};

/** The login ports that a rule reaches, `unknown` where deployment decides them. */
function reached(rule: ValueObject): readonly number[] | 'unknown' {
  if (!['tcp', 'udp', 'all'].includes(protocolOf(rule))) return isOpen(rule.IpProtocol) ? 'unknown' : [];
  const ports = portsOf(rule);
  return ports === 'unknown' ? 'unknown' : LOGIN.filter((port) => port >= ports.from && port <= ports.to);
}

function judgeRules({ rules }: Rules, inventory: Inventory): Verdict {
  let unseen: string | undefined;
  for (const { rule, at } of rules) {
    const open = opensTo(inventory, rule, 'Source');
    const ports = reached(rule);
    if (open === undefined || ports.length === 0) continue;
    if (open !== 'unknown' && ports !== 'unknown') return fail(`port ${ports.join(' and ')} is open to ${open}`, at);
    unseen ??= at;
  }
  return unseen === undefined ? pass : undecided('who may log in is decided at deployment', unseen);
}

const isAllow = ({ RuleAction: action }: ValueObject): boolean => String(action).toLowerCase() === 'allow';
const asRule = ({ Protocol, PortRange }: ValueObject): ValueObject => ({
  Protocol,
  ...(isObject(PortRange) ? { FromPort: PortRange.From, ToPort: PortRange.To } : {}),
});

/** An entry counts where no earlier one of its list denies the port to everywhere. */
function judgeEntry(entry: CloudFormationResource, inventory: Inventory): Verdict {
  const { properties } = entry;
  const range = [properties.CidrBlock, properties.Ipv6CidrBlock].find(isEverywhere);
  if (!isAllow(properties) || range === undefined) return pass;
  const ports = reached(asRule(properties));
  if (ports === 'unknown') return undecided('the ports of the entry are decided at deployment', 'Properties.PortRange');
  const earlier = inventory.ofType('AWS::EC2::NetworkAclEntry').filter(({ properties: other }) => {
    const same =
      inventory.find(other.NetworkAclId) === inventory.find(properties.NetworkAclId) && inventory.find(other.NetworkAclId) !== undefined;
    const before = (numberOf(other.RuleNumber) ?? Number.POSITIVE_INFINITY) < (numberOf(properties.RuleNumber) ?? 0);
    return same && before && !isTrue(other.Egress) && !isAllow(other) && [other.CidrBlock, other.Ipv6CidrBlock].includes(range);
  });
  const open = ports.filter((port) => {
    return !earlier.some(({ properties: other }) => {
      const denied = reached(asRule(other));
      return denied !== 'unknown' && denied.includes(port) && (protocolOf(other) === 'all' || protocolOf(other) === protocolOf(properties));
    });
  });
  return open.length === 0
    ? pass
    : fail(
        `the network ACL lets ${range} through to port ${open.join(' and ')} (${shownPorts(asRule(properties))})`,
        'Properties.CidrBlock',
      );
}

const group = (...rules: object[]) =>
  template({
    Group: resource('AWS::EC2::SecurityGroup', {
      GroupDescription: 'g',
      SecurityGroupIngress: rules.map((rule) => ({ IpProtocol: 'tcp', ...rule })),
    }),
  });
const acl = (...entries: object[]) =>
  template({
    Acl: resource('AWS::EC2::NetworkAcl', { VpcId: 'vpc-1' }),
    ...Object.fromEntries(
      entries.map((entry, index) => [
        `Entry${index}`,
        resource('AWS::EC2::NetworkAclEntry', {
          NetworkAclId: ref('Acl'),
          CidrBlock: '0.0.0.0/0',
          Protocol: 6,
          RuleAction: 'allow',
          RuleNumber: 100 + index,
          ...entry,
        }),
      ]),
    ),
  });

export const remoteLogin = control({
  id: 'A-VPC-04',
  title: 'nobody logs in from everywhere',
  because: 'ports of remote shells and desktops are tried with leaked passwords and keys all day',
  severity: Severity.CRITICAL,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['credential-leak', 'workload-attack'],
  subjects,
  judge: (subject: Rules | Entry, { inventory }) =>
    'entry' in subject ? judgeEntry(subject.entry, inventory) : judgeRules(subject, inventory),
  remedy: 'leave ports 22 and 3389 out of every rule with an open range; a maintenance host by Session Manager needs none',
  references: {
    fsbp: ['EC2.13', 'EC2.14', 'EC2.21'],
    scanners: {
      checkov: ['CKV_AWS_24', 'CKV_AWS_25', 'CKV_AWS_231', 'CKV_AWS_232'],
      trivy: ['AVD-AWS-0105', 'AVD-AWS-0107'],
      'cdk-nag': ['AwsSolutions-EC23'],
      'control-tower': ['CT.EC2.PR.5'],
    },
  },
  examples: {
    holds: [
      group({ CidrIp: '10.0.0.0/8', FromPort: 22, ToPort: 22 }),
      group({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }),
      group({ CidrIp: '0.0.0.0/0', IpProtocol: 'icmp', FromPort: -1, ToPort: -1 }),
      acl({ PortRange: { From: 1024, To: 3388 } }),
      acl({ PortRange: { From: 22, To: 22 }, RuleAction: 'deny' }, { PortRange: { From: 0, To: 3388 } }),
      acl({ PortRange: { From: 22, To: 22 }, Egress: true }, { PortRange: { From: 443, To: 443 } }),
    ],
    breaks: [
      group({ CidrIp: '0.0.0.0/0', FromPort: 22, ToPort: 22 }),
      group({ CidrIp: '0.0.0.0/0', FromPort: '0', ToPort: '1024' }),
      group({ CidrIpv6: '::/0', IpProtocol: '-1' }),
      group({ CidrIp: '0.0.0.0/0', IpProtocol: 'udp', FromPort: 3389, ToPort: 3389 }),
      acl({ PortRange: { From: 22, To: 22 } }),
      acl({ Protocol: -1 }),
      acl({ PortRange: { From: 0, To: 65535 } }, { PortRange: { From: 22, To: 22 }, RuleAction: 'deny' }),
    ],
    undecided: [
      group({ CidrIp: setting, FromPort: 22, ToPort: 22 }),
      group({ SourcePrefixListId: 'pl-1', FromPort: 22, ToPort: 22 }),
      group({ CidrIp: '0.0.0.0/0', FromPort: setting, ToPort: setting }),
    ],
  },
});
