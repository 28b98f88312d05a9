import { isJsonObject, type Json } from '../inventory/value';

/** A value with the keys of every map in order, as cdk8s writes them, and without those that are undefined; the same one where nothing is to be done. */
export function sorted(value: Json): Json {
  if (Array.isArray(value)) {
    let copy: Json[] | undefined;
    for (let index = 0; index < value.length; index += 1) {
      const item = sorted(value[index]);
      if (item === value[index]) continue;
      copy ??= value.slice();
      copy[index] = item;
    }
    return copy ?? value;
  }
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value);
  const made = new Array<Json>(keys.length);
  let ordered = true;
  let same = true;
  for (let index = 0; index < keys.length; index += 1) {
    const own = value[keys[index]];
    made[index] = own === undefined ? own : sorted(own);
    if (made[index] !== own || own === undefined) same = false;
    if (index > 0 && keys[index - 1] > keys[index]) ordered = false;
  }
  if (same && ordered) return value;
  const result: { [key: string]: Json } = {};
  const order = keys.map((_, index) => index);
  if (!ordered) order.sort((a, b) => (keys[a] < keys[b] ? -1 : 1));
  for (const index of order) if (made[index] !== undefined) result[keys[index]] = made[index];
  return result;
}
