import type { Inventory, KubernetesObject } from '../../inventory/model';
import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { ofGroup } from '../kubernetes-objects';
import { child } from '../pod-template';

const RBAC = 'rbac.authorization.k8s.io';

interface Links {
  /** Roles by `ClusterRole name` or `Role namespace/name`. */
  readonly roles: ReadonlyMap<string, KubernetesObject>;
  /** Bindings by the role they refer to. */
  readonly bindings: ReadonlyMap<string, readonly KubernetesObject[]>;
}

const cache = new WeakMap<Inventory, Links>();

function links(inventory: Inventory): Links {
  let found = cache.get(inventory);
  if (found === undefined) {
    const roles = new Map<string, KubernetesObject>();
    const bindings = new Map<string, KubernetesObject[]>();
    for (const role of ofGroup(inventory, RBAC, 'ClusterRole')) roles.set(keyOf('ClusterRole', role.name), role);
    for (const role of ofGroup(inventory, RBAC, 'Role')) roles.set(keyOf('Role', role.name, role.namespace), role);
    for (const kind of ['RoleBinding', 'ClusterRoleBinding']) {
      for (const binding of ofGroup(inventory, RBAC, kind)) {
        const key = referred(binding);
        const list = bindings.get(key);
        if (list === undefined) bindings.set(key, [binding]);
        else list.push(binding);
      }
    }
    found = { roles, bindings };
    cache.set(inventory, found);
  }
  return found;
}

function keyOf(kind: string, name: string, namespace?: string): string {
  return kind === 'Role' ? `Role ${namespace ?? ''}/${name}` : `ClusterRole ${name}`;
}

function referred(binding: KubernetesObject): string {
  const { kind, name } = child(binding.object, 'roleRef');
  return keyOf(String(kind), String(name), binding.namespace);
}

/** The role that a binding gives, where it was read. */
export function roleOf(inventory: Inventory, binding: KubernetesObject): KubernetesObject | undefined {
  return links(inventory).roles.get(referred(binding));
}

/** The bindings that give a role, of those that were read. */
export function bindingsOf(inventory: Inventory, role: KubernetesObject): readonly KubernetesObject[] {
  return links(inventory).bindings.get(keyOf(role.kind, role.name, role.namespace)) ?? [];
}

/** Name of the ClusterRole that a binding gives, undefined where it gives a Role. */
export function clusterRoleName(binding: KubernetesObject): string | undefined {
  const { kind, name } = child(binding.object, 'roleRef');
  return kind === 'ClusterRole' && typeof name === 'string' ? name : undefined;
}

const NOBODY: readonly Json[] = [];

/** Position of the first subject of a binding that is one of these users or groups, -1 where none is. */
export function subjectNamed(binding: KubernetesObject, kinds: readonly string[], names: readonly string[]): number {
  const { subjects } = binding.object;
  return (Array.isArray(subjects) ? subjects : NOBODY).findIndex(
    (subject) => isJsonObject(subject) && kinds.includes(subject.kind as string) && names.includes(subject.name as string),
  );
}

/** The subject at a position, for messages: `Group system:masters`. */
export function subjectAt(binding: KubernetesObject, index: number): string {
  const { kind, name } = (binding.object.subjects as JsonObject[])[index];
  return `${kind} ${name}`;
}

/** CEL for admission: no subject of the binding is one of these users or groups. */
export function noSubjectCel(kinds: readonly string[], names: readonly string[], object = 'object'): string {
  const quoted = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`;
  return `!has(${object}.subjects) || dyn(${object}.subjects) == null || !${object}.subjects.exists(s, has(s.kind) && has(s.name) && s.kind in ${quoted(kinds)} && s.name in ${quoted(names)})`;
}
