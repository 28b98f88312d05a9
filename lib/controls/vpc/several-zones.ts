import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { ref, resource, template } from '../template-examples';
import { shownValue } from '../template-values';

const vpc = resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
const subnet = (zone: string | object) => resource('AWS::EC2::Subnet', { VpcId: ref('Vpc'), AvailabilityZone: zone as string });
const nth = (index: number) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] });

export const severalZones = control({
  id: 'A-VPC-10',
  title: 'subnets stand in two zones or more',
  because: 'EKS asks for two, and the loss of one zone is then not the loss of the cluster',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'backup',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['workload-attack'],
  subjects: resources('AWS::EC2::VPC'),
  judge: (vpc, { inventory }) => {
    const subnets = inventory.ofType('AWS::EC2::Subnet').filter(({ properties }) => inventory.find(properties.VpcId) === vpc);
    if (subnets.length === 0) return undecided('no subnet of the VPC is in what was read', 'Properties.CidrBlock');
    const named = subnets
      .map(({ properties }) => properties.AvailabilityZoneId ?? properties.AvailabilityZone)
      .filter((zone) => zone !== undefined);
    const zones = new Set(named.map(shownValue));
    if (zones.size >= 2) return pass;
    // Subnets that name no zone are placed by EC2, in one zone or in several.
    if (subnets.length > 1 && named.length < subnets.length)
      return undecided('the zones of the subnets are decided at deployment', 'Properties.CidrBlock');
    return fail(
      `the subnets of the VPC stand in ${zones.size === 0 ? 'one zone' : `the zone ${[...zones][0]}`} alone`,
      'Properties.CidrBlock',
    );
  },
  remedy: 'give the VPC subnets in three zones, or two where the region has two',
  references: { urls: ['https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html'] },
  examples: {
    holds: [
      template({ Vpc: vpc, A: subnet('eu-west-1a'), B: subnet('eu-west-1b') }),
      template({ Vpc: vpc, A: subnet(nth(0)), B: subnet(nth(1)) }),
    ],
    breaks: [template({ Vpc: vpc, A: subnet('eu-west-1a') }), template({ Vpc: vpc, A: subnet('eu-west-1a'), B: subnet('eu-west-1a') })],
    undecided: [
      template({ Vpc: vpc }),
      template({
        Vpc: vpc,
        A: resource('AWS::EC2::Subnet', { VpcId: ref('Vpc') }),
        B: resource('AWS::EC2::Subnet', { VpcId: ref('Vpc') }),
      }),
    ],
  },
});
