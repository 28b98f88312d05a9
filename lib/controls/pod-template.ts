import type { Resource } from '../inventory/model';
import { type PodTemplate, podTemplateOf, podTemplates } from '../inventory/pod-templates';
import { isJsonObject, type Json, type JsonObject } from '../inventory/value';
import { type Context, fail, pass, type Subjects, type Verdict } from './control';

export type { PodTemplate };

/** Every pod template of the inventory: pods, and the templates of all workload kinds. */
export const podTemplateSubjects: Subjects<PodTemplate> = {
  description: 'pod templates',
  *select(inventory) {
    for (const value of podTemplates(inventory)) yield { resource: value.object, value };
  },
};

/** What most controls over a workload's own fields have in common. */
export const workload = {
  maturity: 'stable',
  category: 'isolation',
  boundary: 'container',
  carrier: 'app-team',
  threats: ['workload-attack'],
  subjects: podTemplateSubjects,
} as const;

/** A container with where it stands in the object. */
export interface Container {
  /** Path from the object root: `spec.template.spec.initContainers[0]`. */
  readonly at: string;
  /** How messages call it: `init container 'migrate'`. */
  readonly label: string;
  readonly body: JsonObject;
  readonly securityContext: JsonObject;
  /** Neither resources nor restarts are possible in it. */
  readonly ephemeral: boolean;
}

const GROUPS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
const WORDS = { initContainers: 'init container', containers: 'container', ephemeralContainers: 'ephemeral container' } as const;
const EMPTY: JsonObject = Object.freeze({});
const NONE: readonly string[] = [];
const cache = new WeakMap<PodTemplate, readonly Container[]>();

/** All containers of a pod: init, regular and ephemeral; computed once a template. */
export function containersOf(pod: PodTemplate): readonly Container[] {
  let found = cache.get(pod);
  if (found === undefined) {
    const list: Container[] = [];
    for (const group of GROUPS) {
      const bodies = pod.spec[group];
      if (!Array.isArray(bodies)) continue;
      for (let index = 0; index < bodies.length; index += 1) {
        const body = bodies[index];
        if (isJsonObject(body)) list.push(new Standing(pod.specPath, group, index, body));
      }
    }
    found = list;
    cache.set(pod, found);
  }
  return found;
}

/** Names and paths are text that only a failure needs, so they are made on demand. */
class Standing implements Container {
  readonly securityContext: JsonObject;
  readonly ephemeral: boolean;

  constructor(
    private readonly specPath: string,
    private readonly group: (typeof GROUPS)[number],
    private readonly index: number,
    readonly body: JsonObject,
  ) {
    this.securityContext = child(body, 'securityContext');
    this.ephemeral = group === 'ephemeralContainers';
  }
  get at(): string {
    return `${this.specPath}.${this.group}[${this.index}]`;
  }
  get label(): string {
    return `${WORDS[this.group]} '${typeof this.body.name === 'string' ? this.body.name : this.index}'`;
  }
}

/** A nested object, empty when it is missing or something else. */
export function child(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : EMPTY;
}

/** False for what the API server drops on arrival: a missing field and a null. */
export function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

/** A pod that says it runs Windows: Linux-only fields must not be set there. */
export function isWindows(pod: { readonly spec: JsonObject }): boolean {
  return child(pod.spec, 'os').name === 'windows';
}

/** The minor Kubernetes version: 35 for `1.35`. */
export function minor(context: { readonly kubernetes: string }): number {
  return Number(context.kubernetes.split('.')[1]);
}

/** Windows pods leave out Linux-only fields; the Pod Security Standards allow for that from 1.25 on. */
export function isWindowsExempt(pod: PodTemplate, context: Context): boolean {
  return isWindows(pod) && minor(context) >= 25;
}

/** A pod in a user namespace, for which the Pod Security Standards relax what root means from 1.35 on. */
export function hasRelaxedUsers(pod: PodTemplate, context: { readonly kubernetes: string }): boolean {
  return pod.spec.hostUsers === false && minor(context) >= 35;
}

/** The same of a resource that holds a pod template; false for every other one. */
export function isRelaxedForUsers(resource: Resource, kubernetes: string): boolean {
  const pod = resource.tree === 'kubernetes' ? podTemplateOf(resource) : undefined;
  return pod !== undefined && hasRelaxedUsers(pod, { kubernetes });
}

/** How a value is written in a message. */
export function shown(value: Json | undefined): string {
  return isSet(value) ? JSON.stringify(value) : 'missing';
}

/**
 * Fails naming every container of which `problem` says something, and what must hold where it says so;
 * `field` completes the first one's path.
 */
