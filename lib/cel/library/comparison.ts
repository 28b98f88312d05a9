import { InputError } from '../../error';

/** A value of one of the library's own types. */
export interface Comparable {
  compareTo(other: this): number;
}
const isComparable = (value: unknown): value is Comparable => typeof (value as Comparable | null)?.compareTo === 'function';
const isNumber = (value: unknown): value is bigint | number => typeof value === 'bigint' || typeof value === 'number';

/** Equality of CEL: by value, integers equal doubles, and values of different types are different. */
export function equal(a: unknown, b: unknown): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: an integer equals the double of the same value.
  if (isNumber(a) && isNumber(b)) return a == b;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  const [left, right] = [entries(a), entries(b)];
  if (left !== undefined && right !== undefined)
    return left.size === right.size && [...left].every(([key, value]) => right.has(key) && equal(value, right.get(key)));
  if (a.constructor !== b.constructor) return false;
  return isComparable(a) ? a.compareTo(b as Comparable) === 0 : String(a.valueOf()) === String(b.valueOf());
}

/** A map of the engine is a Map of ours or, where an expression wrote it, an object. */
export function entries(value: object): Map<unknown, unknown> | undefined {
  if (value instanceof Map) return value;
  return value.constructor === Object || value.constructor === undefined ? new Map(Object.entries(value)) : undefined;
}

/** Orders two values of one type; throws `CelNoValue`. */
export function compare(a: unknown, b: unknown): number {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return comparePoints(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && a.constructor === b.constructor) {
    if (isComparable(a)) return a.compareTo(b as Comparable);
    if (!Array.isArray(a) && entries(a) === undefined) {
      const [left, right] = [a.valueOf() as number, b.valueOf() as number];
      return left < right ? -1 : left > right ? 1 : 0;
    }
  }
  throw new InputError('CelNoValue', `a ${kind(a)} and a ${kind(b)} have no order; compare values of one type`);
}

/** The API server orders text by its bytes in UTF-8, which is the order of code points and not the one of JavaScript. */
function comparePoints(a: string, b: string): number {
  return Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value !== 'object') return typeof value;
  return Array.isArray(value) ? 'list' : entries(value) === undefined ? value.constructor.name : 'map';
}
