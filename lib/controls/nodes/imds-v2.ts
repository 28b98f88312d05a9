import { control } from '../control';
import { Severity } from '../severity';
import { setting } from '../template-examples';
import { at, judgeValue } from '../template-values';
import { bare, elsewhere, launched, launchedNodes, withoutTemplate } from './launch-template';

const PATH = 'LaunchTemplateData.MetadataOptions.HttpTokens';

/** Stated in the launch template or not at all: what the account or the image defaults to is not in the template. */
export const imdsV2 = control({
  id: 'A-NOD-02',
  title: 'instance metadata asks for a session token',
  because: 'without sessions any request that a pod or a proxy can be talked into returns the credentials of the node',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'isolation',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack', 'credential-leak'],
  subjects: launchedNodes,
  judge: (nodes) =>
    withoutTemplate(nodes, 'EKS then leaves the metadata options to the account') ??
    judgeValue(
      at(nodes.data, 'MetadataOptions.HttpTokens'),
      PATH,
      (value) => value === 'required',
      (shown) => `property HttpTokens is ${shown}, it must be required`,
    ),
  remedy: 'set MetadataOptions.HttpTokens in the launch template of the node group',
  references: {
    fsbp: ['EC2.8', 'EC2.170'],
    scanners: { 'control-tower': ['CT.EC2.PR.1'], checkov: ['CKV_AWS_341', 'CKV_AWS_79'], trivy: ['AVD-AWS-0130'] },
  },
  examples: {
    holds: [launched({ MetadataOptions: { HttpTokens: 'required' } })],
    breaks: [bare, launched({ MetadataOptions: {} }), launched({ MetadataOptions: { HttpTokens: 'optional' } })],
    undecided: [elsewhere, launched({ MetadataOptions: { HttpTokens: setting } })],
  },
});
