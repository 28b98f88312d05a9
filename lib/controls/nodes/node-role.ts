import { listOf } from '../../inventory/join';
import { isOpen } from '../../inventory/value';
import { control, fail, pass, resources, undecided } from '../control';
import { documentsOf } from '../iam/attached';
import { Severity } from '../severity';
import { getAtt, policy, ref, resource, setting, template, trusting } from '../template-examples';
import { awsManagedPolicy, shownValue } from '../template-values';

/** What a managed node needs: to join its cluster, and to pull images. */
const NEEDED = [
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKSWorkerNodeMinimalPolicy',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEC2ContainerRegistryReadOnly',
];
const AT = 'Properties.NodeRole';

const managed = (...names: string[]) => ({ ManagedPolicyArns: names.map((name) => `arn:aws:iam::aws:policy/${name}`) });
const nodes = (role: object, others: object = {}) => {
  const trusted = trusting({ Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } });
  return template({
    Role: { ...trusted, Properties: { ...(trusted.Properties as object), ...role } },
    Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'shop', NodeRole: getAtt('Role', 'Arn'), Subnets: ['s'] }),
    ...others,
  });
};
const least = managed('AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly');

export const nodeRole = control({
  id: 'A-NOD-08',
  title: 'the role of nodes joins the cluster and pulls images, nothing else',
  because: 'whoever escapes a container has the role of the node, and so has every pod that reaches the metadata service',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack', 'credential-leak'],
  subjects: resources('AWS::EKS::Nodegroup'),
  judge: ({ properties }, { inventory }) => {
    const role = inventory.find(properties.NodeRole);
    if (role?.type !== 'AWS::IAM::Role')
      return undecided(`the role ${shownValue(properties.NodeRole)} of the nodes is not in what was read`, AT);
    const arns = listOf(role.properties.ManagedPolicyArns);
    const more = arns
      .map((arn) => awsManagedPolicy(arn) ?? inventory.find(arn)?.logicalId)
      .filter((name) => name !== undefined && !NEEDED.includes(name));
    const written = documentsOf(inventory, role).map(({ resource }) => resource.logicalId);
    const extra = [...new Set([...more, ...written])];
    if (extra.length > 0) return fail(`the role ${role.logicalId} of the nodes also has ${extra.join(', ')}`, AT);
    const unseen = arns.find((arn) => awsManagedPolicy(arn) === undefined);
    if (unseen !== undefined || isOpen(role.properties.Policies))
      return undecided(`the policy ${shownValue(unseen)} of the node role is not in what was read`, AT);
    return pass;
  },
  remedy:
    'leave the role with AmazonEKSWorkerNodePolicy and AmazonEC2ContainerRegistryPullOnly; give the network add-on and pods roles of their own',
  references: { cisEks: ['5.1.3', '5.2.1'] },
  examples: {
    holds: [nodes(least), nodes(managed('AmazonEKSWorkerNodeMinimalPolicy', 'AmazonEC2ContainerRegistryReadOnly'))],
    breaks: [
      nodes(managed('AmazonEKSWorkerNodePolicy', 'AmazonEKS_CNI_Policy')),
      nodes(managed('AdministratorAccess')),
      nodes(least, {
        More: {
          ...policy({ Action: 's3:GetObject', Resource: '*' }),
          Properties: {
            PolicyName: 'p',
            Roles: [ref('Role')],
            PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] },
          },
        },
      }),
    ],
    undecided: [
      nodes({ ManagedPolicyArns: [setting] }),
      template({
        Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'shop', NodeRole: 'arn:aws:iam::111122223333:role/nodes', Subnets: ['s'] }),
      }),
    ],
  },
});
