import { listOf } from '../../inventory/join';
import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isObject } from '../../inventory/value';
import { control, fail, pass, type Subjects, undecided } from '../control';
import { Severity } from '../severity';
import { ref, resource, template } from '../template-examples';
import { listAt, textOf } from '../template-values';
import { wayOut } from './routes';
import { subnets } from './subnet-examples';

/** Groups of subnets in which databases, caches, searches and file systems stand, with the property that lists them. */
const STORES: { readonly [type: string]: string } = {
  'AWS::RDS::DBSubnetGroup': 'SubnetIds',
  'AWS::ElastiCache::SubnetGroup': 'SubnetIds',
  'AWS::Redshift::ClusterSubnetGroup': 'SubnetIds',
  'AWS::DAX::SubnetGroup': 'SubnetIds',
  'AWS::DMS::ReplicationSubnetGroup': 'SubnetIds',
  'AWS::MemoryDB::SubnetGroup': 'SubnetIds',
  'AWS::Neptune::DBSubnetGroup': 'SubnetIds',
  'AWS::DocDB::DBSubnetGroup': 'SubnetIds',
  'AWS::OpenSearchService::Domain': 'VPCOptions.SubnetIds',
  'AWS::MSK::Cluster': 'BrokerNodeGroupInfo.ClientSubnets',
  'AWS::DirectoryService::MicrosoftAD': 'VpcSettings.SubnetIds',
};

/** A tier that calls itself one for data, by the tag of aws-cdk-lib or by its name. */
function saysSo({ properties }: CloudFormationResource): boolean {
  return listOf(properties.Tags).some((tag) => {
    if (!isObject(tag)) return false;
    const value = textOf(tag.Value) ?? '';
    if (tag.Key === 'aws-cdk:subnet-type') return value === 'Isolated';
    return tag.Key === 'Name' && /(^|[/_.-])(isolated|data|databases?|db|intra)[a-z]?\d*([/_.-]|$|subnet)/i.test(value);
  });
}

const dataSubnets: Subjects<CloudFormationResource> = {
  description: 'AWS::EC2::Subnet of data',
  *select(inventory) {
    const found = new Set<CloudFormationResource>(inventory.ofType('AWS::EC2::Subnet').filter(saysSo));
    for (const [type, property] of Object.entries(STORES))
      for (const { properties } of inventory.ofType(type)) for (const subnet of listAt(properties, property)) add(inventory, subnet, found);
    for (const { properties } of inventory.ofType('AWS::EFS::MountTarget')) add(inventory, properties.SubnetId, found);
    for (const resource of found) yield { resource, value: resource };
  },
};

function add(inventory: Inventory, subnet: Parameters<Inventory['find']>[0], found: Set<CloudFormationResource>): void {
  const resource = inventory.find(subnet);
  if (resource?.type === 'AWS::EC2::Subnet') found.add(resource);
}

const store = (logicalId: string) =>
  template({ ...subnets, Store: resource('AWS::RDS::DBSubnetGroup', { DBSubnetGroupDescription: 'd', SubnetIds: [ref(logicalId)] }) });
const forwarded = {
  ...subnets,
  PrivateRoute: resource('AWS::EC2::Route', {
    RouteTableId: ref('PrivateTable'),
    DestinationCidrBlock: '0.0.0.0/0',
    TransitGatewayId: 'tgw-1',
  }),
};

export const dataSubnetsClosed = control({
  id: 'A-VPC-11',
  title: 'subnets of data have no route to the internet',
  because: 'a database needs no way out, and whoever takes it over would use one',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'isolation',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: dataSubnets,
  judge: (subnet, { inventory }) => {
    const way = wayOut(inventory, subnet);
    if (way === 'none') return pass;
    if (way === 'unknown')
      return undecided('whether the routes of the subnet lead to the internet is not in what was read', 'Properties.VpcId');
    return fail(
      way === 'gateway' ? 'the subnet has a route to an internet gateway' : 'the subnet has a route out to the internet',
      'Properties.VpcId',
    );
  },
  remedy: 'give the subnets of data a route table of their own without a default route',
  references: { urls: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html'] },
  examples: {
    holds: [store('Isolated')],
    breaks: [
      store('Private'),
      store('Public'),
      template({
        ...subnets,
        Private: { ...resource('AWS::EC2::Subnet', { VpcId: ref('Vpc'), Tags: [{ Key: 'Name', Value: 'shop/Vpc/isolatedSubnet1' }] }) },
      }),
    ],
    undecided: [
      template({
        ...forwarded,
        Store: resource('AWS::RDS::DBSubnetGroup', { DBSubnetGroupDescription: 'd', SubnetIds: [ref('Private')] }),
      }),
    ],
  },
});
