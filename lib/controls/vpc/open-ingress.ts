import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isObject, type ValueObject } from '../../inventory/value';
import { control, fail, pass, type Subjects, undecided } from '../control';
import { Severity } from '../severity';
import { getAtt, ref, resource, setting, template } from '../template-examples';
import { isUnknown, listAt } from '../template-values';

interface Rules {
  readonly rules: readonly { readonly rule: ValueObject; readonly at: string }[];
  readonly group?: CloudFormationResource;
}

/** Ingress rules, inline in a group and of their own. */
const ingress: Subjects<Rules> = {
  description: 'security group ingress rules',
  *select(inventory) {
    for (const group of inventory.ofType('AWS::EC2::SecurityGroup')) {
      const rules = listAt(group.properties, 'SecurityGroupIngress')
        .filter(isObject)
        .map((rule, index) => ({ rule, at: `Properties.SecurityGroupIngress[${index}]` }));
      yield { resource: group, value: { rules, group } };
    }
    for (const resource of inventory.ofType('AWS::EC2::SecurityGroupIngress')) {
      yield {
        resource,
        value: { rules: [{ rule: resource.properties, at: 'Properties' }], group: inventory.find(resource.properties.GroupId) },
      };
    }
  },
};

const OPEN = new Set<unknown>(['0.0.0.0/0', '::/0']);
const WEB = new Set<unknown>([80, 443]);

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
  subjects: ingress,
  judge: ({ rules, group }, { inventory }) => {
    for (const { rule, at } of rules) {
      const range = [rule.CidrIp, rule.CidrIpv6].find((cidr) => OPEN.has(cidr));
      if (range === undefined) continue;
      if (WEB.has(rule.FromPort) && rule.ToPort === rule.FromPort && isForLoadBalancer(inventory, group)) continue;
      const ports =
        rule.IpProtocol === '-1' || rule.IpProtocol === -1
          ? 'every port'
          : `port ${rule.FromPort ?? 'any'}${rule.ToPort === rule.FromPort ? '' : ` to ${rule.ToPort ?? 'any'}`}`;
      return fail(`${ports} is open to ${range}`, at);
    }
    const open = rules.find(({ rule }) => isUnknown(rule.CidrIp) || isUnknown(rule.CidrIpv6));
    // The range of a VPC is decided at deployment and never everything.
    const vpcRange = open !== undefined && String(open.rule.CidrIp ?? '').includes('.CidrBlock');
    return open === undefined || vpcRange ? pass : undecided('a range is decided at deployment', open.at);
  },
  remedy: 'name the source group, a prefix list or the ranges of your clients; only a load balancer takes 443 and 80 from everywhere',
  references: {
    fsbp: ['EC2.18', 'EC2.19'],
    scanners: { 'cdk-nag': ['AwsSolutions-EC23'], checkov: ['CKV_AWS_260', 'CKV_AWS_24', 'CKV_AWS_25'], trivy: ['AVD-AWS-0107'] },
  },
  examples: {
    holds: [
      template({ Group: group({ CidrIp: '10.0.0.0/8', FromPort: 443, ToPort: 443 }) }),
      template({ Group: group({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }), Balancer: balancer }),
    ],
    breaks: [
      template({ Group: group({ CidrIp: '0.0.0.0/0', FromPort: 22, ToPort: 22 }) }),
      template({ Group: group({ CidrIpv6: '::/0', IpProtocol: '-1' }) }),
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
    ],
  },
});
