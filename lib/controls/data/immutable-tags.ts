import { control, resources } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { judgeValue } from '../template-values';

const repository = (properties: object) => template({ Images: resource('AWS::ECR::Repository', { ...properties }) });

/** ECR defaults to MUTABLE. Exclusions name tags that move on purpose, so a repository with them is not immutable. */
export const immutableTags = control({
  id: 'A-ECR-01',
  title: 'image tags never move',
  because: 'whoever can push could otherwise replace an image that was tested and approved under the same name',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'vulnerability',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::ECR::Repository'),
  judge: ({ properties }) =>
    judgeValue(
      properties.ImageTagMutability,
      'ImageTagMutability',
      (value) => value === 'IMMUTABLE',
      (shown) => `property ImageTagMutability is ${shown}, it must be IMMUTABLE`,
    ),
  remedy: 'set ImageTagMutability to IMMUTABLE',
  references: {
    cisEks: ['5.1.1'],
    fsbp: ['ECR.2'],
    scanners: { 'control-tower': ['CT.ECR.PR.1'], checkov: ['CKV_AWS_51'], trivy: ['AVD-AWS-0031'] },
  },
  examples: {
    holds: [repository({ ImageTagMutability: 'IMMUTABLE' })],
    breaks: [repository({}), repository({ ImageTagMutability: 'MUTABLE' }), repository({ ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' })],
    undecided: [repository({ ImageTagMutability: setting })],
  },
});
