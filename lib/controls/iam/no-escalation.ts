import { listOf, statementsOf } from '../../inventory/join';
import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isObject, isOpen, type Value, type ValueObject } from '../../inventory/value';
import { control, fail, pass, resources, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { policy, ref, resource, setting, template } from '../template-examples';
import { awsManagedPolicy, shownValue } from '../template-values';
import { documentsOf } from './attached';
import { ESCALATING_POLICIES, ESCALATIONS, type Escalation, HARMLESS_POLICIES } from './escalations';
import { isUnlimited, speaksOf } from './statements';
import { conditions } from './trust';

type Answer = 'yes' | 'perhaps' | 'no';
const AT = 'Properties.AssumeRolePolicyDocument';

/** Whether a PassRole statement serves an escalation: a limit to other services closes it, any other condition leaves it open. */
function conditionAllows(statement: ValueObject, escalation: Escalation, action: string): Answer {
  if (statement.Condition === undefined) return 'yes';
  if (action === 'iam:PassRole' && escalation.passedTo !== undefined) {
    const services = conditions(statement).filter(
      ({ operator, key }) => /^String(Equals|Like)$/.test(operator) && key.toLowerCase() === 'iam:passedtoservice',
    );
    if (services.length > 0) {
      const named = services.every(({ values }) =>
        values.some((value) => isOpen(value) || value === escalation.passedTo || (typeof value === 'string' && value.includes('*'))),
      );
      if (!named) return 'no';
      if (Object.keys(statement.Condition as object).length === 1) return 'yes';
    }
  }
  return 'perhaps';
}

/** Whether statements let their holder call an action on resources that are no particular ones. */
function allows(statements: readonly ValueObject[], action: string, escalation: Escalation): Answer {
  let answer: Answer = 'no';
  for (const statement of statements) {
    if (statement.Effect !== 'Allow') continue;
    const spoken = speaksOf(statement, action);
    if (spoken === false) continue;
    // A named resource is somebody's choice of what may be changed or passed, and no way to everything.
    const unlimited = isUnlimited(statement, action);
    if (unlimited === false) continue;
    const allowed = spoken === 'unknown' || unlimited === 'unknown' ? 'perhaps' : conditionAllows(statement, escalation, action);
    if (allowed === 'yes' || (allowed === 'perhaps' && answer === 'no')) answer = allowed;
  }
  if (answer === 'no') return 'no';
  for (const statement of statements) {
    if (statement.Effect !== 'Deny' || speaksOf(statement, action) === false) continue;
    const whole = statement.Condition === undefined && speaksOf(statement, action) === true && listOf(statement.Resource).includes('*');
    if (whole) return 'no';
    answer = 'perhaps';
  }
  return answer;
}

/** What a permissions boundary leaves: it must allow an action too. One that is not read may forbid it. */
function boundaryOf(inventory: Inventory, role: CloudFormationResource): readonly ValueObject[] | 'none' | 'unseen' {
  const { PermissionsBoundary: boundary } = role.properties;
  if (boundary === undefined) return 'none';
  const document = inventory.find(boundary)?.properties.PolicyDocument;
  return isObject(document) ? statementsOf(document) : 'unseen';
}

function judgeRole(role: CloudFormationResource, inventory: Inventory): Verdict {
  const arns = listOf(role.properties.ManagedPolicyArns);
  const boundary = boundaryOf(inventory, role);
  const limited = (message: string, at: string): Verdict =>
    boundary === 'unseen'
      ? undecided(`${message}, unless its permissions boundary forbids it, which is not in what was read`, at)
      : fail(message, at);
  const whole = arns.map(awsManagedPolicy).find((name) => name !== undefined && ESCALATING_POLICIES.includes(name));
  if (whole !== undefined && (boundary === 'none' || boundary === 'unseen'))
    return limited(`the role has ${whole}`, 'Properties.ManagedPolicyArns');
  const documents = documentsOf(inventory, role);
  const statements = documents.flatMap(({ document }) => statementsOf(document));
  let perhaps: string | undefined;
  for (const escalation of ESCALATIONS) {
    const answers = escalation.actions.flatMap((action) => [
      allows(statements, action, escalation),
      ...(typeof boundary === 'string' ? [] : [allows(boundary, action, escalation)]),
    ]);
    if (answers.includes('no')) continue;
    const how = `the role becomes an administrator by ${escalation.name} (${escalation.actions.join(', ')})`;
    if (answers.every((answer) => answer === 'yes')) return limited(how, AT);
    perhaps ??= how;
  }
  if (perhaps !== undefined) return undecided(`${perhaps}, unless its conditions or parameters forbid it`, AT);
  if (whole !== undefined) return undecided(`the role has ${whole} within a permissions boundary`, 'Properties.ManagedPolicyArns');
  const open = documents.find(({ document }) => isOpen(document) || document === undefined);
  if (open !== undefined) return undecided(`the policy ${open.resource.logicalId} is decided at deployment`, AT);
  const unseen = arns.find((arn) => !isSeen(inventory, arn));
  return unseen === undefined
    ? pass
    : undecided(`what the policy ${shownValue(unseen)} allows is not in what was read`, 'Properties.ManagedPolicyArns');
}

function isSeen(inventory: Inventory, arn: Value): boolean {
  const name = awsManagedPolicy(arn);
  return name === undefined ? inventory.find(arn)?.type === 'AWS::IAM::ManagedPolicy' : HARMLESS_POLICIES.includes(name);
}

const role = (...statements: object[]) => bounded({}, ...statements);
function bounded(properties: object, ...statements: object[]) {
  return template({
    Limit: policy({ Action: ['s3:*', 'ec2:RunInstances'], Resource: '*' }, 'AWS::IAM::ManagedPolicy'),
    Role: resource('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {},
      Policies: [
        {
          PolicyName: 'p',
          PolicyDocument: { Statement: statements.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement })) },
        },
      ],
      ...properties,
    }),
  });
}
const everyRole = { Action: ['iam:PassRole', 'ec2:RunInstances'] };

