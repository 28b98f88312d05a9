import type { Resource } from '../inventory/model';
import type { Judgement } from './judgement';

const RANK: { readonly [severity: string]: number } = { critical: 0, high: 1, medium: 2, low: 3 };

/** Worst first, then by control, resource and place: no two runs over the same input differ. */
export function inOrder(judgements: readonly Judgement[]): Judgement[] {
  const keys = new Map<Resource, string>();
  const keyOf = (resource: Resource | undefined): string => {
    if (resource === undefined) return '';
    let key = keys.get(resource);
    if (key === undefined) {
      key = resourceKey(resource);
      keys.set(resource, key);
    }
    return key;
  };
  return [...judgements].sort(
    (a, b) =>
      RANK[a.control.severity] - RANK[b.control.severity] ||
      compare(a.control.id, b.control.id) ||
      compare(keyOf(a.resource), keyOf(b.resource)) ||
      compare(a.at ?? '', b.at ?? '') ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What tells one resource from every other of an inventory, and sorts CloudFormation before Kubernetes. */
export function resourceKey(resource: Resource): string {
  return resource.tree === 'cloudformation'
    ? `1\n${resource.stack}\n${resource.source.path ?? ''}\n${resource.logicalId}`
    : `2\n${resource.namespace ?? ''}\n${resource.kind}\n${resource.name}\n${resource.source.path ?? ''}`;
}
