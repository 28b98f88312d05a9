import type { JsonObject } from '../inventory/value';
import type { Example } from './control';

const IMAGE = 'registry.example.com/app:1.0.0';

/** A container as small as it may be; what is given is merged over it. */
export function container(fields: JsonObject = {}): JsonObject {
  return { name: 'app', image: IMAGE, ...fields };
}

/** A Pod with one plain container; `spec` is merged over it. */
export function pod(spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: 'shop', ...metadata },
    spec: { containers: [container()], ...spec },
  };
}

/** A Pod whose one container has these fields. */
export function podOf(fields: JsonObject, spec: JsonObject = {}): JsonObject {
  return pod({ containers: [container(fields)], ...spec });
}

/** A Pod whose one container has this security context. */
export function secured(securityContext: JsonObject, spec: JsonObject = {}): JsonObject {
  return podOf({ securityContext }, spec);
}

/** A CronJob with the spec of a Pod. */
export function cronJob(of: JsonObject): JsonObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'app', namespace: 'shop' },
    spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', ...(of.spec as JsonObject) } } } } },
  };
}

/** A Deployment with the spec of a Pod. */
export function deployment(of: JsonObject): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app', namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'app' } }, template: { metadata: { labels: { app: 'app' } }, spec: of.spec } },
  };
}

/** The pod with one more init container, to show that those count. */
export function withInit(of: JsonObject, fields: JsonObject): JsonObject {
  return { ...of, spec: { ...(of.spec as JsonObject), initContainers: [container({ name: 'init', ...fields })] } };
}

/** The pod with one ephemeral container, which somebody adds to it while it runs. */
export function withEphemeral(of: JsonObject, fields: JsonObject): JsonObject {
  return { ...of, spec: { ...(of.spec as JsonObject), ephemeralContainers: [container({ name: 'debug', ...fields })] } };
}

/** Examples out of single manifests. */
export function manifests(...objects: [JsonObject, ...JsonObject[]]): readonly [Example, ...Example[]] {
  const [first, ...rest] = objects.map((object) => ({ manifests: [object] }));
  return [first, ...rest];
}
