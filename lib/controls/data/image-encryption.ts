import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { getAtt, resource, setting, template } from '../template-examples';
import { at, isUnknown, shownValue } from '../template-values';

const PATH = 'Properties.EncryptionConfiguration';
const key = resource('AWS::KMS::Key', {});
const images = (configuration?: object) =>
  template({
    Key: key,
    Images: resource('AWS::ECR::Repository', configuration === undefined ? {} : { EncryptionConfiguration: { ...configuration } }),
  });

/** KMS without a key is the key of AWS for ECR, under nobody's policy. */
export const imageEncryption = control({
  id: 'A-ECR-03',
  title: 'images are encrypted with a customer key',
  because: 'who may pull is then decided by the policy of the key too, and each use of it is in the audit trail',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'encryption',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::ECR::Repository'),
  judge: ({ properties }) => {
    const type = at(properties, 'EncryptionConfiguration.EncryptionType');
    if (isUnknown(type)) return undecided(`property EncryptionType is decided at deployment (${shownValue(type)})`, PATH);
    if (type !== 'KMS' && type !== 'KMS_DSSE') return fail(`property EncryptionType is ${shownValue(type)}, it must be KMS`, PATH);
    const keyId = at(properties, 'EncryptionConfiguration.KmsKey');
    return keyId === undefined || keyId === '' ? fail('property EncryptionConfiguration names no customer key', PATH) : pass;
  },
  remedy: 'set EncryptionConfiguration to { EncryptionType: KMS, KmsKey: ... }; a repository cannot change it later',
  references: { fsbp: ['ECR.5'], scanners: { checkov: ['CKV_AWS_136'], trivy: ['AVD-AWS-0033'] } },
  examples: {
    holds: [images({ EncryptionType: 'KMS', KmsKey: getAtt('Key', 'Arn') })],
    breaks: [images(), images({ EncryptionType: 'AES256' }), images({ EncryptionType: 'KMS' })],
    undecided: [images({ EncryptionType: setting })],
  },
});
