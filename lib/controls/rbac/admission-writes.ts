import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [
  {
    verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
    apiGroups: ['admissionregistration.k8s.io'],
    resources: [
      'mutatingwebhookconfigurations',
      'validatingwebhookconfigurations',
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
      'mutatingadmissionpolicies',
      'mutatingadmissionpolicybindings',
    ],
  },
];

/** A rule that names its own webhook still turns it on every object of the cluster. */
export const admissionWrites = control({
  ...rbac,
  id: 'K-RBA-13',
  title: 'no role writes webhooks or admission policies',
  because: 'a webhook sees and changes every object on its way into the cluster, and a policy taken away admits everything',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'remove the rule; let cert-manager or the pipeline write the certificates of webhooks',
  references: {
    cisKubernetes: ['5.1.12'],
    nsa: ['authn-authz'],
    scanners: { checkov: ['CKV_K8S_155'], kubescape: ['C-0281'], trivy: ['KSV-0114'] },
  },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('ClusterRole', rule('admissionregistration.k8s.io', ['validatingwebhookconfigurations'], ['get', 'list', 'watch'])),
    ),
    breaks: manifests(
      role('ClusterRole', rule('admissionregistration.k8s.io', ['mutatingwebhookconfigurations'], ['create'])),
      role('ClusterRole', rule('admissionregistration.k8s.io', ['validatingadmissionpolicies'], ['delete'])),
      role('ClusterRole', rule('admissionregistration.k8s.io', ['*'], ['patch'])),
      role('ClusterRole', rule('admissionregistration.k8s.io', ['validatingwebhookconfigurations'], ['update'], ['own'])),
    ),
  },
});