export function everyContainer(
  pod: PodTemplate,
  field: string | ((body: JsonObject) => string),
  problem: (body: JsonObject, container: Container) => string | undefined,
): Verdict {
  let said: string[] | undefined;
  let at = '';
  for (const container of containersOf(pod)) {
    const text = problem(container.body, container);
    if (text === undefined) continue;
    if (said === undefined) {
      said = [];
      at = `${container.at}.${typeof field === 'string' ? field : field(container.body)}`;
    }
    said.push(`${container.label} ${text}`);
  }
  return said === undefined ? pass : fail(said.join('; '), at);
}

/** Fails naming the pod and every container of whose security context `problem` says something; `field` completes the first one's path. */
export function everySecurityContext(
  pod: PodTemplate,
  field: string,
  problem: (securityContext: JsonObject) => string | undefined,
): Verdict {
  const whole = problem(child(pod.spec, 'securityContext'));
  const each = everyContainer(pod, `securityContext.${field}`, (_, { securityContext }) => problem(securityContext));
  if (whole === undefined) return each;
  return fail(`the pod ${whole}${each.verdict === 'pass' ? '' : `; ${each.message}`}`, `${pod.specPath}.securityContext.${field}`);
}

/** Fails naming every volume of which `problem` says something. */
export function everyVolume({ spec, specPath }: PodTemplate, problem: (volume: JsonObject) => string | undefined): Verdict {
  const { volumes } = spec;
  if (!Array.isArray(volumes)) return pass;
  const said: string[] = [];
  let at = '';
  volumes.forEach((volume, index) => {
    const text = isJsonObject(volume) ? problem(volume) : undefined;
    if (text === undefined) return;
    if (at === '') at = `${specPath}.volumes[${index}]`;
    said.push(`volume '${(volume as JsonObject).name}' ${text}`);
  });
  return said.length === 0 ? pass : fail(said.join('; '), at);
}

/** The capabilities a container adds or drops, in the kernel's own words without `CAP_`: runtimes read them in either case, with and without it. */
export function capabilities(list: Json | undefined): readonly string[] {
  return Array.isArray(list) && list.length > 0 ? list.map((name) => String(name).toUpperCase().replace(/^CAP_/, '')) : NONE;
}

const TEMPLATED = "['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController']";
const optional = (spec: string, list: string): string => `(has(${spec}.${list}) ? ${spec}.${list} : [])`;

/** CEL for admission: an expression over a pod spec, written once and bound to wherever an object's kind keeps it. */
export function podCel(expression: (spec: string) => string): string {
  return boundCel('.spec', expression);
}

/** The same over a pod template: its `metadata` and its `spec`. */
export function templateCel(expression: (template: string) => string): string {
  return boundCel('', expression);
}

function boundCel(part: string, expression: (pod: string) => string): string {
  // `dyn` keeps the type checker from warning, for each matched kind, about the paths of the others.
  return (
    `[dyn(object)].map(o, o.kind == 'Pod' ? [o${part}] : o.kind == 'CronJob' ? [o.spec.jobTemplate.spec.template${part}] : ` +
    `o.kind in ${TEMPLATED} ? [o.spec.template${part}] : o.kind == 'PodTemplate' ? [o.template${part}] : [])[0].all(pod, ${expression('pod')})`
  );
}

/** CEL over a pod spec: an expression over `c` that every container satisfies; ephemeral ones may be left out. */
export function celContainers(spec: string, expression: string, ephemeral = true): string {
  const lists = [`${spec}.containers`, optional(spec, 'initContainers'), ...(ephemeral ? [optional(spec, 'ephemeralContainers')] : [])];
  return `(${lists.join(' + ')}).all(c, ${expression})`;
}

/** CEL for admission: an expression over `c` that must hold for every container, init and ephemeral ones included. */
export function containerCel(expression: string, unless?: (spec: string) => string): string {
  return podCel((spec) => {
    const every = celContainers(spec, expression);
    return unless === undefined ? every : `(${unless(spec)}) || ${every}`;
  });
}

/** CEL: an expression over the name of a security context that the pod, where it has one, and every container that has one satisfy. */
export function celSecurityContexts(spec: string, expression: (securityContext: string) => string): string {
  const held = (holder: string): string => `(!has(${holder}.securityContext) || ${expression(`${holder}.securityContext`)})`;
  return `${held(spec)} && ${celContainers(spec, held('c'))}`;
}

/** CEL: the pod runs Windows. */
export const celWindows = (spec: string): string => `has(${spec}.os) && ${spec}.os.name == 'windows'`;

/** CEL: `holder.path` is there and satisfies an expression over its full name; nested fields are tested from the outside in. */
export function celHas(holder: string, path: string, expression?: (field: string) => string): string {
  const steps = path.split('.');
  const tests = steps.map((_, index) => `has(${[holder, ...steps.slice(0, index + 1)].join('.')})`);
  if (expression !== undefined) tests.push(expression(`${holder}.${path}`));
  return `(${tests.join(' && ')})`;
}
