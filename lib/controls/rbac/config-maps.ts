import type { Inventory, KubernetesObject } from '../../inventory/model';
import { isJsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { bindingsOf } from './references';
import { account, binding, gives, rbac, role, roles, rule, rulesOf } from './roles';

const WRITING = { verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'], apiGroups: [''], resources: ['configmaps'] };
/** The ConfigMaps of kube-system that decide who is an administrator and where names lead. */
const SYSTEM = ['aws-auth', 'coredns'];

/** A Role works in its own namespace; a ClusterRole wherever it is bound, and everywhere as long as nobody knows where. */
function reachesSystem(role: KubernetesObject, inventory: Inventory): boolean {
  if (role.kind === 'Role') return role.namespace === 'kube-system';
  const given = bindingsOf(inventory, role);
  return given.length === 0 || given.some(({ kind, namespace }) => kind === 'ClusterRoleBinding' || namespace === 'kube-system');
}

const inNamespace = (namespace: string) => ({ metadata: { name: 'reader', namespace } });

export const configMapWrites = control({
  ...rbac,
  id: 'K-RBA-19',
  title: 'no role writes the ConfigMaps of kube-system',
  because: 'aws-auth says which principals of IAM are administrators, and coredns where every name leads',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object, { inventory }) => {
    const rules = rulesOf(object);
    for (let index = 0; index < rules.length; index += 1) {
      const rule = rules[index];
      if (!isJsonObject(rule) || !gives(rule, WRITING)) continue;
      const names = Array.isArray(rule.resourceNames) && rule.resourceNames.length > 0 ? rule.resourceNames : undefined;
      if (names !== undefined && !names.some((name) => SYSTEM.includes(name as string))) continue;
      if (!reachesSystem(object, inventory)) return pass;
      return fail(
        `rule ${index} of ${object.kind} ${object.name} writes ${names === undefined ? 'any ConfigMap' : `the ConfigMap ${names.join(', ')}`} in kube-system, aws-auth and coredns must stay out of it`,
        `rules[${index}].resources`,
      );
    }
    return pass;
  },
  remedy: 'make it a Role of the namespace whose ConfigMaps are written, or name them in resourceNames',
  references: { nsa: ['authn-authz'], scanners: { kubescape: ['C-0037'], trivy: ['KSV-0049', 'KSV-0115'] } },
  examples: {
    holds: [
      ...manifests(
        role('Role', rule('', ['configmaps'], ['create', 'update'])),
        role('ClusterRole', rule('', ['configmaps'], ['get', 'list', 'watch'])),
        role('ClusterRole', rule('', ['configmaps'], ['update'], ['leader'])),
        { ...role('Role', rule('', ['configmaps'], ['patch'], ['leader'])), ...inNamespace('kube-system') },
      ),
      {
        name: 'bound in one namespace',
        manifests: [role('ClusterRole', rule('', ['configmaps'], ['*'])), binding('RoleBinding', 'reader', account)],
      },
    ],
    breaks: [
      ...manifests(
        role('ClusterRole', rule('', ['configmaps'], ['update'])),
        role('ClusterRole', rule('*', ['*'], ['*'])),
        { ...role('Role', rule('', ['configmaps'], ['create'])), ...inNamespace('kube-system') },
        { ...role('Role', rule('', ['configmaps'], ['patch'], ['coredns'])), ...inNamespace('kube-system') },
      ),
      {
        name: 'bound everywhere',
        manifests: [
          role('ClusterRole', rule('', ['configmaps'], ['patch'], ['aws-auth'])),
          binding('ClusterRoleBinding', 'reader', account),
        ],
      },
    ],
  },
});
