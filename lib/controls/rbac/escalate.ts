import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [{ verbs: ['escalate'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'clusterroles'] }];

export const escalate = control({
  ...rbac,
  id: 'K-RBA-07',
  title: 'no role may escalate roles',
  because: 'the verb escalate writes permissions into a role that the writer does not have',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'remove the verb escalate; grant what the writer of roles has to hand out to the writer itself',
  references: {
    cisEks: ['4.1.8'],
    cisKubernetes: ['5.1.8'],
    nsa: ['authn-authz'],
    scanners: { checkov: ['CKV_K8S_158'], kubescape: ['C-0191'], trivy: ['KSV-0050'] },
  },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('ClusterRole', rule('rbac.authorization.k8s.io', ['roles'], ['get', 'list'])),
      role('Role', rule('rbac.authorization.k8s.io', ['roles'], ['create', 'update'])),
    ),
    breaks: manifests(
      role('ClusterRole', rule('rbac.authorization.k8s.io', ['clusterroles'], ['escalate'])),
      role('Role', rule('rbac.authorization.k8s.io', ['roles'], ['update', 'escalate'])),
      role('Role', rule('rbac.authorization.k8s.io', ['roles'], ['*'])),
    ),
  },
});
