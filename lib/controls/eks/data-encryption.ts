import { isObject } from '../../inventory/value';
import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { cluster, getAtt, resource, setting, template } from '../template-examples';
import { at, isUnknown, listAt } from '../template-values';

const key = resource('AWS::KMS::Key', {});
const encrypted = (...config: object[]) =>
  template({ Key: key, Cluster: cluster({ EncryptionConfig: config.map((entry) => ({ ...entry })) }) });

/** From 1.28 on EKS encrypts API data with a key of its own; only a customer key is under the customer's policy and in its audit trail. */
export const dataEncryption = control({
  id: 'A-EKS-05',
  title: 'API data is encrypted with a customer key',
  because: 'whoever holds the key decides who can read the secrets of the cluster, and sees each use of it',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'encryption',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['control-plane-attack', 'credential-leak'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: ({ properties }) => {
    const config = at(properties, 'EncryptionConfig');
    if (isUnknown(config)) return undecided('property EncryptionConfig is decided at deployment', 'Properties.EncryptionConfig');
    const keys = listAt(properties, 'EncryptionConfig').map((entry) => (isObject(entry) ? at(entry, 'Provider.KeyArn') : entry));
    return keys.some((keyArn) => keyArn !== undefined && keyArn !== '')
      ? pass
      : fail('property EncryptionConfig names no key', 'Properties.EncryptionConfig');
  },
  remedy: 'name a customer key in EncryptionConfig.Provider.KeyArn; it cannot be taken back later',
  references: {
    cisEks: ['5.3.1'],
    fsbp: ['EKS.3'],
    scanners: { 'control-tower': ['CT.EKS.PR.2'], checkov: ['CKV_AWS_58'], trivy: ['AVD-AWS-0039'] },
  },
  examples: {
    holds: [encrypted({ Provider: { KeyArn: getAtt('Key', 'Arn') }, Resources: ['secrets'] })],
    breaks: [template({ Cluster: cluster() }), encrypted(), encrypted({ Resources: ['secrets'] })],
    undecided: [template({ Cluster: cluster({ EncryptionConfig: setting }) })],
  },
});
