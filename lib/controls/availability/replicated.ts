import type { Inventory, KubernetesObject } from '../../inventory/model';
import { type PodTemplate, podTemplates } from '../../inventory/pod-templates';
import type { JsonObject } from '../../inventory/value';
import type { Subjects } from '../control';
import { groupOf, ofGroup } from '../kubernetes-objects';
import { child } from '../pod-template';

/** A Deployment or StatefulSet, with how many pods it has. */
export interface Replicated {
  readonly pod: PodTemplate;
  /** The fewest pods it runs with: what an autoscaler sets counts before what the object says. */
  readonly fewest: number;
  /** The most pods it runs with. */
  readonly most: number;
}

/** Whether it is to have several pods at once. */
export const isMany = ({ most }: Replicated): boolean => most > 1;

/** Every Deployment and StatefulSet. */
export const replicated: Subjects<Replicated> = {
  description: 'Deployment, StatefulSet',
  *select(inventory) {
    for (const pod of podTemplates(inventory)) {
      if (pod.object.kind === 'Deployment' || pod.object.kind === 'StatefulSet')
        yield { resource: pod.object, value: replicasOf(inventory, pod) };
    }
  },
};

/** How many pods the workload of a pod template has; one where nothing says. */
export function replicasOf(inventory: Inventory, pod: PodTemplate): Replicated {
  const { kind, name, namespace, object } = pod.object;
  const scaler = scalers(inventory).get(targetKey(namespace, kind, name));
  if (scaler !== undefined) {
    const { minReplicas, maxReplicas } = child(scaler.object, 'spec');
    const fewest = typeof minReplicas === 'number' ? minReplicas : 1;
    return { pod, fewest, most: typeof maxReplicas === 'number' ? maxReplicas : fewest };
  }
  const { replicas } = child(object, 'spec');
  const count = typeof replicas === 'number' ? replicas : 1;
  return { pod, fewest: count, most: count };
}

const cache = new WeakMap<Inventory, Map<string, KubernetesObject>>();

/** Autoscalers by what they scale. */
function scalers(inventory: Inventory): Map<string, KubernetesObject> {
  let found = cache.get(inventory);
  if (found === undefined) {
    found = new Map();
    for (const scaler of ofGroup(inventory, 'autoscaling', 'HorizontalPodAutoscaler')) {
      const { kind, name } = targetOf(scaler);
      found.set(targetKey(scaler.namespace, String(kind), String(name)), scaler);
    }
    cache.set(inventory, found);
  }
  return found;
}

const targetKey = (namespace: string | undefined, kind: string, name: string): string => `${namespace ?? ''}/${kind} ${name}`;

/** What an autoscaler scales. */
export function targetOf(scaler: KubernetesObject): JsonObject {
  return child(child(scaler.object, 'spec'), 'scaleTargetRef');
}

/** True where an autoscaler's target is of a kind that this library reads. */
export function scalesPods(target: JsonObject): boolean {
  return (
    (target.kind === 'Deployment' || target.kind === 'StatefulSet') &&
    (target.apiVersion === undefined || groupOf(String(target.apiVersion)) === 'apps')
  );
}

/** A Deployment with so many pods, for examples. */
export function deploymentOf(replicas: number | undefined, spec: JsonObject = {}, strategy?: JsonObject): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app', namespace: 'shop' },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      ...(strategy === undefined ? {} : { strategy }),
      selector: { matchLabels: { app: 'app' } },
      template: {
        metadata: { labels: { app: 'app', tier: 'web' } },
        spec: { containers: [{ name: 'app', image: 'registry.example.com/app:1.0.0' }], ...spec },
      },
    },
  };
}

/** An autoscaler of that Deployment, for examples. */
export function scalerOf(spec: JsonObject, target: JsonObject = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' }): JsonObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'app', namespace: 'shop' },
    spec: { scaleTargetRef: target, ...spec },
  };
}
