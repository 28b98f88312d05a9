import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [
  { verbs: ['bind'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'clusterroles'] },
  { verbs: ['create', 'update', 'patch'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings', 'clusterrolebindings'] },
];

export const bind = control({
  ...rbac,
  id: 'K-RBA-08',
  title: 'no role may bind roles or create bindings',
  because: 'whoever binds roles makes anybody an administrator, and the verb bind lets through even what the binder does not have',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'remove the rule; let bindings come from the same pipeline as the roles',
  references: {
    cisEks: ['4.1.8'],
    cisKubernetes: ['5.1.8'],
    nsa: ['authn-authz'],
    scanners: { checkov: ['CKV2_K8S_1', 'CKV_K8S_157'], kubescape: ['C-0191'], trivy: ['KSV-0051', 'KSV-0052', 'KSV-0055'] },
  },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('ClusterRole', rule('rbac.authorization.k8s.io', ['rolebindings'], ['get', 'list', 'watch'])),
      role('Role', rule('rbac.authorization.k8s.io', ['rolebindings'], ['delete'])),
    ),
    breaks: manifests(
      role('ClusterRole', rule('rbac.authorization.k8s.io', ['clusterroles'], ['bind'])),
      role('Role', rule('rbac.authorization.k8s.io', ['rolebindings'], ['create'])),
      role('ClusterRole', rule('rbac.authorization.k8s.io', ['*'], ['patch'])),
      role('ClusterRole', rule('rbac.authorization.k8s.io', ['clusterroles'], ['bind'], ['edit'])),
    ),
  },
});
