import { InputError } from '../../error';
import { type Environment, engine, functions, namespace } from '../engine';
import { compare, equal } from './comparison';

type List = readonly unknown[];
/** `lists.range()` and `flatten()` make lists of any size from a few characters. */
const LONGEST = 1_000_000;

function extreme(list: List, sign: 1 | -1, name: string): unknown {
  if (list.length === 0) throw new InputError('CelNoValue', `${name}() was called on an empty list; check its size first`);
  return list.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));
}

function sum(list: List): unknown {
  return list.reduce((total: unknown, item) => {
    if (typeof item === 'bigint' && typeof total === 'bigint') {
      const value = total + item;
      if (BigInt.asIntN(64, value) !== value) throw new InputError('CelNoValue', 'the sum is no 64-bit integer; sum smaller values');
      return value;
    }
    if (typeof item === 'number') return Number(total) + item;
    const add = (item as { addDuration?(other: unknown): unknown } | null)?.addDuration;
    if (add === undefined || (typeof total !== 'object' && total !== 0n))
      throw new InputError('CelNoValue', 'sum() takes integers, doubles or durations; map the list to one of them');
    return total === 0n ? item : add.call(item, total);
  }, 0n);
}

function slice(list: List, start: bigint, end: bigint): List {
  if (start < 0n || end < start || end > list.length)
    throw new InputError('CelNoValue', `the slice from ${start} to ${end} is out of range; the list has ${list.length} items`);
  return list.slice(Number(start), Number(end));
}

const distinct = (list: List): List => list.filter((item, index) => list.findIndex((other) => equal(item, other)) === index);

/** List functions of Kubernetes, and those of the extension that it has from 1.34 on. */
export function registerLists(environment: Environment): void {
  const { Optional } = engine();
  functions(environment, {
    'list.isSorted(): bool': (list: List) => list.every((item, index) => index === 0 || compare(list[index - 1], item) <= 0),
    'list.sum(): dyn': sum,
    'list.min(): dyn': (list: List) => extreme(list, -1, 'min'),
    'list.max(): dyn': (list: List) => extreme(list, 1, 'max'),
    'list.k8s_indexOf(dyn): int': (list: List, wanted: unknown) => BigInt(list.findIndex((item) => equal(item, wanted))),
    'list.k8s_lastIndexOf(dyn): int': (list: List, wanted: unknown) =>
      BigInt(list.reduce<number>((last, item, index) => (equal(item, wanted) ? index : last), -1)),
    'list.slice(int, int): list': slice,
    'list.flatten(): list': (list: List) => list.flat(1),
    'list.flatten(int): list': (list: List, depth: bigint) => {
      if (depth < 0n) throw new InputError('CelNoValue', `flatten(${depth}) has a negative depth; give 0 or more`);
      return list.flat(Number(depth));
    },
    'list.sort(): list': (list: List) => [...list].sort(compare),
    'list.distinct(): list': distinct,
    'list.reverse(): list': (list: List) => [...list].reverse(),
    'list.first(): optional<dyn>': (list: List) => (list.length === 0 ? Optional.none() : Optional.of(list[0])),
    'list.last(): optional<dyn>': (list: List) => (list.length === 0 ? Optional.none() : Optional.of(list[list.length - 1])),
  });
  namespace(environment, 'lists', {
    'range(int): list<int>': (size: bigint) => {
      if (size < 0n || size > LONGEST) throw new InputError('CelNoValue', `range(${size}) is too long; give 0 to ${LONGEST}`);
      return Array.from({ length: Number(size) }, (_, index) => BigInt(index));
    },
  });
  const within = (list: List, wanted: List): boolean => wanted.every((item) => list.some((other) => equal(item, other)));
  namespace(environment, 'sets', {
    'contains(list, list): bool': within,
    'equivalent(list, list): bool': (a: List, b: List) => within(a, b) && within(b, a),
    'intersects(list, list): bool': (a: List, b: List) => a.some((item) => b.some((other) => equal(item, other))),
  });
}
