import type { AnyControl } from '../controls/control';
import type { Resource } from '../inventory/model';
import type { Judgement } from './judgement';

const RANK: { readonly [severity: string]: number } = { critical: 0, high: 1, medium: 2, low: 3 };

/** Worst first, then by control, resource and place: no two runs over the same input differ. */
export function inOrder(judgements: readonly Judgement[]): Judgement[] {
  const places = placesOf(judgements);
  const byControl = new Map<AnyControl, Judgement[]>();
  for (const judgement of judgements) {
    const list = byControl.get(judgement.control);
    if (list === undefined) byControl.set(judgement.control, [judgement]);
    else list.push(judgement);
  }
  const controls = [...byControl.keys()].sort((a, b) => RANK[a.severity] - RANK[b.severity] || compare(a.id, b.id));
  const place = ({ resource }: Judgement): number => (resource === undefined ? -1 : (places.get(resource) ?? -1));
  return controls.flatMap((control) =>
    (byControl.get(control) ?? []).sort((a, b) => place(a) - place(b) || compare(a.at ?? '', b.at ?? '') || compare(a.message, b.message)),
  );
}

/** Numbers the resources in their order, so that each key is compared once and not once a control. Those of one key share a number. */
function placesOf(judgements: readonly Judgement[]): ReadonlyMap<Resource, number> {
  const keys = new Map<Resource, string>();
  for (const { resource } of judgements) if (resource !== undefined && !keys.has(resource)) keys.set(resource, resourceKey(resource));
  const places = new Map<Resource, number>();
  let last: string | undefined;
  let number = -1;
  for (const [resource, key] of [...keys].sort(([, a], [, b]) => compare(a, b))) {
    if (key !== last) number += 1;
    last = key;
    places.set(resource, number);
  }
  return places;
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
