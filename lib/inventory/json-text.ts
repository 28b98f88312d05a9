import { concatenate } from './compose';
import { isJsonObject, isOpen, type Json, type Reference, Text, type Unknown, type Value } from './value';

/**
 * Reads JSON text that may embed open parts, as policies given by Fn::Sub or Fn::Join do. Where a value is exactly one open part it stays that part;
 * inside longer strings it becomes a `Text`; in a key it is written as `${LogicalId.Attribute}`. Undefined when the text is no JSON.
 */
export function parseJsonText(value: Value | undefined): Value | undefined {
  if (typeof value !== 'string' && !(value instanceof Text)) return undefined;
  const parts = typeof value === 'string' ? [value] : value.parts;
  const open: (Reference | Unknown)[] = [];
  // Private-use characters cannot stand in a policy by accident, and survive JSON.parse inside strings.
  const text = parts.map((part) => (typeof part === 'string' ? part : `\uE000${open.push(part) - 1}\uE001`)).join('');
  if (!/^\s*[{[]/.test(text)) return undefined;
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch {
    try {
      // An open part outside quotes stands for a number, a boolean or a whole value.
      parsed = JSON.parse(text.replace(/([:,[]\s*)(\uE000\d+\uE001)/g, '$1"$2"')) as Json;
    } catch {
      return undefined;
    }
  }
  const restore = (source: string): Value => {
    if (!source.includes('\uE000')) return source;
    return concatenate(
      source.split(/(\uE000\d+\uE001)/).map((piece) => (piece.startsWith('\uE000') ? open[Number(piece.slice(1, -1))] : piece)),
    );
  };
  const walk = (node: Json): Value => {
    if (typeof node === 'string') return restore(node);
    if (Array.isArray(node)) return node.map(walk);
    if (!isJsonObject(node)) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [String(restore(key)), walk(child)]));
  };
  return walk(parsed);
}

/** Writes a value as JSON text, the way Fn::ToJsonString does; open parts stay open inside the text. */
export function jsonTextOf(value: Value): Value {
  const open: Value[] = [];
  const mark = (node: Value): Json => {
    // The literal parts of a text are escaped like any string, so only its open parts are marked.
    if (node instanceof Text) return node.parts.map((part) => (typeof part === 'string' ? part : mark(part))).join('');
    if (isOpen(node)) return `\uE000${open.push(node) - 1}\uE001`;
    if (Array.isArray(node)) return node.map(mark);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, mark(child as Value)]));
  };
  const text = JSON.stringify(mark(value));
  if (open.length === 0) return text;
  return concatenate(
    text.split(/(\uE000\d+\uE001)/).map((piece) => (piece.startsWith('\uE000') ? open[Number(piece.slice(1, -1))] : piece)),
  );
}
