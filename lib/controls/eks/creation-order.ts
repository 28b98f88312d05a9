import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { control, fail, pass, type Subjects, type Verdict } from '../control';
import { Severity } from '../severity';
import { cluster, ref, resource, template } from '../template-examples';
import { listAt, ofCluster } from '../template-values';
import { tableOf } from '../vpc/routes';
import { logGroupOf } from './log-group-of';
import { precedes } from './order';

/** Add-ons that run as ordinary pods: without a node they never become active, and the stack waits for them in vain. */
const PODS = ['coredns', 'aws-ebs-csi-driver', 'aws-efs-csi-driver', 'metrics-server'];

interface Ordered {
  readonly what: 'addOn' | 'cluster' | 'nodes';
  readonly subject: CloudFormationResource;
  readonly cluster: CloudFormationResource;
}

const ordered: Subjects<Ordered> = {
  description: 'clusters, their node groups and their add-ons',
  *select(inventory) {
    for (const cluster of inventory.ofType('AWS::EKS::Cluster')) {
      yield { resource: cluster, value: { what: 'cluster', subject: cluster, cluster } };
      for (const subject of ofCluster(inventory, cluster, 'AWS::EKS::Nodegroup'))
        yield { resource: subject, value: { what: 'nodes', subject, cluster } };
      for (const subject of ofCluster(inventory, cluster, 'AWS::EKS::Addon'))
        if (PODS.includes(String(subject.properties.AddonName))) yield { resource: subject, value: { what: 'addOn', subject, cluster } };
    }
  },
};

/** Routes of the nodes' subnets out of the VPC, and the interface endpoints beside them. */
function* needed(inventory: Inventory, nodes: CloudFormationResource): Iterable<CloudFormationResource> {
  const subnets = listAt(nodes.properties, 'Subnets').map((subnet) => inventory.find(subnet));
  const tables = new Set(subnets.map((subnet) => (subnet === undefined ? undefined : tableOf(inventory, subnet))));
  for (const route of inventory.ofType('AWS::EC2::Route')) {
    const table = inventory.find(route.properties.RouteTableId);
    if (table !== undefined && tables.has(table)) yield route;
  }
  const vpcs = new Set(subnets.map((subnet) => inventory.find(subnet?.properties.VpcId)).filter((vpc) => vpc !== undefined));
  for (const endpoint of inventory.ofType('AWS::EC2::VPCEndpoint')) {
    const vpc = inventory.find(endpoint.properties.VpcId);
    if (vpc !== undefined && vpcs.has(vpc)) yield endpoint;
  }
}

/** What is in another stack is ordered by the stacks, which is out of sight here and decided by whoever deploys them. */
const late = (inventory: Inventory, first: CloudFormationResource, then: CloudFormationResource): boolean =>
  first.stack === then.stack && !precedes(inventory, first, then);

function judge({ what, subject, cluster }: Ordered, inventory: Inventory): Verdict {
  if (what === 'cluster') {
    const group = logGroupOf(inventory, cluster);
    return group !== undefined && late(inventory, group, cluster)
      ? fail(`nothing makes the cluster wait for its log group ${group.logicalId}, which EKS makes itself otherwise`, 'DependsOn')
      : pass;
  }
  if (what === 'addOn') {
    const nodes = ofCluster(inventory, cluster, 'AWS::EKS::Nodegroup').filter((group) => group.stack === subject.stack);
    return nodes.length === 0 || nodes.some((group) => precedes(inventory, group, subject))
      ? pass
      : fail(`nothing makes the add-on ${subject.properties.AddonName} wait for a node`, 'DependsOn');
  }
  const missing = [...needed(inventory, subject)].filter((first) => late(inventory, first, subject)).map(({ logicalId }) => logicalId);
  return missing.length === 0 ? pass : fail(`nothing makes the nodes wait for ${missing.join(', ')}`, 'DependsOn');
}

const logs = resource('AWS::Logs::LogGroup', { LogGroupName: '/aws/eks/shop/cluster' });
const nodes = (...dependsOn: string[]) =>
  resource('AWS::EKS::Nodegroup', { ClusterName: ref('Cluster'), NodeRole: 'r', Subnets: [ref('Private')] }, { DependsOn: dependsOn });
const dns = (...dependsOn: string[]) =>
  resource('AWS::EKS::Addon', { AddonName: 'coredns', ClusterName: ref('Cluster') }, { DependsOn: dependsOn });
const network = {
  Private: resource('AWS::EC2::Subnet', { VpcId: 'vpc-1' }),
  Table: resource('AWS::EC2::RouteTable', { VpcId: 'vpc-1' }),
  Association: resource('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Private'), RouteTableId: ref('Table') }),
  Out: resource('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }),
};
const waiting = { ...cluster(), DependsOn: ['Logs'] };

export const creationOrder = control({
  id: 'A-EKS-15',
  title: 'what needs nodes comes after them, and what nodes need before',
  because: 'a log group that comes late is already made by EKS, nodes without a route never join, and add-ons without nodes never start',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'governance',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['permission-mistake'],
  subjects: ordered,
  judge: (subject: Ordered, { inventory }) => judge(subject, inventory),
  remedy:
    'name the log group in DependsOn of the cluster, routes and endpoints in that of node groups, and node groups in that of add-ons that run as pods',
  references: {},
  examples: {
    holds: [
      template({ Logs: logs, Cluster: waiting, ...network, Nodes: nodes('Out'), Dns: dns('Nodes') }),
      template({ Cluster: cluster(), Dns: dns() }),
    ],
    breaks: [
      template({ Logs: logs, Cluster: cluster() }),
      template({ Cluster: cluster(), ...network, Nodes: nodes() }),
      template({ Cluster: cluster(), ...network, Nodes: nodes('Out'), Dns: dns() }),
    ],
  },
});
