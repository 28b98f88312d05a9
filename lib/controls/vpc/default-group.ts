import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isObject, isOpen, Reference, Text, type Value } from '../../inventory/value';
import { control, fail, pass, resources } from '../control';
import { Severity } from '../severity';
import { getAtt, ref, resource, template } from '../template-examples';
import { listAt } from '../template-values';

/** What takes the default group where it names none, with the properties by which it could name one and say where it stands. */
const SILENT: { readonly [type: string]: { readonly groups: readonly string[]; readonly subnets: readonly string[] } } = {
  'AWS::EC2::Instance': { groups: ['SecurityGroupIds', 'SecurityGroups', 'NetworkInterfaces', 'LaunchTemplate'], subnets: ['SubnetId'] },
  'AWS::EC2::NetworkInterface': { groups: ['GroupSet'], subnets: ['SubnetId'] },
  'AWS::EFS::MountTarget': { groups: ['SecurityGroups'], subnets: ['SubnetId'] },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { groups: ['SecurityGroups'], subnets: ['Subnets'] },
};

function mentions(value: Value, vpc: CloudFormationResource): boolean {
  if (value instanceof Reference)
    return value.stack === vpc.stack && value.logicalId === vpc.logicalId && value.attribute === 'DefaultSecurityGroup';
  if (value instanceof Text) return value.parts.some((part) => typeof part !== 'string' && mentions(part, vpc));
  if (Array.isArray(value)) return value.some((item) => mentions(item, vpc));
  return isObject(value) && !isOpen(value) && Object.values(value).some((item) => mentions(item, vpc));
}

/** The resource that uses the default group of a VPC; custom resources that close it are none. */
function user(inventory: Inventory, vpc: CloudFormationResource): CloudFormationResource | undefined {
  return inventory.cloudformation.find((resource) => {
    if (resource.type === 'Custom::VpcRestrictDefaultSG' || /^AWS::(IAM|Lambda)::/.test(resource.type)) return false;
    const silent = Object.hasOwn(SILENT, resource.type) ? SILENT[resource.type] : undefined;
    if (silent?.groups.every((group) => listAt(resource.properties, group).length === 0)) {
      const network = resource.properties.Type === 'network' && resource.type.endsWith('LoadBalancer');
      const inside = silent.subnets
        .flatMap((property) => listAt(resource.properties, property))
        .some((subnet) => inventory.find(inventory.find(subnet)?.properties.VpcId) === vpc);
      if (inside && !network) return true;
    }
    return mentions(resource.properties, vpc);
  });
}

const vpc = resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
const subnet = resource('AWS::EC2::Subnet', { VpcId: ref('Vpc') });

export const defaultGroup = control({
  id: 'A-VPC-08',
  title: 'nothing is in the default security group',
  because: 'everything in it reaches everything else in it, and CloudFormation cannot close it',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::EC2::VPC'),
  judge: (subject, { inventory }) => {
    const found = user(inventory, subject);
    return found === undefined ? pass : fail(`the default security group holds ${found.logicalId}`, 'Properties.CidrBlock');
  },
  remedy: 'name a security group of your own; close the default one by the call that the list of provider defaults gives',
  references: { fsbp: ['EC2.2'], scanners: { checkov: ['CKV2_AWS_12'], trivy: ['AVD-AWS-0173'] } },
  examples: {
    holds: [
      template({ Vpc: vpc, Subnet: subnet, Host: resource('AWS::EC2::Instance', { SubnetId: ref('Subnet'), SecurityGroupIds: ['sg-1'] }) }),
    ],
    breaks: [
      template({ Vpc: vpc, Host: resource('AWS::EC2::Instance', { SecurityGroupIds: [getAtt('Vpc', 'DefaultSecurityGroup')] }) }),
      template({ Vpc: vpc, Subnet: subnet, Host: resource('AWS::EC2::Instance', { SubnetId: ref('Subnet') }) }),
    ],
  },
});
