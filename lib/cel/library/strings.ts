import { InputError } from '../../error';
import { type Environment, functions, namespace } from '../engine';
import { format } from './string-format';

/** Positions count code points, as in the API server; JavaScript counts UTF-16 units. */
function outside(index: bigint): InputError {
  return new InputError('CelNoValue', `index ${index} is out of range; keep it within the value`);
}

function charAt(text: string, index: bigint): string {
  const points = [...text];
  if (index < 0n || index > points.length) throw outside(index);
  return points[Number(index)] ?? '';
}

function substring(text: string, start: bigint, end: bigint = BigInt([...text].length)): string {
  const points = [...text];
  if (start > end || start < 0n || start > points.length) throw outside(start);
  if (end > points.length) throw outside(end);
  return points.slice(Number(start), Number(end)).join('');
}

const matchesAt = (points: readonly string[], wanted: readonly string[], at: number): boolean =>
  wanted.every((point, index) => points[at + index] === point);

function indexOf(text: string, part: string, from = 0n): bigint {
  if (from < 0n) throw outside(from);
  const points = [...text];
  if (part === '') return from > points.length ? BigInt(points.length) : from;
  const wanted = [...part];
  for (let at = Number(from); at <= points.length - wanted.length; at += 1) if (matchesAt(points, wanted, at)) return BigInt(at);
  return -1n;
}

function lastIndexOf(text: string, part: string, from?: bigint): bigint {
  const points = [...text];
  if (from !== undefined && from < 0n) throw outside(from);
  if (part === '') return from === undefined || from > points.length ? BigInt(points.length) : from;
  if (from !== undefined && from >= points.length) return -1n;
  const wanted = [...part];
  for (let at = Math.min(from === undefined ? points.length : Number(from), points.length - wanted.length); at >= 0; at -= 1)
    if (matchesAt(points, wanted, at)) return BigInt(at);
  return -1n;
}

function replace(text: string, old: string, by: string, limit = -1n): string {
  if (limit < 0n) return text.replaceAll(old, () => by);
  let left = limit;
  return text.replaceAll(old, (found) => {
    if (left === 0n) return found;
    left -= 1n;
    return by;
  });
}

const ESCAPES: { readonly [character: string]: string } = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const quote = (text: string): string => `"${[...text].map((point) => ESCAPES[point] ?? point).join('')}"`;

const WHOLE = /^[-+]?\d+$/;

function int(text: string): bigint {
  const value = WHOLE.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (value === undefined || BigInt.asIntN(64, value) !== value)
    throw new InputError('CelNoValue', `'${text}' is no integer; check it before int()`);
  return value;
}

/** Strings as of version 2 of the extension, which Kubernetes has from 1.29 on. */
export function registerStrings(environment: Environment): void {
  functions(environment, {
    'string.charAt(int): string': charAt,
    'string.k8s_substring(int): string': substring,
    'string.k8s_substring(int, int): string': substring,
    'string.k8s_indexOf(string): int': (text: string, part: string) => indexOf(text, part),
    'string.k8s_indexOf(string, int): int': indexOf,
    'string.k8s_lastIndexOf(string): int': (text: string, part: string) => lastIndexOf(text, part),
    'string.k8s_lastIndexOf(string, int): int': lastIndexOf,
    'string.replace(string, string): string': (text: string, old: string, by: string) => replace(text, old, by),
    'string.replace(string, string, int): string': replace,
    'string.k8s_lowerAscii(): string': (text: string) => text.replace(/[A-Z]+/g, (found) => found.toLowerCase()),
    'string.k8s_upperAscii(): string': (text: string) => text.replace(/[a-z]+/g, (found) => found.toUpperCase()),
    'string.format(list): string': format,
    'k8s_int(int): int': (value: bigint) => value,
    'k8s_int(uint): int': (value: { valueOf(): bigint }) => value.valueOf(),
    'k8s_int(string): int': int,
    'k8s_int(double): int': (value: number) => {
      if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63)
        throw new InputError('CelNoValue', `${value} is no integer; check it before int()`);
      return BigInt(Math.trunc(value));
    },
    'k8s_int(google.protobuf.Timestamp): int': (value: Date) => BigInt(Math.floor(value.getTime() / 1000)),
  });
  namespace(environment, 'strings', { 'quote(string): string': quote });
}
