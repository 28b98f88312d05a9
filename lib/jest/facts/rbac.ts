import { type Inventory, isJsonObject, type Json, type JsonObject, type KubernetesObject, selects } from '../../inventory';
import { word } from '../names';
import type { FactProducer } from './fact';

const API_GROUP = 'rbac.authorization.k8s.io';

/**
 * What RBAC lets subjects do, rule by rule as written: `can SUBJECT VERB RESOURCE in NAMESPACE` or `everywhere`, one line a verb and resource. A
 * subject is `namespace/account`, `user/NAME` or `group/NAME`. A role that is not here, such as `cluster-admin`, is `can SUBJECT as KIND/NAME`.
 */
export const rbac: FactProducer = {
  kinds: [{ word: 'can', widens: 'added' }],
  *produce({ inventory }) {
    for (const binding of [...inventory.ofKind('RoleBinding'), ...inventory.ofKind('ClusterRoleBinding')]) {
      if (!binding.apiVersion.startsWith(API_GROUP)) continue;
      const { roleRef, subjects } = binding.object;
      if (!isJsonObject(roleRef)) continue;
      const scope = binding.kind === 'RoleBinding' ? `in ${binding.namespace ?? 'default'}` : 'everywhere';
      const role = roleOf(inventory, roleRef, binding);
      const grants =
        role === undefined ? [`as ${String(roleRef.kind)}/${word(String(roleRef.name))}`] : rulesOf(inventory, role).flatMap(grantsOf);
      for (const subject of listIn(subjects)) {
        if (!isJsonObject(subject)) continue;
        for (const grant of grants) yield { line: `can ${word(subjectText(subject, binding))} ${grant} ${scope}`, resource: binding };
      }
    }
  },
};

function roleOf(inventory: Inventory, roleRef: JsonObject, binding: KubernetesObject): KubernetesObject | undefined {
  const kind = roleRef.kind === 'Role' ? 'Role' : 'ClusterRole';
  return inventory
    .ofKind(kind)
    .find(({ name, namespace }) => name === roleRef.name && (kind === 'ClusterRole' || namespace === binding.namespace));
}

/** The rules of a role; those of an aggregated one are the rules of the roles it selects, whatever it lists itself. */
function rulesOf(inventory: Inventory, role: KubernetesObject): JsonObject[] {
  const { aggregationRule, rules } = role.object;
  if (!isJsonObject(aggregationRule)) return listIn(rules).filter(isJsonObject);
  const selectors = listIn(aggregationRule.clusterRoleSelectors);
  return inventory.ofKind('ClusterRole').flatMap(({ object }) => {
    const labels = isJsonObject(object.metadata) ? object.metadata.labels : undefined;
    const selected = object !== role.object && selectors.some((selector) => selects(selector, labels));
    return selected ? listIn(object.rules).filter(isJsonObject) : [];
  });
}

function grantsOf(rule: JsonObject): string[] {
  const named = listIn(rule.resourceNames);
  const targets = [
    ...listIn(rule.resources).flatMap((resource) =>
      groupsOf(rule).map((group) => (group === '' ? String(resource) : `${String(resource)}.${group}`)),
    ),
    ...listIn(rule.nonResourceURLs).map(String),
  ];
  return listIn(rule.verbs).flatMap((verb) =>
    targets.flatMap((target) =>
      named.length === 0
        ? [`${String(verb)} ${word(target)}`]
        : named.map((name) => `${String(verb)} ${word(`${target}/${String(name)}`)}`),
    ),
  );
}

function groupsOf(rule: JsonObject): string[] {
  const groups = listIn(rule.apiGroups).map(String);
  return groups.length === 0 ? [''] : groups;
}

function subjectText(subject: JsonObject, binding: KubernetesObject): string {
  const name = String(subject.name);
  if (subject.kind === 'ServiceAccount') return `${String(subject.namespace ?? binding.namespace ?? 'default')}/${name}`;
  return `${String(subject.kind).toLowerCase()}/${name}`;
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
