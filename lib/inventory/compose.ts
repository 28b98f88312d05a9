import { Choice, isObject, isOpen, Reference, Text, Unknown, type Value } from './value';

/** Stands for `AWS::NoValue` while an object is being resolved; never leaves the resolver inside a list or an object. */
export const NO_VALUE = new Unknown('AWS::NoValue');
export function isNoValue(value: Value): boolean {
  return value === NO_VALUE;
}

/**
 * Joins values into one string, as exact as the values are. One choice among them makes the whole a choice between the texts; dynamic references
 * (`{{resolve:...}}`), also those that embed a reference, become unknown.
 */
export function concatenate(values: readonly Value[]): Value {
  const choice = values.find((value): value is Choice => value instanceof Choice);
  if (choice !== undefined && values.every((value) => !(value instanceof Choice) || value.condition === choice.condition)) {
    const options = choice.options.map((_, option) =>
      concatenate(values.map((value) => (value instanceof Choice ? value.options[option] : value))),
    );
    return options.every((option) => same(option, options[0])) ? options[0] : new Choice(choice.condition, options);
  }
  const parts: (string | Reference | Unknown)[] = [];
  const push = (part: Value): void => {
    if (part instanceof Text) part.parts.forEach(push);
    else if (part instanceof Reference || part instanceof Unknown) parts.push(part);
    else if (part instanceof Choice) parts.push(new Unknown(`condition ${part.condition}`));
    else if (typeof part === 'object') parts.push(new Unknown('a text made of a list or an object'));
    else if (String(part) !== '') {
      const last = parts[parts.length - 1];
      if (typeof last === 'string') parts[parts.length - 1] = last + String(part);
      else parts.push(String(part));
    }
  };
  values.forEach(push);
  if (parts.length === 0) return '';
  const known = parts.some((part) => typeof part === 'string' && part.includes('{{resolve:')) ? withoutDynamic(parts) : parts;
  return known.length === 1 ? known[0] : new Text(known);
}

function withoutDynamic(parts: readonly (string | Reference | Unknown)[]): (string | Reference | Unknown)[] {
  const open: (Reference | Unknown)[] = [];
  const marked = parts.map((part) => (typeof part === 'string' ? part : `\uE000${open.push(part) - 1}\uE001`)).join('');
  const clear = (text: string): string => text.replace(/\uE000(\d+)\uE001/g, (_, index) => String(open[Number(index)]));
  return marked.split(/(\{\{resolve:[^}]*\}\}|\uE000\d+\uE001)/).flatMap((piece) => {
    if (piece === '') return [];
    if (/^\{\{resolve:.*\}\}$/s.test(piece)) return [new Unknown(`dynamic reference ${clear(piece).slice('{{resolve:'.length, -2)}`)];
    return [piece.startsWith('\uE000') ? open[Number(piece.slice(1, -1))] : piece];
  });
}

/** Equal as far as can be known: two references to the same thing are, two unknowns are not. */
export function same(left: Value, right: Value): boolean {
  if (left === right) return !(left instanceof Unknown) || left === NO_VALUE;
  if (left instanceof Reference) return left.is(right);
  if (left instanceof Text)
    return (
      right instanceof Text && left.parts.length === right.parts.length && left.parts.every((part, index) => same(part, right.parts[index]))
    );
  if (left instanceof Choice) {
    return (
      right instanceof Choice &&
      left.condition === right.condition &&
      left.options.length === right.options.length &&
      left.options.every((option, index) => same(option, right.options[index]))
    );
  }
  if (isOpen(left) || isOpen(right)) return false;
  if (Array.isArray(left))
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => same(item, right[index]));
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => key in right && same(left[key], right[key]));
  }
  return false;
}

/** True when a value, or anything in it, is not known before deployment. */
export function containsOpen(value: Value): boolean {
  if (isOpen(value)) return true;
  if (Array.isArray(value)) return value.some(containsOpen);
  return isObject(value) && Object.values(value).some(containsOpen);
}
