import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [
  {
    verbs: ['impersonate'],
    apiGroups: ['', 'authentication.k8s.io'],
    resources: ['users', 'groups', 'serviceaccounts', 'uids', 'userextras'],
  },
];

export const impersonate = control({
  ...rbac,
  id: 'K-RBA-09',
  title: 'no role may impersonate',
  because: 'impersonation is the permissions of somebody else, of an administrator too',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'remove the verb impersonate, and give the caller a role of its own',
  references: {
    cisEks: ['4.1.8'],
    cisKubernetes: ['5.1.8'],
    nsa: ['authn-authz'],
    scanners: { checkov: ['CKV2_K8S_3'], kubescape: ['C-0065', 'C-0191'], trivy: ['KSV-0043'] },
  },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(role('ClusterRole', rule('', ['serviceaccounts'], ['get']))),
    breaks: manifests(
      role('ClusterRole', rule('', ['users'], ['impersonate'])),
      role('Role', rule('', ['serviceaccounts'], ['impersonate'])),
      role('ClusterRole', rule('', ['groups'], ['impersonate'], ['developers'])),
      role('ClusterRole', rule('authentication.k8s.io', ['uids'], ['*'])),
    ),
  },
});
