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
  // Most maps are in order, and nothing is made for those.
  let copy: { [key: string]: Json } | undefined;
  let ordered = true;
  let last = '';
  for (const key in value) {
    if (key < last) ordered = false;
    last = key;
    const own = value[key];
    const child = own === undefined ? own : sorted(own);
    if (child === own && own !== undefined) continue;
    copy ??= { ...value };
    if (own === undefined) delete copy[key];
    else copy[key] = child;
  }
  if (ordered) return copy ?? value;
  const made = copy ?? value;
  const result: { [key: string]: Json } = {};
  for (const key of Object.keys(made).sort()) result[key] = made[key];
  return result;
}
