import { listOf } from '../../inventory/join';
import type { CloudFormationResource } from '../../inventory/model';
import { isOpen, type Value, type ValueObject } from '../../inventory/value';
import { control, fail, pass, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { ref, resource, template, trusting } from '../template-examples';
import { firstOf, shownValue, textOf } from '../template-values';
import { conditions, principals, rolesTrusting, type Trust, trustPath } from './trust';

/** A federated principal that is, or may be, the OIDC provider of a cluster; GitHub and the like have controls of their own. */
function isCluster(provider: Value): boolean {
  const text = textOf(provider);
  if (text === undefined) return isOpen(provider);
  return text.startsWith('${') || /oidc-provider\/(\$\{|oidc\.eks[.-])/.test(text);
}

const subjects = rolesTrusting(
  'roles that trust web identities of a cluster',
  (statement: ValueObject) =>
    listOf(statement.Action).includes('sts:AssumeRoleWithWebIdentity') && principals(statement, 'Federated').some(isCluster),
);

function judgeOne({ statement, index }: Trust): Verdict {
  const at = `${trustPath(index)}.Condition`;
  const exact = (suffix: string): readonly Value[] =>
    conditions(statement)
      .filter(({ operator, key }) => operator === 'StringEquals' && key.endsWith(suffix))
      .flatMap(({ values }) => values);
  const audiences = exact(':aud');
  const names = exact(':sub');
  if (names.length === 0) {
    const like = conditions(statement).find(({ operator, key }) => operator.includes('Like') && key.endsWith(':sub'));
    return fail(
      like === undefined
        ? 'the trust policy accepts every service account of the cluster'
        : `the trust policy accepts service accounts like ${like.values.map(shownValue).join(', ')}`,
      at,
    );
  }
  if (names.some(isOpen)) return undecided(`the service account is decided at deployment (${names.map(shownValue).join(', ')})`, at);
  const wrong = names.find((name) => typeof name !== 'string' || !/^system:serviceaccount:[^:*?]+:[^:*?]+$/.test(name));
  if (wrong !== undefined) return fail(`the trust policy accepts ${shownValue(wrong)}, which names no single service account`, at);
  if (names.length > 1) return fail(`the trust policy accepts ${names.length} service accounts`, at);
  if (audiences.length === 0) return fail('the trust policy does not ask for an audience', at);
  if (audiences.some(isOpen)) return undecided('the audience is decided at deployment', at);
  return audiences.every((audience) => audience === 'sts.amazonaws.com')
    ? pass
    : fail(`the audience is ${audiences.map(shownValue).join(', ')}, it must be sts.amazonaws.com`, at);
}

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/ABC';
const irsa = (condition: object, provider: string | { [key: string]: string } = `arn:aws:iam::111122223333:oidc-provider/${issuer}`) =>
  template({
    Provider: resource('AWS::IAM::OIDCProvider', {}),
    Role: trusting({ Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: provider }, Condition: { ...condition } }),
  });
const sub = { [`${issuer}:sub`]: 'system:serviceaccount:shop:app' };
const aud = { [`${issuer}:aud`]: 'sts.amazonaws.com' };

export const irsaTrust = control({
  id: 'A-IAM-01',
  title: 'a role for a service account trusts that one alone',
  because: 'a trust policy without an exact subject lets every pod of the cluster become the role',
  severity: Severity.CRITICAL,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'pod',
  carrier: 'library',
  threats: ['workload-attack', 'permission-mistake'],
  subjects,
  judge: (trusts: readonly Trust[]) => firstOf(...trusts.map(judgeOne)),
  remedy: 'compare ISSUER:sub with system:serviceaccount:NAMESPACE:NAME and ISSUER:aud with sts.amazonaws.com, both by StringEquals',
  references: { cisEks: ['5.2.1'] },
  examples: {
    holds: [
      irsa({ StringEquals: { ...sub, ...aud } }),
      irsa({ StringEquals: { ...sub, ...aud } }, ref('Provider') as { [key: string]: string }),
    ],
    breaks: [
      irsa({}),
      irsa({ StringEquals: sub }),
      irsa({ StringEquals: aud, StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:shop:*' } }),
      irsa({ StringEquals: { ...aud, [`${issuer}:sub`]: ['system:serviceaccount:shop:app', 'system:serviceaccount:shop:other'] } }),
    ],
    undecided: [irsa({ StringEquals: { ...aud, [`${issuer}:sub`]: ref('Setting') } })],
  },
});

export type { CloudFormationResource };
