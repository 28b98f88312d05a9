import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [
  { verbs: ['create'], apiGroups: [''], resources: ['pods', 'replicationcontrollers'] },
  { verbs: ['create', 'update', 'patch'], apiGroups: ['apps'], resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'] },
  { verbs: ['create', 'update', 'patch'], apiGroups: ['batch'], resources: ['jobs', 'cronjobs'] },
];

/** Deployers need it, which is why it breaks no build: the finding says who else is as good as every service account of the namespace. */
export const workloadCreation = control({
  ...rbac,
  id: 'K-RBA-04',
  title: 'few roles create pods or workloads',
  because: 'whoever starts a pod chooses its service account, mounts its secrets and runs in its network',
  severity: Severity.LOW,
  maturity: 'incubating',
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'only what deploys may'),
  remedy: 'leave it to the deployer, and give people roles that read',
  references: {
    cisEks: ['4.1.4'],
    cisKubernetes: ['5.1.4'],
    nsa: ['authn-authz'],
    scanners: { 'kube-linter': ['access-to-create-pods'], kubescape: ['C-0188'], trivy: ['KSV-0048'] },
  },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('Role', rule('', ['pods'], ['get', 'list', 'delete'])),
      role('Role', rule('apps', ['deployments'], ['get'])),
      role('Role', rule('apps', ['deployments/scale'], ['update'])),
    ),
    breaks: manifests(
      role('Role', rule('', ['pods'], ['create'])),
      role('Role', rule('apps', ['deployments'], ['patch'])),
      role('ClusterRole', rule('batch', ['jobs'], ['*'])),
      role('Role', rule('*', ['*'], ['create'])),
    ),
  },
});
