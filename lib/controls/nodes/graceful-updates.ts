import { control, resources } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { judgeValue } from '../template-values';

const nodes = (properties: object = {}) =>
  template({ Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'shop', NodeRole: 'r', Subnets: ['s'], ...properties }) });

/** EKS defaults to false; aws-cdk-lib writes true. */
export const gracefulUpdates = control({
  id: 'A-NOD-09',
  title: 'updates of nodes respect disruption budgets',
  because: 'a forced update takes pods down although their budget forbids it, all replicas of a workload at once if they share nodes',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'governance',
  boundary: 'node',
  carrier: 'library',
  threats: ['permission-mistake'],
  subjects: resources('AWS::EKS::Nodegroup'),
  judge: ({ properties }) =>
    judgeValue(
      properties.ForceUpdateEnabled,
      'ForceUpdateEnabled',
      (value) => value === undefined || value === false || value === 'false',
      (shown) => `property ForceUpdateEnabled is ${shown}, it must be false`,
    ),
  remedy: 'set ForceUpdateEnabled to false, or leave it out',
  references: { urls: ['https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html'] },
  examples: {
    holds: [nodes(), nodes({ ForceUpdateEnabled: false })],
    breaks: [nodes({ ForceUpdateEnabled: true })],
    undecided: [nodes({ ForceUpdateEnabled: setting })],
  },
});
