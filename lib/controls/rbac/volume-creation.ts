import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [{ verbs: ['create'], apiGroups: [''], resources: ['persistentvolumes'] }];

export const volumeCreation = control({
  ...rbac,
  id: 'K-RBA-14',
  title: 'no role creates persistent volumes',
  because: 'a persistent volume may be a folder of the node, which no Pod Security label refuses',
  severity: Severity.MEDIUM,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'let a storage class make volumes from claims; only its provisioner needs the rule',
  references: { cisKubernetes: ['5.1.9'], nsa: ['authn-authz'], scanners: { kubescape: ['C-0278'] } },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('ClusterRole', rule('', ['persistentvolumes'], ['get', 'list'])),
      role('Role', rule('', ['persistentvolumeclaims'], ['create'])),
    ),
    breaks: manifests(
      role('ClusterRole', rule('', ['persistentvolumes'], ['create'])),
      role('ClusterRole', rule('', ['persistentvolumes', 'persistentvolumeclaims'], ['*'])),
    ),
  },
});
