import { podSpecPath } from '../inventory/kubernetes';
import { isJsonObject, type Json, type JsonObject } from '../inventory/value';
import type { Fill, Risk } from './control';
import { isGenerated } from './generated-defaults';
import { isWindows } from './pod-template';
import { REPAIRS } from './repairs';

/** What hardening may know about an object beyond its JSON. */
export interface HardenContext {
  /** Kubernetes version, `1.35`: fields that it does not know by default are left out. */
  readonly kubernetes: string;
  /**
   * Which repairs to apply.
   * @default - all of them
   */
  readonly risks?: readonly Risk[];
  /**
   * Whether the user wrote this field: a path from the pod spec, `containers.0.securityContext.runAsUser`.
   * @default - what is in the object was written by the user, generated defaults apart
   */
  readonly userSet?: (path: string) => boolean;
  /**
   * Whether values equal to those that cdk8s-plus writes without being asked may be replaced.
   * @default false
   */
  readonly generated?: boolean;
  /**
   * Whether the image of the named container brings its own numeric user, which then stays.
   * @default - no image does
   */
  readonly imageUserDeclared?: (container: string) => boolean;
}

const EVERY: readonly Risk[] = ['none', 'restart', 'mayBreak'];
const GROUPS = ['initContainers', 'containers'] as const;

/** Fills in what is missing, one object at a time; remembers whether it changed anything. */
export class Filler implements Fill {
  changed = false;
  readonly kubernetes: string;

  constructor(protected readonly context: HardenContext) {
    this.kubernetes = context.kubernetes;
  }

  set(target: JsonObject, key: string, value: Json, path: string): void {
    const present = target[key];
    if (present !== undefined && present !== null) {
      if (same(present, value) || !this.replaceable(path === '' ? key : `${path}.${key}`, present)) return;
    }
    target[key] = value;
    this.changed = true;
  }

  child(target: JsonObject, key: string): JsonObject {
    const present = target[key];
    if (isJsonObject(present)) return present;
    const made: JsonObject = {};
    target[key] = made;
    return made;
  }

  containers(spec: JsonObject, visit: (body: JsonObject, path: string) => void): void {
    for (const group of GROUPS) {
      const bodies = spec[group];
      if (!Array.isArray(bodies)) continue;
      for (let index = 0; index < bodies.length; index += 1) {
        const body = bodies[index];
        if (isJsonObject(body)) visit(body, `${group}.${index}`);
      }
    }
  }

  imageUserDeclared(container: JsonObject): boolean {
    const { name } = container;
    return typeof name === 'string' && this.context.imageUserDeclared?.(name) === true;
  }

  private replaceable(path: string, present: Json): boolean {
    return this.context.generated === true && this.context.userSet?.(path) !== true && isGenerated(path, present);
  }
}

/**
 * A copy of the object whose pod template holds the controls that can be repaired, or the object itself when nothing is missing.
 * What the user set stays, weaker or not: it is a finding, not a repair. Objects without a pod template come back as they are.
 */
export function harden(object: JsonObject, context: HardenContext): JsonObject {
  const { kind, apiVersion } = object;
  const steps = typeof kind === 'string' && typeof apiVersion === 'string' ? podSpecPath(kind, apiVersion) : undefined;
  if (steps === undefined) return object;
  let owner: Json | undefined = object;
  for (let step = 0; step < steps.length - 1; step += 1) owner = isJsonObject(owner) ? owner[steps[step]] : undefined;
  if (!isJsonObject(owner) || !isJsonObject(owner.spec)) return object;
  const filler = new Filler(context);
  const spec = clone(owner.spec) as JsonObject;
  const pod = { spec, windows: isWindows({ spec }) };
  const risks = context.risks ?? EVERY;
  for (const repair of REPAIRS) if (risks.includes(repair.risk)) repair.apply(pod, filler);
  return filler.changed ? withSpec(object, steps, spec) : object;
}

/** The object with another pod spec; everything beside the path to it is shared. */
export function withSpec(object: JsonObject, steps: readonly string[], spec: JsonObject): JsonObject {
  const copy = { ...object };
  let at = copy;
  for (let step = 0; step < steps.length - 1; step += 1) {
    const next = { ...(at[steps[step]] as JsonObject) };
    at[steps[step]] = next;
    at = next;
  }
  at.spec = spec;
  return copy;
}

/** A copy that shares nothing. */
export function clone(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(clone);
  const copy: JsonObject = {};
  for (const key in value) copy[key] = clone(value[key]);
  return copy;
}

function same(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
