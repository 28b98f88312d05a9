import type { Json } from '../inventory/value';

/** JSON as the engine wants it: objects as maps, so that no key is taken for a property of JavaScript, and whole numbers as integers. */
export function celValue(json: Json): unknown {
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
  if (typeof json !== 'object' || json === null) return json;
  // Not `map`, which makes a list of the same realm: the engine knows only its own.
  if (Array.isArray(json)) return Array.from(json, celValue);
  const map = new Map<string, unknown>();
  for (const key of Object.keys(json)) if (json[key] !== undefined) map.set(key, celValue(json[key]));
  return map;
}
