import type { CloudFormationResource } from '../../inventory/model';
import { isObject, isOpen, Text, type Value } from '../../inventory/value';
import type { Subjects } from '../control';

/** Every resource of the templates. */
export const everyResource: Subjects<CloudFormationResource> = {
  description: 'every resource of a template',
  *select(inventory) {
    for (const resource of inventory.cloudformation) yield { resource, value: resource };
  },
};

/** One leaf of a resource's properties. */
export interface Leaf {
  readonly value: Value;
  /** The name it stands under; list items have that of their list. */
  readonly key: string;
  readonly at: string;
}

/** Every leaf of a value, depth first, each with its path. */
export function* leaves(value: Value, at = 'Properties', key = ''): Iterable<Leaf> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* leaves(item, `${at}[${index}]`, key);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value))
      yield* leaves(item, /^[\w-]+$/.test(name) ? `${at}.${name}` : `${at}["${name}"]`, name);
  } else yield { value, key, at };
}

/** The written parts of a leaf, what is open left out. */
export function writtenParts(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Text) return value.parts.filter((part): part is string => typeof part === 'string');
  return isOpen(value) ? [] : [String(value)];
}
