import { isObject } from '../../inventory/value';
import { control, fail, pass, resources, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { at, firstOf, isUnknown, listAt, shownValue } from '../template-values';

const profile = (...selectors: object[]) =>
  template({
    Profile: resource('AWS::EKS::FargateProfile', {
      ClusterName: 'shop',
      PodExecutionRoleArn: 'r',
      Selectors: selectors.map((selector) => ({ ...selector })),
    }),
  });
const labels = [{ Key: 'compute', Value: 'fargate' }];

export const fargateSelectors = control({
  id: 'A-FGT-03',
  title: 'profiles of Fargate select by namespace and labels',
  because: 'a profile of a whole namespace takes every pod that anybody creates there, agents that need a node included',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'isolation',
  boundary: 'namespace',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects: resources('AWS::EKS::FargateProfile'),
  judge: ({ properties }) => {
    const { Selectors: selectors } = properties;
    if (isUnknown(selectors)) return undecided('the selectors of the profile are decided at deployment', 'Properties.Selectors');
    const list = listAt(properties, 'Selectors');
    if (list.length === 0) return fail('the profile has no selectors', 'Properties.Selectors');
    return firstOf(
      ...list.map((selector, index): Verdict => {
        const path = `Properties.Selectors[${index}]`;
        const namespace = at(selector, 'Namespace');
        if (!isObject(selector) || isUnknown(namespace)) return undecided('the namespace of the selector is decided at deployment', path);
        if (typeof namespace !== 'string' || /[*?]/.test(namespace))
          return fail(`the selector names the namespace ${shownValue(namespace)}, it must name one`, path);
        if (isUnknown(selector.Labels)) return undecided('the labels of the selector are decided at deployment', path);
        return listAt(selector, 'Labels').length > 0
          ? pass
          : fail(`the selector takes every pod of the namespace ${namespace}, it must name labels`, path);
      }),
    );
  },
  remedy: 'give each selector a Namespace without wildcards and Labels',
  references: { urls: ['https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html'] },
  examples: {
    holds: [profile({ Namespace: 'shop', Labels: labels })],
    breaks: [profile({ Namespace: 'shop' }), profile({ Namespace: '*', Labels: labels }), profile()],
    undecided: [profile({ Namespace: setting, Labels: labels }), profile({ Namespace: 'shop', Labels: setting })],
  },
});
