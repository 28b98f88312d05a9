import type { Inventory, KubernetesObject } from '../inventory/model';
import type { Subjects } from './control';

/** The API group of an apiVersion; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Objects of a kind in an API group: other groups have kinds of the same name, such as the Service of Knative. */
export function* ofGroup(inventory: Inventory, group: string, kind: string): Iterable<KubernetesObject> {
  for (const object of inventory.ofKind(kind)) if (groupOf(object.apiVersion) === group) yield object;
}

/** Every object of the given kinds in an API group, as subjects. */
export function groupObjects(group: string, ...kinds: string[]): Subjects<KubernetesObject> {
  return {
    description: kinds.join(', '),
    *select(inventory) {
      for (const kind of kinds) for (const resource of ofGroup(inventory, group, kind)) yield { resource, value: resource };
    },
  };
}

const BUILT_IN = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);
/** Groups of custom kinds behind which no controller makes pods, services or policies in the namespace. */
const INERT = new Set(['cert-manager.io', 'external-secrets.io', 'gateway.networking.k8s.io', 'karpenter.sh', 'kustomize.config.k8s.io']);

/** True for a custom object whose controller may make pods, services and policies that stand in no manifest. */
export function mayMakeObjects({ apiVersion }: KubernetesObject): boolean {
  const group = groupOf(apiVersion);
  return !BUILT_IN.has(group) && !INERT.has(group);
}
