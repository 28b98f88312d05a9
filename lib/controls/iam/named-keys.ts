import { statementsOf } from '../../inventory/join';
import { isOpen, type ValueObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { Severity } from '../severity';
import { policy, resource, setting, template } from '../template-examples';
import { type Document, documents } from './documents';
import { isUnlimited, speaksOf } from './statements';
import { conditions } from './trust';

/** Actions that turn ciphertext into data, directly or under another key. */
const DECRYPTING = ['kms:Decrypt', 'kms:ReEncryptFrom'];

/** Conditions that name keys although the resource does not. */
const NAMING = /^(kms:(resourcealiases|requestalias|encryptioncontext:.+)|aws:resourcetag\/.+)$/i;

const decrypts = (statement: ValueObject): boolean | 'unknown' => {
  const said = DECRYPTING.map((action) => speaksOf(statement, action));
  return said.includes(true) || (said.includes('unknown') ? 'unknown' : false);
};

const namesKeys = (statement: ValueObject): boolean =>
  conditions(statement).some(({ operator, key }) => NAMING.test(key) && !/^ForAllValues|IfExists$|Not/.test(operator));

export const namedKeys = control({
  id: 'A-IAM-07',
  title: 'policies decrypt with named keys only',
  because: 'with every key of the account a role reads every volume, secret and backup whose ciphertext it gets hold of',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'encryption',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['permission-mistake', 'credential-leak'],
  subjects: documents,
  judge: (policies: readonly Document[]) => {
    let open: string | undefined;
    for (const { body, at } of policies) {
      if (isOpen(body)) open ??= at;
      for (const [index, statement] of statementsOf(body).entries()) {
        if (statement.Effect !== 'Allow') continue;
        const said = decrypts(statement);
        if (said === false || namesKeys(statement)) continue;
        const where = `${at}.Statement[${index}]`;
        const unlimited = isUnlimited(statement, DECRYPTING[0]);
        if (said === true && unlimited === true) return fail('a statement decrypts with every key', where);
        if (unlimited !== false) open ??= where;
      }
    }
    return open === undefined ? pass : undecided('which keys the policy decrypts with is decided at deployment', open);
  },
  remedy: 'name the keys in Resource, or their aliases in a condition on kms:ResourceAliases',
  references: { fsbp: ['KMS.1', 'KMS.2'] },
  examples: {
    holds: [
      template({ Policy: policy({ Action: 'kms:Decrypt', Resource: 'arn:aws:kms:eu-west-1:111122223333:key/1' }) }),
      template({
        Policy: policy({
          Action: ['kms:Decrypt', 's3:GetObject'],
          Resource: ['arn:aws:kms:eu-west-1:111122223333:key/1', 'arn:aws:s3:::b/*'],
        }),
      }),
      template({ Policy: policy({ Action: ['kms:Encrypt', 'kms:GenerateDataKey*'], Resource: '*' }) }),
      template({
        Policy: policy({
          Action: 'kms:Decrypt',
          Resource: '*',
          Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/shop' } },
        }),
      }),
    ],
    breaks: [
      template({ Policy: policy({ Action: 'kms:Decrypt', Resource: '*' }) }),
      template({ Policy: policy({ Action: 'kms:*', Resource: 'arn:aws:kms:eu-west-1:111122223333:key/*' }) }),
      template({ Policy: policy({ Action: ['kms:De*'], Resource: ['arn:aws:kms:*:*:*'] }) }),
      template({ Policy: policy({ NotAction: 's3:*', Resource: '*' }) }),
    ],
    undecided: [
      template({ Policy: policy({ Action: 'kms:Decrypt', Resource: setting }) }),
      template({ Policy: policy({ Action: setting, Resource: '*' }) }),
      template({ Policy: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: setting }) }),
    ],
  },
});
