import type { ValueObject } from '../../inventory/value';
import { control, fail, pass, type Verdict } from '../control';
import { Severity } from '../severity';
import { template, trusting } from '../template-examples';
import { firstOf } from '../template-values';
import { conditions, principals, rolesTrusting, type Trust, trustPath } from './trust';

const SERVICE = 'pods.eks.amazonaws.com';
/** The account, and the request tags that EKS sends with every AssumeRole for a pod. */
const KEYS = [
  'aws:SourceAccount',
  'aws:RequestTag/eks-cluster-arn',
  'aws:RequestTag/kubernetes-namespace',
  'aws:RequestTag/kubernetes-service-account',
];

const subjects = rolesTrusting('roles that trust EKS Pod Identity', (statement: ValueObject) =>
  principals(statement, 'Service').includes(SERVICE),
);

function judgeOne({ statement, index }: Trust): Verdict {
  const bound = new Map(
    conditions(statement)
      .filter(({ operator }) => /^(String|Arn)Equals$/.test(operator))
      .map(({ key, values }) => [key.toLowerCase(), values]),
  );
  const missing = KEYS.filter((key) => !bound.has(key.toLowerCase()));
  if (missing.length > 0)
    return fail(`the trust policy of the Pod Identity role has no condition on ${missing.join(', ')}`, `${trustPath(index)}.Condition`);
  const wild = KEYS.filter((key) => bound.get(key.toLowerCase())?.some((value) => typeof value === 'string' && value.includes('*')));
  return wild.length === 0
    ? pass
    : fail(
        `the condition on ${wild.join(', ')} compares with a wildcard, which matches nothing by StringEquals`,
        `${trustPath(index)}.Condition`,
      );
}

const role = (condition?: object) =>
  template({
    Role: trusting({
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Principal: { Service: SERVICE },
      ...(condition === undefined ? {} : { Condition: { ...condition } }),
    }),
  });
const whole = {
  'aws:SourceAccount': '111122223333',
  'aws:RequestTag/eks-cluster-arn': 'arn:aws:eks:eu-west-1:111122223333:cluster/shop',
  'aws:RequestTag/kubernetes-namespace': 'shop',
  'aws:RequestTag/kubernetes-service-account': 'app',
};

export const podIdentityTrust = control({
  id: 'A-IAM-02',
  title: 'a Pod Identity role is bound to account, cluster, namespace and service account',
  because: 'whoever may write an association could otherwise hand the role to any pod of any cluster of the account',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'pod',
  carrier: 'library',
  threats: ['workload-attack', 'permission-mistake'],
  subjects,
  judge: (trusts: readonly Trust[]) => firstOf(...trusts.map(judgeOne)),
  remedy: `add StringEquals conditions on ${KEYS.join(', ')} to the trust policy`,
  references: { cisEks: ['5.2.1'] },
  examples: {
    holds: [role({ StringEquals: whole })],
    breaks: [
      role(),
      role({ StringEquals: { 'aws:SourceAccount': '111122223333' } }),
      role({ StringEquals: { ...whole, 'aws:RequestTag/kubernetes-namespace': '*' } }),
    ],
  },
});
