import type { Inventory } from '../../inventory/model';
import { isObject, type Value } from '../../inventory/value';
import { control, fail, pass, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { ref, resource, setting, template } from '../template-examples';
import { at, firstOf, isTrue, isUnknown, listAt, options, shownValue } from '../template-values';
import { wayOut } from '../vpc/routes';
import { subnets } from '../vpc/subnet-examples';
import { launched, launchedNodes } from './launch-template';

const PATH = 'Properties.LaunchTemplateData.NetworkInterfaces';
const isOff = (value: unknown): boolean => value === false || value === 'false';

function judgeSubnet(inventory: Inventory, id: Value, path: string): Verdict {
  const subnet = inventory.find(id);
  if (subnet?.type !== 'AWS::EC2::Subnet') return undecided(`the subnet ${shownValue(id)} of the nodes is not in what was read`, path);
  const gives = subnet.properties.MapPublicIpOnLaunch;
  if (options(gives).some(isTrue)) return fail(`the subnet ${subnet.logicalId} gives nodes a public address`, path);
  const way = wayOut(inventory, subnet);
  if (way === 'gateway') return fail(`the subnet ${subnet.logicalId} of the nodes has a route to an internet gateway`, path);
  return isUnknown(gives)
    ? undecided(`whether the subnet ${subnet.logicalId} gives public addresses is decided at deployment`, path)
    : pass;
}

const nodes = (subnet: string, data?: object) =>
  template({
    ...subnets,
    Open: resource('AWS::EC2::Subnet', { VpcId: ref('Vpc'), MapPublicIpOnLaunch: true }),
    ...(data === undefined ? {} : { Template: resource('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { ...data } }) }),
    Nodes: resource('AWS::EKS::Nodegroup', {
      ClusterName: 'shop',
      NodeRole: 'r',
      Subnets: [ref(subnet)],
      ...(data === undefined ? {} : { LaunchTemplate: { Id: ref('Template') } }),
    }),
  });

/** Said by the launch template; where it is silent the subnets decide. */
export const noPublicAddress = control({
  id: 'A-NOD-06',
  title: 'nodes have no public address',
  because: 'a node with one is reached from the internet as soon as any security group rule or flaw lets it be',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'isolation',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: launchedNodes,
  judge: ({ nodes: { properties }, data, template }, { inventory }) => {
    const interfaces = listAt(data, 'NetworkInterfaces').filter(isObject);
    const said = interfaces.map((entry) => at(entry, 'AssociatePublicIpAddress')).filter((value) => value !== undefined);
    if (said.some((value) => options(value).some(isTrue))) return fail('the launch template gives nodes a public address', PATH);
    if (said.some(isUnknown)) return undecided('whether nodes get a public address is decided at deployment', PATH);
    if (interfaces.length > 0 && said.length === interfaces.length && said.every(isOff)) return pass;
    const path = template === undefined ? 'Properties.Subnets' : PATH;
    if (template === undefined && properties.LaunchTemplate !== undefined)
      return undecided('the launch template of the node group is not in what was read', 'Properties.LaunchTemplate');
    const ids = listAt(properties, 'Subnets');
    if (ids.length === 0) return undecided('the subnets of the nodes are decided at deployment', path);
    return firstOf(...ids.map((id) => judgeSubnet(inventory, id, path)));
  },
  remedy: 'set AssociatePublicIpAddress to false in NetworkInterfaces of the launch template, and place nodes in private subnets',
  references: { cisEks: ['5.4.3'], fsbp: ['EC2.9', 'EC2.25'], scanners: { checkov: ['CKV_AWS_88'] } },
  examples: {
    holds: [launched({ NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false }] }), nodes('Private'), nodes('Private', {})],
    breaks: [launched({ NetworkInterfaces: [{ AssociatePublicIpAddress: true }] }), nodes('Open'), nodes('Public')],
    undecided: [
      launched({}),
      launched({ NetworkInterfaces: [{ AssociatePublicIpAddress: setting }] }),
      template({
        Nodes: resource('AWS::EKS::Nodegroup', {
          ClusterName: 'shop',
          NodeRole: 'r',
          Subnets: ['subnet-1'],
          LaunchTemplate: { Id: setting },
        }),
      }),
    ],
  },
});
