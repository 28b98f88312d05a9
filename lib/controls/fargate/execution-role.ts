import { isOpen, type ValueObject } from '../../inventory/value';
import { control, fail, pass, undecided, type Verdict } from '../control';
import { conditions, principals, rolesTrusting, type Trust, trustPath } from '../iam/trust';
import { Severity } from '../severity';
import { setting, template, trusting } from '../template-examples';
import { firstOf, shownValue } from '../template-values';

const SERVICE = 'eks-fargate-pods.amazonaws.com';
const subjects = rolesTrusting('roles that trust Fargate', (statement: ValueObject) => principals(statement, 'Service').includes(SERVICE));

function judgeOne({ statement, index }: Trust): Verdict {
  const at = `${trustPath(index)}.Condition`;
  if (isOpen(statement.Condition)) return undecided('the condition of the trust policy is decided at deployment', at);
  const sources = conditions(statement)
    .filter(({ operator, key }) => /^(Arn|String)(Equals|Like)$/.test(operator) && key.toLowerCase() === 'aws:sourcearn')
    .flatMap(({ values }) => values);
  if (sources.length === 0) return fail('the trust policy of the pod execution role has no condition on aws:SourceArn', at);
  const wide = sources.find((source) => typeof source === 'string' && /^\*$|:fargateprofile\/\*$|:fargateprofile\/\*\/\*$/.test(source));
  return wide === undefined ? pass : fail(`the condition on aws:SourceArn is ${shownValue(wide)}, which is every cluster`, at);
}

const role = (condition?: object) =>
  template({
    Role: trusting({
      Action: 'sts:AssumeRole',
      Principal: { Service: SERVICE },
      ...(condition === undefined ? {} : { Condition: { ...condition } }),
    }),
  });
const arn = 'arn:aws:eks:eu-west-1:111122223333:fargateprofile/shop/*';

export const fargateExecutionRole = control({
  id: 'A-FGT-02',
  title: 'the pod execution role is bound to its cluster',
  because: 'any cluster whose profiles name the role could otherwise pull the images and write the logs of this one',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'pod',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects,
  judge: (trusts: readonly Trust[]) => firstOf(...trusts.map(judgeOne)),
  remedy: 'add the condition ArnLike aws:SourceArn arn:PARTITION:eks:REGION:ACCOUNT:fargateprofile/CLUSTER/* to the trust policy',
  references: { cisEks: ['5.2.1'] },
  examples: {
    holds: [role({ ArnLike: { 'aws:SourceArn': arn } })],
    breaks: [role(), role({ ArnLike: { 'aws:SourceArn': 'arn:aws:eks:eu-west-1:111122223333:fargateprofile/*' } })],
    undecided: [role(setting)],
  },
});
