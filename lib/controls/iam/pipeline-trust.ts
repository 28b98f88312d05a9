import { listOf } from '../../inventory/join';
import type { Inventory } from '../../inventory/model';
import { isOpen, type Value } from '../../inventory/value';
import { control, fail, pass, type Subjects, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { ref, resource, setting, template, trusting } from '../template-examples';
import { firstOf, shownValue, textOf } from '../template-values';
import { conditions, principals, rolesTrusting, type Trust, trustPath } from './trust';

/** Issuers of pipelines: their subjects name a project, and a reference or an environment of it. */
const ISSUERS =
  /token\.actions\.githubusercontent\.com|gitlab\.|api\.bitbucket\.org|oidc\.circleci\.com|agent\.buildkite\.com|app\.terraform\.io|vstoken\.dev\.azure\.com/;

/** The provider's address: in its ARN, or in the resource that declares it. */
function issuerOf(inventory: Inventory, provider: Value): string {
  return textOf(inventory.find(provider)?.properties.Url ?? provider) ?? '';
}

const all = rolesTrusting('roles that trust web identities', (statement) =>
  listOf(statement.Action).some((action) => action === 'sts:AssumeRoleWithWebIdentity'),
);
const roles: Subjects<readonly Trust[]> = {
  description: 'roles that trust pipelines',
  *select(inventory) {
    for (const { resource, value } of all.select(inventory)) {
      const trusts = value.filter(({ statement }) =>
        principals(statement, 'Federated').some((provider) => ISSUERS.test(issuerOf(inventory, provider))),
      );
      if (trusts.length > 0) yield { resource, value: trusts };
    }
  },
};

/** What is wrong with a subject; undefined when it names one project and one reference. */
function fault(subject: string): string | undefined {
  if (/[*?]/.test(subject)) return 'is a pattern';
  if (/:pull_request$/.test(subject)) return 'is every pull request, of whoever opens one';
  // `repo:org/name` alone, without what of it runs, matches no token, or every one of a customised subject.
  return /^repo:[^:]+$/.test(subject) ? 'names no reference' : undefined;
}

function judgeOne({ statement, index }: Trust): Verdict {
  const at = `${trustPath(index)}.Condition`;
  if (isOpen(statement.Condition)) return undecided('the condition of the trust policy is decided at deployment', at);
  // A condition that holds where the key is missing, or on none of the values, names nobody.
  const tests = conditions(statement).filter(({ operator }) => /^(ForAnyValue:)?String(Equals|Like)$/.test(operator));
  const subjects = tests.filter(({ key }) => key.endsWith(':sub')).flatMap(({ values }) => values);
  if (subjects.length === 0) return fail('the trust policy accepts every pipeline of the provider', at);
  const wrong = subjects.find((subject) => fault(String(subject)) !== undefined && (!isOpen(subject) || /[*?]/.test(literal(subject))));
  if (wrong !== undefined) return fail(`the trust policy accepts ${shownValue(wrong)}, which ${fault(String(wrong))}`, at);
  if (!tests.some(({ key }) => key.endsWith(':aud'))) return fail('the trust policy does not ask for an audience', at);
  const open = subjects.find((subject) => isOpen(subject));
  return open === undefined ? pass : undecided(`the subject ${shownValue(open)} is decided at deployment`, at);
}

/** The written parts of a text: what is left open is written as `${...}`, whose question mark is no pattern. */
function literal(value: Value): string {
  return (textOf(value) ?? '').replaceAll(/\$\{[^}]*\}/g, '');
}

const GITHUB = 'token.actions.githubusercontent.com';
const trust = (condition: object, provider: object | string = `arn:aws:iam::111122223333:oidc-provider/${GITHUB}`) =>
  template({
    GitHub: resource('AWS::IAM::OIDCProvider', { Url: `https://${GITHUB}` }),
    Role: trusting({ Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: provider as string }, Condition: { ...condition } }),
  });
const aud = { [`${GITHUB}:aud`]: 'sts.amazonaws.com' };
const sub = (subject: string | object) => ({ [`${GITHUB}:sub`]: subject });
const main = 'repo:example/platform:ref:refs/heads/main';

export const pipelineTrust = control({
  id: 'A-IAM-09',
  title: 'a role for a pipeline trusts one repository and reference',
  because: 'with a pattern any branch, fork or pull request that matches deploys with the permissions of production',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['credential-leak', 'permission-mistake'],
  subjects: roles,
  judge: (trusts: readonly Trust[]) => firstOf(...trusts.map(judgeOne)),
  remedy: 'compare ISSUER:sub with one repository and branch, tag or environment, and ISSUER:aud with sts.amazonaws.com, by StringEquals',
  references: { scanners: { checkov: ['CKV_AWS_358'] } },
  examples: {
    holds: [
      trust({ StringEquals: { ...aud, ...sub(main) } }),
      trust({ StringEquals: { ...aud, ...sub('repo:example/platform:environment:production') } }, ref('GitHub')),
    ],
    breaks: [
      trust({ StringEquals: aud }),
      trust({ StringEquals: aud, StringLike: sub('repo:example/*') }),
      trust({ StringEquals: aud, StringLike: sub('repo:example/platform:*') }),
      trust({ StringEquals: { ...aud, ...sub('repo:example/platform:pull_request') } }),
      trust({ StringEquals: sub(main) }),
      trust({ StringEquals: aud, 'ForAllValues:StringEquals': sub(main) }),
    ],
    undecided: [trust({ StringEquals: { ...aud, ...sub(setting) } })],
  },
});
