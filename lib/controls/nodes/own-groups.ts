import { isObject, Reference, type Value } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { Severity } from '../severity';
import { cluster, getAtt, ref, resource, setting, template } from '../template-examples';
import { at, isUnknown, listAt } from '../template-values';
import { bare, elsewhere, launched, launchedNodes, withoutTemplate } from './launch-template';

const AT = 'Properties.LaunchTemplateData';

/** EKS names the group it makes by itself after the cluster. */
const isMadeByEks = (group: Value): boolean => group instanceof Reference && group.attribute === 'ClusterSecurityGroupId';

const own = resource('AWS::EC2::SecurityGroup', { GroupDescription: 'nodes' });
const nodes = (data: object) =>
  template({
    Cluster: cluster(),
    Group: own,
    Template: resource('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { ...data } }),
    Nodes: resource('AWS::EKS::Nodegroup', {
      ClusterName: ref('Cluster'),
      NodeRole: 'r',
      Subnets: ['s'],
      LaunchTemplate: { Id: ref('Template') },
    }),
  });

/** That group lets everything in from itself and everything out, and CloudFormation cannot close it. */
export const ownGroups = control({
  id: 'A-NOD-12',
  title: 'nodes are in security groups of the template alone',
  because: 'the group that EKS makes lets nodes, control plane and Fargate pods reach each other on every port, and out to everywhere',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: launchedNodes,
  judge: (nodes, { inventory }) => {
    const missing = withoutTemplate(nodes, 'EKS puts its nodes into the group that it makes');
    if (missing !== undefined) return missing;
    const interfaces = listAt(nodes.data, 'NetworkInterfaces');
    const groups = [...listAt(nodes.data, 'SecurityGroupIds'), ...interfaces.filter(isObject).flatMap((entry) => listAt(entry, 'Groups'))];
    if (groups.some(isMadeByEks)) return fail('the launch template names the group that EKS makes', AT);
    if (at(nodes.data, 'SecurityGroupIds') === undefined && groups.length === 0)
      return fail('the launch template names no group, so EKS puts the nodes into the one that it makes', AT);
    const unseen = groups.find((group) => isUnknown(group) && inventory.find(group) === undefined);
    return unseen === undefined ? pass : undecided(`the group ${unseen} of the nodes is decided at deployment`, AT);
  },
  remedy: 'name groups of your own in SecurityGroupIds or NetworkInterfaces.Groups of the launch template',
  references: { fsbp: ['EC2.18', 'EC2.19'] },
  examples: {
    holds: [
      nodes({ SecurityGroupIds: [getAtt('Group', 'GroupId')] }),
      nodes({ NetworkInterfaces: [{ DeviceIndex: 0, Groups: [getAtt('Group', 'GroupId')] }] }),
    ],
    breaks: [bare, launched({}), nodes({ SecurityGroupIds: [getAtt('Group', 'GroupId'), getAtt('Cluster', 'ClusterSecurityGroupId')] })],
    undecided: [elsewhere, nodes({ SecurityGroupIds: [setting] })],
  },
});
