import type { KubernetesObject } from '../../inventory/model';
import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { fail, pass, type Verdict } from '../control';
import { groupObjects } from '../kubernetes-objects';

const RBAC = 'rbac.authorization.k8s.io';

/** Every Role and ClusterRole. */
export const roles = groupObjects(RBAC, 'Role', 'ClusterRole');
/** Every RoleBinding and ClusterRoleBinding. */
export const bindings = groupObjects(RBAC, 'RoleBinding', 'ClusterRoleBinding');

/** What controls over RBAC have in common. */
export const rbac = {
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cluster',
  carrier: 'platform-team',
  threats: ['permission-mistake', 'control-plane-attack'],
} as const;

/** A power over the API that a rule may give. A wildcard gives it as well, as in the API server. */
export interface Power {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /**
   * Whether a rule that names its objects in resourceNames is narrow enough.
   * @default false
   */
  readonly unlessNamed?: boolean;
}

const NOTHING: readonly Json[] = [];
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : NOTHING);

function meets(given: readonly Json[], wanted: readonly string[]): boolean {
  for (const entry of given) if (entry === '*' || (typeof entry === 'string' && wanted.includes(entry))) return true;
  return false;
}

/** `*` means every resource and subresource; `*` before a slash that subresource of every resource. */
function meetsResource(given: readonly Json[], wanted: readonly string[]): boolean {
  for (const entry of given) {
    if (typeof entry !== 'string') continue;
    if (entry === '*' || wanted.includes(entry)) return true;
    if (entry.startsWith('*/') && wanted.some((resource) => resource.endsWith(entry.slice(1)))) return true;
  }
  return false;
}

/** True when a rule gives the power. */
export function gives(rule: JsonObject, power: Power): boolean {
  return (
    meets(list(rule.verbs), power.verbs) &&
    meetsResource(list(rule.resources), power.resources) &&
    meets(list(rule.apiGroups), power.apiGroups) &&
    !(power.unlessNamed === true && list(rule.resourceNames).length > 0)
  );
}

/** The rules of a role; a missing list and null are an empty one. */
export function rulesOf(role: KubernetesObject): readonly Json[] {
  return list(role.object.rules);
}

/** Fails at the first rule that gives one of the powers, naming rule, verbs and resources; `must` says what to hold to. */
export function withoutPower(role: KubernetesObject, powers: readonly Power[], must: string): Verdict {
  const rules = rulesOf(role);
  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index];
    if (!isJsonObject(rule)) continue;
    for (const power of powers) {
      if (!gives(rule, power)) continue;
      const verbs = list(rule.verbs).filter((verb) => verb === '*' || power.verbs.includes(verb as string));
      const resources = list(rule.resources).filter((entry) => meetsResource([entry], power.resources));
      return fail(
        `rule ${index} of ${role.kind} ${role.name} allows ${verbs.join(', ')} on ${resources.join(', ')}, ${must}`,
        `rules[${index}].verbs`,
      );
    }
  }
  return pass;
}

const quoted = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`;

/** CEL for admission: no rule of the role gives one of the powers. */
export function withoutPowerCel(powers: readonly Power[]): string {
  const gives = powers.map(({ verbs, apiGroups, resources, unlessNamed }) => {
    const subresources = resources
      .filter((resource) => resource.includes('/'))
      .map((resource) => `*${resource.slice(resource.indexOf('/'))}`);
    const any = (field: string, wanted: readonly string[]): string =>
      `has(r.${field}) && r.${field}.exists(x, x in ${quoted(['*', ...new Set(wanted)])})`;
    const named = unlessNamed === true ? ' && !(has(r.resourceNames) && size(r.resourceNames) > 0)' : '';
    return `(${any('verbs', verbs)} && ${any('resources', [...resources, ...subresources])} && ${any('apiGroups', apiGroups)}${named})`;
  });
  return `!has(object.rules) || dyn(object.rules) == null || object.rules.all(r, !(${gives.join(' || ')}))`;
}

/** A role for examples. */
export function role(kind: 'Role' | 'ClusterRole', ...rules: JsonObject[]): JsonObject {
  return { apiVersion: `${RBAC}/v1`, kind, metadata: { name: 'reader', ...(kind === 'Role' ? { namespace: 'shop' } : {}) }, rules };
}

/** A rule for examples. */
export function rule(apiGroup: string, resources: string[], verbs: string[], resourceNames?: string[]): JsonObject {
  return { apiGroups: [apiGroup], resources, verbs, ...(resourceNames === undefined ? {} : { resourceNames }) };
}

/** A binding for examples: `RoleBinding` or `ClusterRoleBinding`, of a role to subjects. */
export function binding(kind: 'RoleBinding' | 'ClusterRoleBinding', roleName: string, ...subjects: JsonObject[]): JsonObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name: 'given', ...(kind === 'RoleBinding' ? { namespace: 'shop' } : {}) },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: roleName },
    subjects,
  };
}

/** A group as a subject, for examples. */
export function group(name: string): JsonObject {
  return { kind: 'Group', apiGroup: RBAC, name };
}

/** A service account as a subject, for examples. */
export const account: JsonObject = { kind: 'ServiceAccount', name: 'app', namespace: 'shop' };