/**
 * Judged on the statements of roles and of the policies that name them, as written. A statement on named roles or users is somebody's choice and no
 * escalation; denials, conditions and boundaries that cannot be followed leave the answer open.
 */
export const noEscalation = control({
  id: 'A-IAM-06',
  title: 'no role can make itself an administrator',
  because: 'whoever holds it holds the account, whatever its other permissions say',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['permission-mistake', 'credential-leak'],
  subjects: resources('AWS::IAM::Role'),
  judge: (subject, { inventory }) => judgeRole(subject, inventory),
  remedy:
    'name the roles that may be passed or changed in Resource, and the service they are passed to in a condition on iam:PassedToService',
  references: { scanners: { cloudsplaining: ['PrivilegeEscalation'], checkov: ['CKV_AWS_110'] } },
  examples: {
    holds: [
      role({ Action: 's3:GetObject' }),
      role({ Action: 'iam:PassRole', Resource: 'arn:aws:iam::111122223333:role/app' }, { Action: 'ec2:RunInstances' }),
      role(
        { Action: 'iam:PassRole', Condition: { StringEquals: { 'iam:PassedToService': 'eks.amazonaws.com' } } },
        { Action: 'ec2:RunInstances' },
      ),
      role(everyRole, { Effect: 'Deny', Action: 'iam:*' }),
      bounded({ PermissionsBoundary: ref('Limit') }, everyRole),
      bounded({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEKSClusterPolicy'] }),
    ],
    breaks: [
      role(everyRole),
      role({ Action: 'iam:Attach*' }),
      role({ NotAction: 's3:*' }),
      role(
        { Action: 'iam:PassRole', Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } },
        { Action: 'ec2:RunInstances' },
      ),
      role({ Action: 'iam:PutRolePolicy', Resource: 'arn:aws:iam::111122223333:role/*' }),
      bounded({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
      template({
        Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: {} }),
        Policy: resource('AWS::IAM::Policy', {
          PolicyName: 'p',
          Roles: [ref('Role')],
          PolicyDocument: { Statement: { Effect: 'Allow', Action: 'iam:CreateAccessKey', Resource: '*' } },
        }),
      }),
    ],
    undecided: [
      bounded({ PermissionsBoundary: 'arn:aws:iam::111122223333:policy/limit' }, everyRole),
      role({ ...everyRole, Condition: { StringEquals: { 'aws:ResourceTag/team': 'a' } } }),
      role(everyRole, { Effect: 'Deny', Action: 'iam:PassRole', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }),
      role({ Action: ['iam:PassRole', setting] }),
      role({ Action: 'iam:PutRolePolicy', Resource: setting }),
      bounded({ ManagedPolicyArns: [setting] }),
      bounded({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonMSKFullAccess'] }),
    ],
  },
});
