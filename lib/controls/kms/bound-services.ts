import { isObject, isOpen, type ValueObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { conditions, principals } from '../iam/trust';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { shownValue } from '../template-values';
import { allowedBy, keyPolicies, keyWith, POLICY, statementPath } from './key-policy';

/** Conditions that say for whom a service acts. CloudWatch Logs and some others give the source in the encryption context alone. */
const SOURCES =
  /^(aws:(sourceaccount|sourcearn|sourceorgid|sourceorgpaths|principalorgid)|kms:(viaservice|calleraccount|encryptioncontext:.+|grantisforawsresource))$/i;

const isBound = (statement: ValueObject): boolean =>
  conditions(statement).some(
    ({ operator, key, values }) => SOURCES.test(key) && !/Not|IfExists|^ForAllValues|^Null$/.test(operator) && !values.includes('*'),
  );

const key = (statement: object) =>
  keyWith({ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Principal: { Service: 'logs.eu-west-1.amazonaws.com' }, ...statement });

export const boundServices = control({
  ...keyPolicies,
  id: 'A-KMS-04',
  title: 'services use keys for this account alone',
  because: 'a service acts for every account of the world, and does so with the key for whoever can name it',
  severity: Severity.MEDIUM,
  judge: (subject) => {
    const allowed = allowedBy(subject);
    if (allowed === undefined) return undecided('the policy of the key is decided at deployment', POLICY);
    let open: number | undefined;
    for (const { statement, index } of allowed) {
      const services = principals(statement, 'Service');
      if (services.length === 0 || isBound(statement)) continue;
      if (isOpen(statement.Condition) || (isObject(statement.Condition) && Object.values(statement.Condition).some(isOpen))) open ??= index;
      else return fail(`${services.map(shownValue).join(', ')} uses the key for every account`, statementPath(index));
    }
    return open === undefined ? pass : undecided('for whom the service uses the key is decided at deployment', statementPath(open));
  },
  remedy: 'add a condition on aws:SourceArn or aws:SourceAccount, for CloudWatch Logs on kms:EncryptionContext:aws:logs:arn',
  references: { urls: ['https://docs.aws.amazon.com/kms/latest/developerguide/least-privilege.html'] },
  examples: {
    holds: [
      key({ Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-west-1:111122223333:*' } } }),
      key({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }),
      key({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
    ],
    breaks: [
      key({}),
      key({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      key({ Condition: { StringLike: { 'aws:SourceAccount': '*' } } }),
    ],
    undecided: [key({ Condition: setting }), template({ Key: resource('AWS::KMS::Key', { KeyPolicy: setting }) })],
  },
});
