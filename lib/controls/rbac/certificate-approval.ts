import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [
  {
    verbs: ['update', 'patch'],
    apiGroups: ['certificates.k8s.io'],
    resources: ['certificatesigningrequests/approval', 'certificatesigningrequests/status'],
  },
  { verbs: ['approve', 'sign'], apiGroups: ['certificates.k8s.io'], resources: ['signers'] },
];

export const certificateApproval = control({
  ...rbac,
  id: 'K-RBA-12',
  title: 'no role approves or signs certificates',
  because: 'an approved client certificate is any user and group that it names, until it ends',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'remove the rule; EKS approves the requests of its nodes itself',
  references: { cisKubernetes: ['5.1.11'], nsa: ['authn-authz'], scanners: { checkov: ['CKV_K8S_156'], kubescape: ['C-0280'] } },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('ClusterRole', rule('certificates.k8s.io', ['certificatesigningrequests'], ['create', 'get'])),
      role('ClusterRole', rule('certificates.k8s.io', ['certificatesigningrequests/approval'], ['get'])),
    ),
    breaks: manifests(
      role('ClusterRole', rule('certificates.k8s.io', ['certificatesigningrequests/approval'], ['update'])),
      role('ClusterRole', rule('certificates.k8s.io', ['signers'], ['approve'], ['kubernetes.io/kube-apiserver-client'])),
      role('ClusterRole', rule('*', ['certificatesigningrequests/approval'], ['patch'])),
    ),
  },
});
