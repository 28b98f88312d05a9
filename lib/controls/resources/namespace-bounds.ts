import type { Inventory } from '../../inventory/model';
import type { JsonObject } from '../../inventory/value';
import type { Subjects } from '../control';
import { ofGroup } from '../kubernetes-objects';
import { child } from '../pod-template';

/** A namespace with what bounds it. */
export interface Bounded {
  readonly quotas: readonly JsonObject[];
  readonly limitRanges: readonly JsonObject[];
}

/** Namespaces that EKS and Kubernetes own: a quota there keeps the cluster from starting. */
const SYSTEM = ['kube-system', 'kube-public', 'kube-node-lease'];
const NONE: readonly JsonObject[] = [];

function specsByNamespace(inventory: Inventory, kind: string): Map<string | undefined, JsonObject[]> {
  const found = new Map<string | undefined, JsonObject[]>();
  for (const { namespace, object } of ofGroup(inventory, '', kind)) {
    const list = found.get(namespace);
    if (list === undefined) found.set(namespace, [child(object, 'spec')]);
    else list.push(child(object, 'spec'));
  }
  return found;
}

/** Every Namespace object that is not the cluster's own. Whoever deploys into a namespace that was made elsewhere does not bound it. */
export const boundedNamespaces: Subjects<Bounded> = {
  description: 'Namespace',
  *select(inventory) {
    const quotas = specsByNamespace(inventory, 'ResourceQuota');
    const limitRanges = specsByNamespace(inventory, 'LimitRange');
    for (const resource of ofGroup(inventory, '', 'Namespace')) {
      if (SYSTEM.includes(resource.name)) continue;
      yield { resource, value: { quotas: quotas.get(resource.name) ?? NONE, limitRanges: limitRanges.get(resource.name) ?? NONE } };
    }
  },
};

/** What both controls have in common. */
export const bounds = {
  maturity: 'stable',
  category: 'governance',
  boundary: 'namespace',
  carrier: 'platform-team',
  threats: ['workload-attack', 'permission-mistake'],
  subjects: boundedNamespaces,
} as const;

/** For examples. */
export const shop: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
export const inShop = (kind: 'ResourceQuota' | 'LimitRange', spec: JsonObject, namespace = 'shop'): JsonObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'bounds', namespace },
  spec,
});
