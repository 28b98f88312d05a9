import { control, fail, pass, resources } from '../control';
import { Severity } from '../severity';
import { ref, resource, template } from '../template-examples';

const subnet = resource('AWS::EC2::Subnet', { VpcId: 'vpc-1' });
const acl = resource('AWS::EC2::NetworkAcl', { VpcId: 'vpc-1' });
const associated = (subnetId: object) =>
  resource('AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: subnetId as never, NetworkAclId: ref('Acl') });

export const ownNetworkAcl = control({
  id: 'A-VPC-06',
  title: 'every subnet has a network ACL of the template, and every network ACL a subnet',
  because: 'the default one lets everything through, so that one wrong security group rule is enough',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::EC2::Subnet', 'AWS::EC2::NetworkAcl'),
  judge: (subject, { inventory }) => {
    const of = subject.type === 'AWS::EC2::Subnet' ? 'SubnetId' : 'NetworkAclId';
    const associations = inventory.ofType('AWS::EC2::SubnetNetworkAclAssociation');
    if (associations.some(({ properties }) => inventory.find(properties[of]) === subject)) return pass;
    return fail(
      of === 'SubnetId' ? 'the subnet has the default network ACL of its VPC' : 'the network ACL serves no subnet',
      'Properties.VpcId',
    );
  },
  remedy: 'declare an AWS::EC2::NetworkAcl with entries, and an AWS::EC2::SubnetNetworkAclAssociation for the subnet',
  references: { fsbp: ['EC2.16'] },
  examples: {
    holds: [template({ Subnet: subnet, Acl: acl, Association: associated(ref('Subnet')) })],
    breaks: [template({ Subnet: subnet }), template({ Subnet: subnet, Other: subnet, Acl: acl, Association: associated(ref('Other')) })],
  },
});
