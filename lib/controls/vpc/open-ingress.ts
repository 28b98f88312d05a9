import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { control, fail, pass, undecided } from '../control';
import { Severity } from '../severity';
import { getAtt, ref, resource, setting, template } from '../template-examples';
import { listAt } from '../template-values';
import { ingressRules, opensTo, portsOf, protocolOf, shownPorts } from './rules';

const WEB = [80, 443];

/** A group that a load balancer of ours carries. */
function isForLoadBalancer(inventory: Inventory, group: CloudFormationResource | undefined): boolean {
  const balancers = [
    ...inventory.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer'),
    ...inventory.ofType('AWS::ElasticLoadBalancing::LoadBalancer'),
  ];
  return (
    group !== undefined &&
    balancers.some((balancer) => listAt(balancer.properties, 'SecurityGroups').some((candidate) => inventory.find(candidate) === group))
  );
}

const group = (...rules: object[]) =>
  resource('AWS::EC2::SecurityGroup', {
    GroupDescription: 'g',
    SecurityGroupIngress: rules.map((rule) => ({ IpProtocol: 'tcp', ...rule })),
  });
const list = (Cidr: string) => resource('AWS::EC2::PrefixList', { AddressFamily: 'IPv4', MaxEntries: 1, Entries: [{ Cidr }] });
const balancer = resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { SecurityGroups: [getAtt('Group', 'GroupId')] });

export const openIngress = control({
  id: 'A-VPC-03',
  title: "nothing but a load balancer's web ports is open to every address",
  because: 'scanners find an open port within minutes, and the next flaw of what listens there is theirs',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack', 'control-plane-attack'],
  subjects: ingressRules,
  judge: ({ rules, group }, { inventory }) => {
    let unseen: string | undefined;
    for (const { rule, at } of rules) {
      const open = opensTo(inventory, rule, 'Source');
      if (open === undefined) continue;
      const ports = portsOf(rule);
      const web = ports !== 'unknown' && ports.from === ports.to && WEB.includes(ports.from) && protocolOf(rule) === 'tcp';
      if (web && isForLoadBalancer(inventory, group)) continue;
      if (open !== 'unknown') return fail(`${shownPorts(rule)} is open to ${open}`, at);
      unseen ??= at;
    }
    return unseen === undefined ? pass : undecided('a range is decided at deployment', unseen);
  },
  remedy: 'name the source group, a prefix list or the ranges of your clients; only a load balancer takes 443 and 80 from everywhere',
  references: {
    fsbp: ['EC2.18', 'EC2.19'],
    scanners: {
      'control-tower': ['CT.EC2.PR.3'],
      'cdk-nag': ['AwsSolutions-EC23'],
      checkov: ['CKV_AWS_260', 'CKV_AWS_24', 'CKV_AWS_25'],
      trivy: ['AVD-AWS-0107'],
    },
  },
  examples: {
    holds: [
      template({ Group: group({ CidrIp: '10.0.0.0/8', FromPort: 443, ToPort: 443 }) }),
      template({ Group: group({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }), Balancer: balancer }),
      template({ Group: group({ CidrIp: '0.0.0.0/0', FromPort: '443', ToPort: '443' }), Balancer: balancer }),
      template({ Vpc: resource('AWS::EC2::VPC'), Group: group({ CidrIp: getAtt('Vpc', 'CidrBlock'), FromPort: 443, ToPort: 443 }) }),
    ],
    breaks: [
      template({ Group: group({ CidrIp: '0.0.0.0/0', FromPort: 22, ToPort: 22 }) }),
      template({ Group: group({ CidrIpv6: '::/0', IpProtocol: '-1' }) }),
      template({ Group: group({ CidrIp: '0.0.0.0/0', FromPort: 80, ToPort: 443 }), Balancer: balancer }),
      template({
        List: list('0.0.0.0/0'),
        Group: group({ SourcePrefixListId: getAtt('List', 'PrefixListId'), FromPort: 5432, ToPort: 5432 }),
      }),
      template({ Group: group({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }) }),
      template({
        Group: group(),
        Rule: resource('AWS::EC2::SecurityGroupIngress', {
          GroupId: getAtt('Group', 'GroupId'),
          IpProtocol: 'tcp',
          FromPort: 0,
          ToPort: 65535,
          CidrIp: '0.0.0.0/0',
        }),
      }),
    ],
    undecided: [
      template({ Group: group({ CidrIp: setting, FromPort: 443, ToPort: 443 }) }),
      template({ Group: group({ CidrIp: ref('Setting'), FromPort: 22, ToPort: 22 }) }),
      template({ Group: group({ SourcePrefixListId: 'pl-1', FromPort: 443, ToPort: 443 }) }),
    ],
  },
});
