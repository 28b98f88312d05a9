import { control, fail, pass, undecided } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { allowedBy, allowsOne, keyPolicies, keyWith, POLICY, statementPath } from './key-policy';

const ADMINISTER = ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'];
const USE = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'];

const key = (...actions: (string | string[])[]) =>
  keyWith(...actions.map((Action) => ({ Action, Principal: { AWS: 'arn:aws:iam::111122223333:root' } })));

export const separateUse = control({
  ...keyPolicies,
  id: 'A-KMS-03',
  title: 'administration and use of keys are separate',
  because: 'whoever runs the keys then reads the data, and whoever reads the data can let others in or delete the key',
  severity: Severity.MEDIUM,
  judge: (subject) => {
    if (subject.properties.KeyPolicy === undefined)
      return fail('the key has no policy, so its account administers and uses it by kms:*', POLICY);
    const allowed = allowedBy(subject);
    if (allowed === undefined) return undecided('the policy of the key is decided at deployment', POLICY);
    const both = allowed.find(({ statement }) => allowsOne(statement, ADMINISTER) && allowsOne(statement, USE));
    return both === undefined ? pass : fail('one statement allows administration and use of the key', statementPath(both.index));
  },
  remedy: 'write one statement for administration, without kms:Encrypt, kms:Decrypt and kms:GenerateDataKey, and one for use',
  references: { urls: ['https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html'] },
  examples: {
    holds: [key(['kms:PutKeyPolicy', 'kms:Describe*'], ['kms:Decrypt', 'kms:GenerateDataKey*'])],
    breaks: [key('kms:*'), key(['kms:Put*', 'kms:Decrypt']), template({ Key: resource('AWS::KMS::Key') })],
    undecided: [template({ Key: resource('AWS::KMS::Key', { KeyPolicy: setting }) })],
  },
});
