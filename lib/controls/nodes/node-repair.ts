import { control, resources } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { at, isTrue, judgeValue } from '../template-values';

const nodes = (properties: object = {}) =>
  template({ Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'shop', NodeRole: 'r', Subnets: ['s'], ...properties }) });

/** EKS defaults to false. */
export const nodeRepair = control({
  id: 'A-NOD-11',
  title: 'unhealthy nodes are repaired',
  because: 'a node whose kubelet or network died keeps its pods until somebody notices',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'governance',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::EKS::Nodegroup'),
  judge: ({ properties }) =>
    judgeValue(
      at(properties, 'NodeRepairConfig.Enabled'),
      'NodeRepairConfig.Enabled',
      isTrue,
      (shown) => `property NodeRepairConfig.Enabled is ${shown}, it must be true`,
    ),
  remedy: 'set NodeRepairConfig.Enabled to true',
  references: { urls: ['https://docs.aws.amazon.com/eks/latest/userguide/node-health.html'] },
  examples: {
    holds: [nodes({ NodeRepairConfig: { Enabled: true } })],
    breaks: [nodes(), nodes({ NodeRepairConfig: { Enabled: false } })],
    undecided: [nodes({ NodeRepairConfig: { Enabled: setting } })],
  },
});
