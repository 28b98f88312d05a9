import { InputError } from '../../error';
import { entries } from './comparison';

const CLAUSE = /%(?:\.(\d+))?(.?)/gs;

/** `text.format(list)`. Throws `CelNoValue`. */
export function format(text: string, values: readonly unknown[]): string {
  let next = 0;
  const written = text.replace(CLAUSE, (clause, precision: string | undefined, verb: string) => {
    if (verb === '%' && precision === undefined) return '%';
    if (next >= values.length) throw new InputError('CelNoValue', `'${clause}' has no value; give format() one for every clause`);
    const value = values[next];
    next += 1;
    return one(clause, verb, value, precision === undefined ? 6 : Number(precision));
  });
  return written;
}

function one(clause: string, verb: string, value: unknown, digits: number): string {
  const number = typeof value === 'bigint' || typeof value === 'number';
  if (verb === 's') return plain(value);
  if (verb === 'd' && number) return plain(value);
  if (verb === 'f' && number && digits <= 100) return Number(value).toFixed(digits);
  if (verb === 'e' && number && digits <= 100)
    return Number(value)
      .toExponential(digits)
      .replace(/e([+-])(\d)$/, 'e$10$2');
  if (verb === 'b' && typeof value === 'boolean') return value ? '1' : '0';
  if (verb === 'b' && typeof value === 'bigint') return value.toString(2);
  if (verb === 'o' && typeof value === 'bigint') return value.toString(8);
  if (verb === 'x' || verb === 'X') {
    const hex = typeof value === 'bigint' ? value.toString(16) : typeof value === 'string' ? Buffer.from(value).toString('hex') : undefined;
    if (hex !== undefined) return verb === 'x' ? hex : hex.toUpperCase();
  }
  throw new InputError('CelNoValue', `'${clause}' cannot write ${plain(value)}; choose a clause of its type, %s takes any`);
}

function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  const map = entries(value);
  if (map === undefined) return String(value);
  return `{${[...map]
    .map(([key, inner]) => `${plain(key)}: ${plain(inner)}`)
    .sort()
    .join(', ')}}`;
}
