import { podSpecPath } from './kubernetes';
import type { Inventory, KubernetesObject } from './model';
import { isJsonObject, type Json, type JsonObject } from './value';

/** A pod template wherever it stands: a Pod itself, or inside a workload. */
export interface PodTemplate {
  readonly object: KubernetesObject;
  /** Path of the pod spec in the object: `spec` for a Pod, `spec.template.spec`, `spec.jobTemplate.spec.template.spec`. */
  readonly specPath: string;
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
}

const cache = new WeakMap<Inventory, readonly PodTemplate[]>();

/** Every pod template of an inventory; computed once. */
export function podTemplates(inventory: Inventory): readonly PodTemplate[] {
  let found = cache.get(inventory);
  if (found === undefined) {
    found = inventory.kubernetes.map(podTemplateOf).filter((template) => template !== undefined);
    cache.set(inventory, found);
  }
  return found;
}

/** The pod template of one object, undefined for kinds that have none. */
export function podTemplateOf(object: KubernetesObject): PodTemplate | undefined {
  const steps = podSpecPath(object.kind, object.apiVersion);
  if (steps === undefined) return undefined;
  let holder: Json | undefined = object.object;
  for (const step of steps.slice(0, -1)) holder = isJsonObject(holder) ? holder[step] : undefined;
  if (!isJsonObject(holder)) return undefined;
  const { spec, metadata } = holder;
  if (!isJsonObject(spec)) return undefined;
  return { object, specPath: steps.join('.'), metadata: isJsonObject(metadata) ? metadata : {}, spec };
}
