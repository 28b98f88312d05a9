import { Network } from '../../lib/analysis';
import type { Cni } from '../../lib/analysis/enforcement';
import { flowText } from '../../lib/analysis/standing';
import { inventoryOf, type JsonObject } from '../../lib/inventory';

/** A Deployment with one container, or another kind with the same template. */
export function deployment(name: string, labels: JsonObject = { app: name }, spec: JsonObject = {}, kind = 'Deployment'): JsonObject {
  const [namespace, short] = name.includes('/') ? name.split('/') : ['shop', name];
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'main', ports: [{ name: 'web', containerPort: 8080 }] }], ...spec },
  };
  const metadata = { name: short, namespace };
  return kind === 'Pod'
    ? { apiVersion: 'v1', kind, metadata: { ...metadata, labels }, spec: template.spec }
    : { apiVersion: 'apps/v1', kind, metadata, spec: { template } };
}

export function policy(spec: JsonObject, name = 'policy', namespace = 'shop'): JsonObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

export function namespace(name: string, labels: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export const pods = (app: string): JsonObject => ({ podSelector: { matchLabels: { app } } });
export const everybody: JsonObject = { podSelector: {} };

/** The network of some objects, under a CNI that enforces everything unless another is given; `undefined` for one that is not known. */
export function network(objects: readonly JsonObject[], template?: JsonObject, ...cni: (Cni | undefined)[]): Network {
  return new Network(inventoryOf({ manifests: objects, template }), cni.length > 0 || template !== undefined ? cni[0] : 'calico');
}

/** Flows of some objects in lines. */
export function flows(objects: readonly JsonObject[], from?: string, to?: string): string[] {
  return network(objects).flows(from, to).map(flowText);
}
