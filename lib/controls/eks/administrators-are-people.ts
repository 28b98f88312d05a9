import { listOf, statementsOf } from '../../inventory/join';
import type { CloudFormationResource } from '../../inventory/model';
import { isObject, isOpen, type ValueObject } from '../../inventory/value';
import { control, fail, pass, type Subjects, undecided, type Verdict } from '../control';
import { conditions } from '../iam/trust';
import { Severity } from '../severity';
import { cluster, getAtt, ref, resource, setting, template, trusting } from '../template-examples';
import { firstOf, isTrue, numberOf, shownValue, textOf } from '../template-values';
import { administers } from './access-entry';

const entries: Subjects<CloudFormationResource> = {
  description: 'AWS::EKS::AccessEntry of administrators',
  *select(inventory) {
    for (const resource of inventory.ofType('AWS::EKS::AccessEntry')) if (administers(resource)) yield { resource, value: resource };
  },
};

const AT = 'Properties.PrincipalArn';

/** Sessions of a role that people assume end within the hour, which is also IAM's default. */
const LONGEST_SESSION = 3600;

function withSecondFactor(statement: ValueObject): boolean {
  return conditions(statement).some(
    ({ operator, key, values }) =>
      (operator === 'Bool' && key.toLowerCase() === 'aws:multifactorauthpresent' && values.every(isTrue)) ||
      (/^NumericLessThan(Equals)?$/.test(operator) && key.toLowerCase() === 'aws:multifactorauthage'),
  );
}

/** What one statement of the administrators' trust policy lets in. A web identity or SAML provider asks for the second factor itself, out of sight. */
function judgeStatement(statement: ValueObject): Verdict {
  const { Principal: principal } = statement;
  if (isOpen(principal)) return undecided('who may assume the administrator role is decided at deployment', AT);
  if (!isObject(principal)) return fail('the administrator role is assumed by everyone', AT);
  const services = listOf(principal.Service);
  if (services.length > 0)
    return fail(`the administrator role is assumed by ${services.map(shownValue).join(', ')}, which is no person`, AT);
  if (principal.AWS !== undefined && !withSecondFactor(statement))
    return fail('the administrator role is assumed without a second factor', AT);
  if (principal.Federated !== undefined)
    return undecided(`whether ${listOf(principal.Federated).map(shownValue).join(', ')} asks for a second factor is decided there`, AT);
  return pass;
}

function judgeRole(role: CloudFormationResource): Verdict {
  if (role.type !== 'AWS::IAM::Role') return fail(`the administrator ${role.logicalId} is an ${role.type}, it must be a role`, AT);
  const longest = numberOf(role.properties.MaxSessionDuration);
  if (longest !== undefined && longest > LONGEST_SESSION)
    return fail(`sessions of the administrator role last ${longest} seconds, at most ${LONGEST_SESSION} are right`, AT);
  const { AssumeRolePolicyDocument: trust } = role.properties;
  const allowed = statementsOf(trust).filter(({ Effect }) => Effect === 'Allow');
  if (allowed.length === 0) return undecided('who may assume the administrator role is decided at deployment', AT);
  return firstOf(...allowed.map(judgeStatement));
}

const admin = (principal: string | object, others: { [id: string]: object } = {}) =>
  template({
    Cluster: cluster(),
    Admin: resource('AWS::EKS::AccessEntry', {
      ClusterName: ref('Cluster'),
      PrincipalArn: principal as string,
      AccessPolicies: [
        { PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy', AccessScope: { Type: 'cluster' } },
      ],
    }),
    ...(others as { [id: string]: ReturnType<typeof resource> }),
  });
const people = { Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111122223333:root' } };
const role = (statement: object) => admin(getAtt('Admins', 'Arn'), { Admins: trusting({ ...statement }) });

/**
 * A role of another stack or of Identity Center is taken by its ARN: what its trust policy asks for is judged where that policy is read. The control claims
 * no more than its title says.
 */
export const administratorsArePeople = control({
  id: 'A-EKS-09',
  title: 'administrators are roles, and those declared here ask for a second factor',
  because: 'a user has keys that never expire, a root cannot be limited, and a role without a second factor is as strong as one stolen key',
  severity: Severity.CRITICAL,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'cluster',
  carrier: 'platform-team',
  threats: ['credential-leak'],
  subjects: entries,
  judge: ({ properties }, { inventory }) => {
    const { PrincipalArn: principal } = properties;
    const found = inventory.find(principal);
    if (found !== undefined) return judgeRole(found);
    const arn = textOf(principal);
    if (arn === undefined || !arn.startsWith('arn:')) return undecided('the administrator is decided at deployment', AT);
    if (arn.includes('*')) return fail(`the administrator ${arn} is a pattern, it must be one role`, AT);
    if (/:root$/.test(arn)) return fail(`the administrator ${arn} is a whole account, it must be a role`, AT);
    if (/:user\//.test(arn)) return fail(`the administrator ${arn} is a user, it must be a role`, AT);
    return /:(assumed-)?role\//.test(arn) ? pass : undecided(`whether the administrator ${arn} is a role is decided at deployment`, AT);
  },
  remedy: 'name a role of IAM Identity Center, or one whose trust policy asks for aws:MultiFactorAuthPresent, with sessions of an hour',
  references: { cisEks: ['4.1.1', '5.5.1'] },
  examples: {
    holds: [
      admin('arn:aws:iam::111122223333:role/platform-admins'),
      role({ ...people, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    ],
    breaks: [
      admin('arn:aws:iam::111122223333:root'),
      admin('arn:aws:iam::111122223333:user/jo'),
      role(people),
      role({ ...people, Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      role({ Action: 'sts:AssumeRole', Principal: { Service: 'codebuild.amazonaws.com' } }),
      admin(getAtt('Jo', 'Arn'), { Jo: resource('AWS::IAM::User') }),
    ],
    undecided: [
      admin(setting),
      role({ Action: 'sts:AssumeRoleWithSAML', Principal: { Federated: 'arn:aws:iam::111122223333:saml-provider/idp' } }),
    ],
  },
});
