import { listOf, statementsOf } from '../../inventory/join';
import { isOpen, type Value, type ValueObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { Severity } from '../severity';
import { policy, resource, setting, template } from '../template-examples';
import { type Document, documents } from './documents';

/** `s3:*` and `*`, however many stars; `s3:Get*` names a family and is none. */
const isWhole = (action: Value): boolean => typeof action === 'string' && /^(\*+|[^:]+:\*+)$/.test(action);

/** What of a statement is a whole service; undefined when there is nothing. Everything but what is listed is always more than a service. */
function wholeServices(statement: ValueObject): string | undefined {
  if (statement.Effect !== 'Allow') return undefined;
  if (statement.NotAction !== undefined) return 'everything but NotAction';
  const whole = listOf(statement.Action).filter(isWhole);
  return whole.length === 0 ? undefined : whole.join(', ');
}

export const noServiceWildcard = control({
  id: 'A-IAM-05',
  title: 'no policy allows every action of a service',
  because: 'actions that the service gains tomorrow are allowed today, deletion and sharing among them',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects: documents,
  judge: (policies: readonly Document[]) => {
    for (const { body, at } of policies) {
      const statements = statementsOf(body);
      const index = statements.findIndex((statement) => wholeServices(statement) !== undefined);
      if (index >= 0) return fail(`a statement allows ${wholeServices(statements[index])}`, `${at}.Statement[${index}]`);
    }
    const open = policies.find(
      ({ body }) => isOpen(body) || statementsOf(body).some((entry) => entry.Effect === 'Allow' && listOf(entry.Action).some(isOpen)),
    );
    return open === undefined ? pass : undecided('the actions of a policy are decided at deployment', open.at);
  },
  remedy: 'list the actions that are called; a family such as s3:Get* may stay',
  references: {
    fsbp: ['IAM.21'],
    scanners: { 'cdk-nag': ['AwsSolutions-IAM5'], trivy: ['AVD-AWS-0057'], 'control-tower': ['CT.IAM.PR.3'] },
  },
  examples: {
    holds: [
      template({ Policy: policy({ Action: ['s3:Get*', 'kms:GenerateDataKey*'], Resource: '*' }) }),
      template({ Policy: policy({ Effect: 'Deny', Action: 's3:*', Resource: '*' }) }),
    ],
    breaks: [
      template({ Policy: policy({ Action: 's3:*', Resource: 'arn:aws:s3:::b/*' }) }),
      template({ Policy: policy({ Action: ['s3:GetObject', 'iam:*'], Resource: '*' }, 'AWS::IAM::ManagedPolicy') }),
      template({ Policy: policy({ Action: '*', Resource: 'arn:aws:s3:::b' }) }),
      template({ Policy: policy({ NotAction: 'iam:*', Resource: 'arn:aws:s3:::b' }) }),
    ],
    undecided: [
      template({ Policy: policy({ Action: [setting], Resource: '*' }) }),
      template({ Policy: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: setting }) }),
    ],
  },
});
