import { control } from '../control';
import { Severity } from '../severity';
import { setting } from '../template-examples';
import { at, judgeValue } from '../template-values';
import { bare, elsewhere, launched, launchedNodes, withoutTemplate } from './launch-template';

const PATH = 'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit';

/** Stated in the launch template or not at all: what the account or the image defaults to is not in the template. */
export const imdsHopLimit = control({
  id: 'A-NOD-03',
  title: 'pods cannot reach the credentials of their node',
  because: 'with two hops an answer of the metadata service reaches into a pod, and with it the role of the node',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'isolation',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack', 'credential-leak'],
  subjects: launchedNodes,
  judge: (nodes) =>
    withoutTemplate(nodes, 'EKS then sets a hop limit of 2') ??
    judgeValue(
      at(nodes.data, 'MetadataOptions.HttpPutResponseHopLimit'),
      PATH,
      (value) => value === 1 || value === '1',
      (shown) => `property HttpPutResponseHopLimit is ${shown}, it must be 1`,
    ),
  remedy: 'set MetadataOptions.HttpPutResponseHopLimit in the launch template of the node group',
  references: { fsbp: ['AutoScaling.4'], scanners: { 'control-tower': ['CT.EC2.PR.2'], checkov: ['CKV_AWS_341'] } },
  examples: {
    holds: [launched({ MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 } })],
    breaks: [
      bare,
      launched({ MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 } }),
      launched({ MetadataOptions: { HttpTokens: 'required' } }),
    ],
    undecided: [elsewhere, launched({ MetadataOptions: { HttpPutResponseHopLimit: setting } })],
  },
});
