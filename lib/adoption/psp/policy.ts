import { InputError } from '../../error';
import { isJsonObject, type Json, type JsonObject, type KubernetesObject } from '../../inventory';

/** A PodSecurityPolicy as it was written. */
export interface Psp {
  readonly name: string;
  readonly spec: JsonObject;
  readonly annotations: JsonObject;
  /** Minor version of the Kubernetes that what replaces it is for. */
  readonly minor: number;
}

/** Where pods may use which policies. */
export interface Usage {
  /** Names of the policies that every namespace may use. */
  readonly everywhere: readonly string[];
  /** Names of the policies that a namespace may use by bindings of its own, by namespace. */
  readonly namespaces: ReadonlyMap<string, readonly string[]>;
  /** What bindings say that a namespace cannot. */
  readonly notes: readonly string[];
}

/** The policies among objects. Throws `PspMissing` where there is none. */
export function policiesOf(objects: readonly KubernetesObject[], minor: number, file: string): Psp[] {
  const found = objects.filter(({ kind, apiVersion }) => kind === 'PodSecurityPolicy' && /^(policy|extensions)\/v1beta1$/.test(apiVersion));
  if (found.length === 0) {
    throw new InputError(
      'PspMissing',
      'there is no PodSecurityPolicy of policy/v1beta1 or extensions/v1beta1 here; pass the file that holds it',
      { file },
    );
  }
  return found.map(({ name, object }) => {
    const { annotations } = mapOf(object.metadata);
    return { name, spec: mapOf(object.spec), annotations: mapOf(annotations), minor };
  });
}

/** Reads from roles and bindings who may `use` a policy. */
export function usageOf(policies: readonly Psp[], objects: readonly KubernetesObject[]): Usage {
  const names = policies.map(({ name }) => name);
  const everywhere = new Set<string>();
  const namespaces = new Map<string, Set<string>>();
  const notes: string[] = [];
  const roles = new Map(
    objects
      .filter(({ kind }) => kind === 'ClusterRole' || kind === 'Role')
      .map(({ kind, name, namespace, object }) => [roleKey(kind, name, namespace), usable(object, names)]),
  );
  for (const { kind, name, namespace, object } of objects) {
    if (kind !== 'ClusterRoleBinding' && kind !== 'RoleBinding') continue;
    const ref = mapOf(object.roleRef);
    const granted = roles.get(roleKey(String(ref.kind), String(ref.name), namespace)) ?? [];
    if (granted.length === 0) continue;
    for (const subject of listOf(object.subjects).map(mapOf)) {
      const where = kind === 'RoleBinding' ? { all: false, namespace } : whereOf(subject);
      const who = `${subject.kind} '${subject.namespace === undefined ? '' : `${subject.namespace}/`}${subject.name}'`;
      if (!isWide(subject, kind === 'RoleBinding' ? namespace : undefined)) {
        notes.push(
          `${kind} '${name}' let only ${who} use ${granted.map((one) => `'${one}'`).join(', ')}; what replaces it holds for every pod of ${where.all ? 'the cluster' : `namespace '${where.namespace}'`}, whoever makes it`,
        );
      }
      for (const policy of granted) {
        if (where.all) everywhere.add(policy);
        else if (where.namespace !== undefined) namespaces.set(where.namespace, (namespaces.get(where.namespace) ?? new Set()).add(policy));
      }
    }
  }
  return {
    everywhere: [...everywhere].sort(),
    namespaces: new Map(
      [...namespaces]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([namespace, set]) => [namespace, [...new Set([...set, ...everywhere])].sort()]),
    ),
    notes,
  };
}

const roleKey = (kind: string, name: string, namespace: string | undefined): string =>
  kind === 'Role' ? `Role ${namespace ?? ''}/${name}` : `ClusterRole ${name}`;

/** Policies that a role lets its subjects use. */
function usable(role: JsonObject, names: readonly string[]): string[] {
  return listOf(role.rules).flatMap((rule) => {
    const { verbs, apiGroups, resources, resourceNames } = mapOf(rule);
    const says = (list: Json | undefined, ...words: string[]): boolean =>
      listOf(list).some((word) => word === '*' || words.includes(String(word)));
    if (!says(verbs, 'use') || !says(apiGroups, 'policy', 'extensions') || !says(resources, 'podsecuritypolicies')) return [];
    const only = listOf(resourceNames).map(String);
    return only.length === 0 ? [...names] : only.filter((name) => names.includes(name));
  });
}

/** The namespace that a subject of a cluster-wide binding makes pods in, or all. */
function whereOf(subject: JsonObject): { readonly all: boolean; readonly namespace?: string } {
  if (subject.kind === 'ServiceAccount') return { all: false, namespace: String(subject.namespace) };
  const group = /^system:serviceaccounts:(.+)$/.exec(String(subject.name))?.[1];
  return group === undefined ? { all: true } : { all: false, namespace: group };
}

/** Whether a subject is everybody who makes pods there: all accounts of the namespace, or all users. */
function isWide(subject: JsonObject, namespace: string | undefined): boolean {
  if (subject.kind !== 'Group') return false;
  const name = String(subject.name);
  if (['system:authenticated', 'system:serviceaccounts'].includes(name)) return true;
  return namespace === undefined ? name.startsWith('system:serviceaccounts:') : name === `system:serviceaccounts:${namespace}`;
}

/** A value as a map, empty where it is something else. */
export function mapOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** A value as a list, empty where it is something else. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
