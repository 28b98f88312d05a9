import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { isUnknown, options, shownValue } from '../template-values';

const nodes = (properties: object) =>
  template({ Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'shop', NodeRole: 'r', Subnets: ['s'], ...properties }) });

export const operatingSystem = control({
  id: 'A-NOD-01',
  title: 'nodes run a container-optimised, supported operating system',
  because: 'a general-purpose system has a shell, a package manager and services that an escaped container can use',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'vulnerability',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::EKS::Nodegroup'),
  judge: ({ properties }) => {
    const path = 'Properties.AmiType';
    const type = properties.AmiType;
    const branches = options(type);
    if (branches.some(isUnknown)) return undecided(`property AmiType is decided at deployment (${shownValue(type)})`, path);
    if (branches.every((value) => typeof value === 'string' && value.startsWith('BOTTLEROCKET_'))) return pass;
    const first = branches.find((value) => !(typeof value === 'string' && value.startsWith('BOTTLEROCKET_')));
    // With an image of one's own the type says nothing about what runs.
    if (first === 'CUSTOM') return undecided('property AmiType is CUSTOM: what runs on the nodes is decided by their image', path);
    if (typeof first === 'string' && first.startsWith('AL2_'))
      return fail(`property AmiType is ${first}: Amazon Linux 2 gets no more images for Kubernetes`, path);
    return fail(`property AmiType is ${shownValue(first)}, it must be a BOTTLEROCKET type`, path);
  },
  remedy: 'set AmiType to a BOTTLEROCKET type; AL2023 takes a decision',
  references: { cisEks: ['3.1.1', '3.2.1'] },
  examples: {
    holds: [nodes({ AmiType: 'BOTTLEROCKET_x86_64' }), nodes({ AmiType: 'BOTTLEROCKET_ARM_64' })],
    breaks: [nodes({ AmiType: 'AL2_x86_64' }), nodes({ AmiType: 'AL2023_x86_64_STANDARD' }), nodes({})],
    undecided: [nodes({ AmiType: 'CUSTOM' }), nodes({ AmiType: setting })],
  },
});
