import type { JsonObject } from '../../inventory/value';
import { groupObjects } from '../kubernetes-objects';

/** Every NetworkPolicy of Kubernetes itself; Calico has a kind of that name. */
export const policies = groupObjects('networking.k8s.io', 'NetworkPolicy');
/** Every Service of Kubernetes itself; Knative has a kind of that name. */
export const services = groupObjects('', 'Service');

/** What controls over traffic have in common. */
export const firewall = {
  maturity: 'stable',
  category: 'firewall',
  boundary: 'namespace',
  carrier: 'app-team',
  threats: ['workload-attack'],
} as const;

/** A NetworkPolicy for examples. */
export const policy = (spec: JsonObject, namespace = 'shop'): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'rules', namespace },
  spec,
});

/** A Service for examples. */
export const service = (spec: JsonObject, annotations: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', annotations },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
});
