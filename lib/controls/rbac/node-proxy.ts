import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [{ verbs: ['get', 'create', 'update', 'patch', 'delete'], apiGroups: [''], resources: ['nodes/proxy'] }];

/** Reading is enough: the kubelet runs commands on a get that becomes a web socket. */
export const nodeProxy = control({
  ...rbac,
  id: 'K-RBA-10',
  title: 'no role reaches the kubelet through the API server',
  because: 'the kubelet runs commands in every pod of its node, without admission and without the audit log',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'name nodes/metrics, nodes/stats, nodes/log or nodes/healthz instead, which Kubernetes 1.36 and later know by themselves',
  references: {
    cisKubernetes: ['5.1.10'],
    nsa: ['authn-authz'],
    scanners: { checkov: ['CKV2_K8S_2'], kubescape: ['C-0279'], trivy: ['KSV-0047'] },
  },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('ClusterRole', rule('', ['nodes', 'nodes/metrics'], ['get'])),
      role('ClusterRole', rule('', ['pods/proxy'], ['get'])),
    ),
    breaks: manifests(
      role('ClusterRole', rule('', ['nodes/proxy'], ['get'])),
      role('ClusterRole', rule('', ['nodes', 'nodes/proxy'], ['create'])),
      role('ClusterRole', rule('', ['*/proxy'], ['*'])),
    ),
  },
});
