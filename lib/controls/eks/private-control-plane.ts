import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { cluster, ref, setting, template } from '../template-examples';
import { at, isUnknown, listAt, shownValue } from '../template-values';
import { wayOut } from '../vpc/routes';
import { subnets } from '../vpc/subnet-examples';

const AT = 'Properties.ResourcesVpcConfig.SubnetIds';
const within = (...ids: (string | { [key: string]: string })[]) =>
  template({ ...subnets, Cluster: cluster({ ResourcesVpcConfig: { SubnetIds: ids } }) });
const to = (logicalId: string) => ref(logicalId) as { [key: string]: string };

export const privateControlPlane = control({
  id: 'A-EKS-19',
  title: 'interfaces of the control plane are in subnets without a way in',
  because: 'an interface in a public subnet is one wrong address or rule away from the internet',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'isolation',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['control-plane-attack'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: ({ properties }, { inventory }) => {
    const value = at(properties, 'ResourcesVpcConfig.SubnetIds');
    const ids = listAt(properties, 'ResourcesVpcConfig.SubnetIds');
    if (ids.length === 0 || isUnknown(value)) return undecided('the subnets of the control plane are decided at deployment', AT);
    const ways = ids.map((id) => ({ id, way: wayOut(inventory, id) }));
    const open = ways.find(({ way }) => way === 'gateway');
    if (open !== undefined) return fail(`the subnet ${shownValue(open.id)} has a route to an internet gateway`, AT);
    const unseen = ways.find(({ way }) => way === 'unknown');
    return unseen === undefined ? pass : undecided(`the routes of the subnet ${shownValue(unseen.id)} are not in what was read`, AT);
  },
  remedy: 'name private or isolated subnets alone in ResourcesVpcConfig.SubnetIds',
  references: { cisEks: ['5.4.1'] },
  examples: {
    holds: [within(to('Private'), to('Isolated'))],
    breaks: [within(to('Private'), to('Public'))],
    undecided: [
      within('subnet-11112222333344445', to('Private')),
      template({ Cluster: cluster({ ResourcesVpcConfig: { SubnetIds: setting } }) }),
    ],
  },
});
