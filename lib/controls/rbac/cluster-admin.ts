import type { KubernetesObject } from '../../inventory/model';
import { isJsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { clusterRoleName, roleOf } from './references';
import { account, binding, bindings, gives, group, rbac, role, rule, rulesOf } from './roles';

const EVERYTHING = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

/** A role of another name with the rule of cluster-admin. */
function isEverything(role: KubernetesObject): boolean {
  return rulesOf(role).some((rule) => isJsonObject(rule) && gives(rule, EVERYTHING));
}

export const clusterAdmin = control({
  ...rbac,
  id: 'K-RBA-01',
  title: 'nobody is bound to cluster-admin',
  because: 'cluster-admin reads every secret and starts any pod, so one stolen token is the cluster',
  severity: Severity.HIGH,
  subjects: bindings,
  judge: (object, { inventory }) => {
    const named = clusterRoleName(object);
    if (named === 'cluster-admin')
      return fail(`the ${object.kind} ${object.name} gives cluster-admin, it must give a role that names its rules`, 'roleRef.name');
    const role = roleOf(inventory, object);
    return role !== undefined && isEverything(role)
      ? fail(
          `the ${object.kind} ${object.name} gives ${role.kind} ${role.name}, which allows everything as cluster-admin does`,
          'roleRef.name',
        )
      : pass;
  },
  remedy: 'bind a role that names verbs and resources; people administer by access entries of the cluster',
  references: {
    cisEks: ['4.1.1'],
    cisKubernetes: ['5.1.1'],
    nsa: ['authn-authz'],
    scanners: {
      'kube-linter': ['cluster-admin-role-binding'],
      kubescape: ['C-0035', 'C-0185', 'C-0272'],
      polaris: ['clusterrolebindingClusterAdmin', 'rolebindingClusterAdminClusterRole', 'rolebindingClusterAdminRole'],
      trivy: ['KSV-0111'],
    },
  },
  examples: {
    holds: [
      { manifests: [binding('RoleBinding', 'view', account)] },
      {
        name: 'a wildcard of one group',
        manifests: [binding('ClusterRoleBinding', 'reader', account), role('ClusterRole', rule('apps', ['*'], ['*']))],
      },
      {
        name: 'a Role of that name',
        manifests: [{ ...binding('RoleBinding', 'x', account), roleRef: { kind: 'Role', name: 'cluster-admin' } }],
      },
    ],
    breaks: [
      ...manifests(binding('ClusterRoleBinding', 'cluster-admin', account), binding('RoleBinding', 'cluster-admin', group('developers'))),
      {
        name: 'another name for it',
        manifests: [binding('ClusterRoleBinding', 'reader', account), role('ClusterRole', rule('*', ['*'], ['*']))],
      },
    ],
  },
});
