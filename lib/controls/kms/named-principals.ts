import { isObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { isAnyone, namesSomebody } from '../principals';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { allowedBy, keyPolicies, keyWith, POLICY, statementPath } from './key-policy';

const key = (statement: object) => keyWith({ Action: 'kms:Decrypt', ...statement });

/** `kms:ViaService` alone does not narrow: every account calls the service. */
export const keyPrincipals = control({
  ...keyPolicies,
  id: 'A-KMS-02',
  title: 'policies of keys name who may use them',
  because: 'a key for everyone is a key of every account of the world',
  severity: Severity.CRITICAL,
  judge: (subject) => {
    const allowed = allowedBy(subject);
    if (allowed === undefined) return undecided('the policy of the key is decided at deployment', POLICY);
    let open: number | undefined;
    for (const { statement, index } of allowed) {
      // Everyone but some is everyone.
      const anyone = isAnyone(statement.Principal) || statement.NotPrincipal !== undefined;
      if (!anyone || namesSomebody(statement)) continue;
      if (statement.Condition === undefined || isObject(statement.Condition))
        return fail('a statement is for everyone, and no condition says who', statementPath(index));
      open ??= index;
    }
    return open === undefined ? pass : undecided('whom the statement is for is decided at deployment', statementPath(open));
  },
  remedy: 'name roles or the account in Principal, or add a condition on kms:CallerAccount or aws:PrincipalArn',
  references: { fsbp: ['KMS.5'], scanners: { checkov: ['CKV_AWS_33'] } },
  examples: {
    holds: [
      key({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
      key({ Principal: { AWS: '*' }, Condition: { StringEquals: { 'kms:CallerAccount': '111122223333' } } }),
      template({ Key: resource('AWS::KMS::Key') }),
    ],
    breaks: [
      key({ Principal: '*' }),
      key({ Principal: { AWS: ['arn:aws:iam::111122223333:root', '*'] } }),
      key({ Principal: '*', Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } }),
      key({ Principal: '*', Condition: { StringLike: { 'aws:PrincipalArn': '*' } } }),
      key({ Principal: '*', Condition: { StringNotEquals: { 'kms:CallerAccount': '111122223333' } } }),
    ],
    undecided: [template({ Key: resource('AWS::KMS::Key', { KeyPolicy: setting }) }), key({ Principal: '*', Condition: setting })],
  },
});
