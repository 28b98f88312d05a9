import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { ref, resource, setting, template } from '../template-examples';
import { isUnknown, listAt, shownValue } from '../template-values';
import { wayOut } from '../vpc/routes';
import { subnets } from '../vpc/subnet-examples';

const AT = 'Properties.Subnets';
const profile = (properties: object = {}) =>
  template({
    ...subnets,
    Profile: resource('AWS::EKS::FargateProfile', {
      ClusterName: 'shop',
      PodExecutionRoleArn: 'r',
      Selectors: [{ Namespace: 'shop' }],
      ...properties,
    }),
  });

export const fargatePrivateSubnets = control({
  id: 'A-FGT-01',
  title: 'pods on Fargate run in private subnets',
  because: 'a pod in a public subnet is one rule away from the internet, and EKS refuses the profile only at deployment',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'isolation',
  boundary: 'pod',
  carrier: 'platform-team',
  threats: ['workload-attack'],
  subjects: resources('AWS::EKS::FargateProfile'),
  judge: ({ properties }, { inventory }) => {
    const ids = listAt(properties, 'Subnets');
    if (ids.length === 0 || isUnknown(properties.Subnets)) return undecided('the subnets of the profile are decided at deployment', AT);
    const ways = ids.map((id) => ({ id, way: wayOut(inventory, id) }));
    const open = ways.find(({ way }) => way === 'gateway');
    if (open !== undefined) return fail(`the subnet ${shownValue(open.id)} has a route to an internet gateway`, AT);
    const unseen = ways.find(({ way }) => way === 'unknown');
    return unseen === undefined ? pass : undecided(`the routes of the subnet ${shownValue(unseen.id)} are not in what was read`, AT);
  },
  remedy: 'name private subnets in Subnets of the profile',
  references: { cisEks: ['5.4.3'] },
  examples: {
    holds: [profile({ Subnets: [ref('Private')] }), profile({ Subnets: [ref('Isolated')] })],
    breaks: [profile({ Subnets: [ref('Private'), ref('Public')] })],
    undecided: [profile(), profile({ Subnets: [setting] }), profile({ Subnets: ['subnet-11112222333344445'] })],
  },
});
