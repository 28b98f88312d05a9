import type { CloudFormationResource } from '../../inventory/model';
import { control, type Subjects } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { judgeValue } from '../template-values';

/** Symmetric encryption keys with material from KMS: the only ones that can rotate. */
const keys: Subjects<CloudFormationResource> = {
  description: 'symmetric AWS::KMS::Key',
  *select(inventory) {
    for (const key of inventory.ofType('AWS::KMS::Key')) {
      const { KeySpec: spec, KeyUsage: usage, Origin: origin } = key.properties;
      const symmetric =
        (spec === undefined || spec === 'SYMMETRIC_DEFAULT') &&
        (usage === undefined || usage === 'ENCRYPT_DECRYPT') &&
        (origin === undefined || origin === 'AWS_KMS');
      if (symmetric) yield { resource: key, value: key };
    }
  },
};
const key = (properties: object) => template({ Key: resource('AWS::KMS::Key', { ...properties }) });

export const keyRotation = control({
  id: 'A-KMS-01',
  title: 'keys rotate',
  because: 'material that never changes protects everything that was ever encrypted with it, and its loss exposes all of that',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'encryption',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['credential-leak'],
  subjects: keys,
  judge: ({ properties }) =>
    judgeValue(
      properties.EnableKeyRotation,
      'EnableKeyRotation',
      (value) => value === true || value === 'true',
      (shown) => `property EnableKeyRotation is ${shown}, it must be true`,
    ),
  remedy: 'set EnableKeyRotation to true',
  references: {
    fsbp: ['KMS.4'],
    scanners: { 'cdk-nag': ['AwsSolutions-KMS5'], checkov: ['CKV_AWS_7'], trivy: ['AVD-AWS-0065'], 'control-tower': ['CT.KMS.PR.1'] },
  },
  examples: {
    holds: [key({ EnableKeyRotation: true })],
    breaks: [key({}), key({ EnableKeyRotation: false })],
    undecided: [key({ EnableKeyRotation: setting })],
  },
});
