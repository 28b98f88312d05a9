import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [
  { verbs: ['update', 'patch'], apiGroups: [''], resources: ['services/status'] },
  { verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'], apiGroups: [''], resources: ['endpoints'] },
  { verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'], apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  { verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'], apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'] },
];

/** Services and ingresses are what deployers write; these others turn traffic aside without a trace in what was deployed. */
export const networkWrites = control({
  ...rbac,
  id: 'K-RBA-20',
  title: 'no role turns traffic aside',
  because: 'who writes endpoints or the status of a service takes over its traffic, and who writes policies opens every pod',
  severity: Severity.MEDIUM,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'leave endpoints to the control plane and policies to the pipeline, and remove the rule',
  references: { nsa: ['authn-authz'], scanners: { checkov: ['CKV2_K8S_4'], trivy: ['KSV-0056'] } },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('Role', rule('', ['services', 'endpoints'], ['get', 'list', 'watch'])),
      role('Role', rule('networking.k8s.io', ['ingresses'], ['create'])),
    ),
    breaks: manifests(
      role('ClusterRole', rule('', ['services/status'], ['patch'])),
      role('Role', rule('networking.k8s.io', ['networkpolicies'], ['delete'])),
      role('Role', rule('', ['endpoints'], ['update'])),
      role('ClusterRole', rule('discovery.k8s.io', ['endpointslices'], ['*'])),
    ),
  },
});
