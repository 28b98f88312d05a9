import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { isUnknown } from '../template-values';

const AT = 'Properties.LaunchTemplate';
const nodes = (properties: object = {}) =>
  template({ Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'shop', NodeRole: 'r', Subnets: ['s'], ...properties }) });

export const ownLaunchTemplate = control({
  id: 'A-NOD-10',
  title: 'node groups have a launch template of their own',
  because: 'metadata options, volumes, groups and settings of nodes are then written where they can be reviewed, and not chosen by EKS',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'governance',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::EKS::Nodegroup'),
  judge: ({ properties }) => {
    const { LaunchTemplate: own } = properties;
    if (own === undefined) return fail('the node group has no launch template of its own', AT);
    return isUnknown(own) ? undecided('the launch template of the node group is decided at deployment', AT) : pass;
  },
  remedy: 'declare an AWS::EC2::LaunchTemplate and name it in LaunchTemplate of the node group',
  references: { urls: ['https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html'] },
  examples: {
    holds: [nodes({ LaunchTemplate: { Id: 'lt-1', Version: '1' } })],
    breaks: [nodes()],
    undecided: [nodes({ LaunchTemplate: setting })],
  },
});
