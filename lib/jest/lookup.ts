import { InputError } from '../error';
import type { Inventory, Resource } from '../inventory';
import { nearest } from '../posture/selection';
import { Names } from './names';

/** The resource of a name. Throws `ResourceUnknown` or `ResourceAmbiguous`. */
export function find(inventory: Inventory, name: string): Resource {
  const names = new Names(inventory);
  const all: readonly Resource[] = [...inventory.cloudformation, ...inventory.kubernetes];
  const found = all.filter((resource) => names.of(resource) === name || names.path(resource.source.path ?? '') === names.path(name));
  // What CDK calls `Resource` stands for the construct that a user wrote, and for nothing beside it.
  const [first] = found;
  if (found.length === 1) return first;
  const exact = found.filter((resource) => names.of(resource) === name);
  if (exact.length === 1) return exact[0];
  if (found.length > 1) {
    const list = found.map((resource) => resource.source.path ?? names.of(resource)).join(', ');
    throw new InputError('ResourceAmbiguous', `'${name}' is the name of ${found.length} resources; choose one of ${list}`);
  }
  const known = [...new Set(all.flatMap((resource) => [names.of(resource), names.path(resource.source.path ?? '')]))];
  const below = known.filter((other) => other.startsWith(`${name}/`)).slice(0, 5);
  const near = below.length > 0 ? below : nearest(name, known);
  const hint = near.length === 0 ? 'give a construct path, or namespace/Kind/name' : `did you mean ${near.join(' or ')}`;
  throw new InputError('ResourceUnknown', `nothing that was synthesized has the name '${name}'; ${hint}`);
}
