import { listOf, statementsOf } from '../../inventory/join';
import { isOpen, type Value, type ValueObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { Severity } from '../severity';
import { policy, resource, setting, template } from '../template-examples';
import { type Document, documents } from './documents';

const isEverything = (values: readonly Value[]): boolean => values.some((value) => value === '*' || value === '*:*');

/** Denying some of everything by NotAction or NotResource still allows the rest. */
function allowsEverything(statement: ValueObject): boolean {
  if (statement.Effect !== 'Allow') return false;
  const actions = isEverything(listOf(statement.Action)) || statement.NotAction !== undefined;
  const everywhere = isEverything(listOf(statement.Resource)) || statement.NotResource !== undefined;
  return actions && everywhere;
}

export const noFullAccess = control({
  id: 'A-IAM-04',
  title: 'no policy allows every action on every resource',
  because: 'whoever gets hold of such a role owns the account, its keys and its backups',
  severity: Severity.CRITICAL,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['permission-mistake', 'credential-leak'],
  subjects: documents,
  judge: (policies: readonly Document[]) => {
    for (const { body, at } of policies) {
      const index = statementsOf(body).findIndex(allowsEverything);
      if (index >= 0) return fail('a statement allows every action on every resource', `${at}.Statement[${index}]`);
    }
    const open = policies.find(({ body }) => isOpen(body));
    return open === undefined ? pass : undecided('a policy document is decided at deployment', open.at);
  },
  remedy: 'list the actions that are called and the resources they are called on',
  references: {
    fsbp: ['IAM.1'],
    scanners: { 'control-tower': ['CT.IAM.PR.2'], 'cdk-nag': ['AwsSolutions-IAM5'], checkov: ['CKV_AWS_62', 'CKV_AWS_63'] },
  },
  examples: {
    holds: [
      template({ Policy: policy({ Action: 's3:GetObject', Resource: '*' }) }),
      template({ Policy: policy({ Action: '*', Resource: 'arn:aws:s3:::b' }) }),
    ],
    breaks: [
      template({ Policy: policy({ Action: '*', Resource: '*' }) }),
      template({ Policy: policy({ Action: ['s3:*', '*'], Resource: ['*'] }, 'AWS::IAM::ManagedPolicy') }),
      template({ Policy: policy({ NotAction: 'iam:*', Resource: '*' }) }),
      template({
        Role: resource('AWS::IAM::Role', {
          AssumeRolePolicyDocument: {},
          Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } }],
        }),
      }),
    ],
    undecided: [template({ Policy: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: setting }) })],
  },
});
