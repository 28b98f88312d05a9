import type { AnyControl, Example } from '../../lib/controls/control';
import { quantity } from '../../lib/controls/resources/quantity';
import { podSpecPath } from '../../lib/inventory';
import { isJsonObject, type Json, type JsonObject } from '../../lib/inventory/value';

/** Numbers in a fixed order for a seed. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Path = readonly (string | number)[];
/** Fields by where they stand, with every value that any example of any control gives them. */
export type Vocabulary = ReadonlyMap<string, ReadonlyMap<string, readonly Json[]>>;

/** Workload kinds share their pod spec; everything else is its kind. */
const family = ({ kind, apiVersion }: JsonObject): string =>
  podSpecPath(kind as string, apiVersion as string) === undefined ? (kind as string) : 'pod';
const rootPath = ({ kind, apiVersion }: JsonObject): Path => podSpecPath(kind as string, apiVersion as string) ?? [];

const NUMBERS = [0, 1, 2, 1000, 9999, 10000, 10001, 65535];
/** Names that make an object another one, or that only the server fills in. */
const FIXED = new Set(['apiVersion', 'kind', 'metadata', 'selector', 'status']);

/** All fields of these examples; containers of all three groups are one place, so that what one group shows is tried on the others. */
export function vocabulary(controls: readonly AnyControl[]): Vocabulary {
  const found = new Map<string, Map<string, Json[]>>();
  const add = (group: string, path: string, value: Json): void => {
    const places = found.get(group) ?? new Map<string, Json[]>();
    found.set(group, places);
    const values = places.get(path) ?? [];
    places.set(path, values);
    if (!values.some((other) => JSON.stringify(other) === JSON.stringify(value))) values.push(value);
  };
  const walk = (group: string, path: readonly string[], value: Json): void => {
    if (path.length > 0) add(group, path.join('\n'), value);
    if (Array.isArray(value)) for (const item of value) walk(group, [...path, '[]'], item);
    else if (isJsonObject(value))
      for (const key of Object.keys(value)) if (path.length > 0 || !FIXED.has(key)) walk(group, [...path, containerGroup(key)], value[key]);
  };
  for (const manifest of controls.flatMap(examplesOf).flatMap(({ manifests }) => manifests ?? [])) {
    const root = at(manifest, rootPath(manifest));
    if (isJsonObject(root)) walk(family(manifest), [], root);
    const metadata = manifest.metadata as JsonObject;
    if (isJsonObject(metadata?.labels)) walk(family(manifest), ['', 'labels'], metadata.labels);
  }
  return found;
}

const GROUPS = ['containers', 'initContainers', 'ephemeralContainers'];
const containerGroup = (key: string): string => (GROUPS.includes(key) ? 'containers' : key);

export function examplesOf({ examples }: AnyControl): readonly Example[] {
  return [...examples.holds, ...examples.breaks, ...(examples.undecided ?? [])];
}

/** The same objects each time: up to `count` different variants of one, each with one to three fields changed, of those that `usable` lets through. */
export function mutants(
  original: JsonObject,
  words: Vocabulary,
  count: number,
  seed: number,
  usable: (object: JsonObject) => boolean = () => true,
): JsonObject[] {
  const next = random(seed);
  const seen = new Set([JSON.stringify(original)]);
  const found: JsonObject[] = [];
  // An object with few fields has few variants; the limit ends the search for more.
  for (let attempt = 0; attempt < count * 20 && found.length < count; attempt += 1) {
    const object = structuredClone(original);
    for (let edits = next(3) + 1; edits > 0; edits -= 1) edit(object, words, next);
    const text = JSON.stringify(object);
    if (seen.has(text)) continue;
    seen.add(text);
    if (!isWhole(object) || !usable(object)) continue;
    found.push(object);
  }
  return found;
}

/** False for what the API server refuses before any policy sees it: required fields that are missing, and items that are no objects. */
function isWhole(object: JsonObject): boolean {
  const root = at(object, rootPath(object));
  if (!isJsonObject(root)) return false;
  if (family(object) === 'pod') {
    const named = (list: Json | undefined): boolean =>
      list === undefined ||
      (Array.isArray(list) && list.every((item) => isJsonObject(item) && typeof item.name === 'string' && item.name !== ''));
    return (
      Array.isArray(root.containers) &&
      root.containers.length > 0 &&
      [...GROUPS, 'volumes'].every((group) => named(root[group])) &&
      hasAmounts(root) &&
      hasRequired(root)
    );
  }
  const { rules } = object;
  return !Array.isArray(rules) || rules.every((rule) => isJsonObject(rule) && Array.isArray(rule.verbs) && rule.verbs.length > 0);
}

/** What an object must have, by the field that holds it or holds a list of it. */
const REQUIRED: { readonly [field: string]: string } = {
  appArmorProfile: 'type',
  env: 'name',
  exec: 'command',
  hostAliases: 'ip',
  hostPath: 'path',
  os: 'name',
  ports: 'containerPort',
  seccompProfile: 'type',
  sysctls: 'name',
  volumeMounts: 'name',
};

function hasRequired(value: Json, field = ''): boolean {
  if (Array.isArray(value)) return value.every((item) => hasRequired(item, field));
  if (!isJsonObject(value)) return true;
  const required = REQUIRED[field] === undefined ? 'given' : value[REQUIRED[field]];
  const empty = required === undefined || required === '' || (Array.isArray(required) && required.length === 0);
  return !empty && Object.entries(value).every(([key, inner]) => hasRequired(inner, key));
}

/** Amounts are quantities wherever they stand. */
function hasAmounts(value: Json): boolean {
  if (Array.isArray(value)) return value.every(hasAmounts);
  if (!isJsonObject(value)) return true;
  const amount = (of: Json | undefined): boolean =>
    of === undefined || of === null || (['string', 'number'].includes(typeof of) && quantity(of as string) !== undefined);
  const resources = isJsonObject(value.resources)
    ? [value.resources.requests, value.resources.limits].flatMap((group) => (isJsonObject(group) ? Object.values(group) : []))
    : [];
  return amount(value.sizeLimit) && resources.every(amount) && Object.values(value).every(hasAmounts);
}

function edit(object: JsonObject, words: Vocabulary, next: (below: number) => number): void {
  const root = at(object, rootPath(object));
  if (!isJsonObject(root)) return;
  const isPod = family(object) === 'pod';
  const places = words.get(family(object)) ?? new Map<string, readonly Json[]>();
  const choice = next(isPod ? 6 : 4);
  if (choice <= 1) {
    // A field of some example, with a value that some example gave it.
    const paths = [...places.keys()];
    if (paths.length === 0) return;
    const path = paths[next(paths.length)];
    const values = places.get(path) ?? [];
    write(
      path.startsWith('\n') ? (object.metadata as JsonObject) : root,
      path.split('\n').filter((step) => step !== ''),
      structuredClone(values[next(values.length)]),
      next,
    );
  } else if (choice === 4) addContainer(root, places, next);
  else {
    const fields = [...fieldsOf(root)];
    if (fields.length === 0) return;
    const { holder, key } = fields[next(fields.length)];
    if (choice === 2) remove(holder, key);
    else holder[key as never] = changed(holder[key as never], next) as never;
  }
}

/** Every field and list item below an object that may be changed. */
function* fieldsOf(value: Json, top = true): Generator<{ readonly holder: JsonObject | Json[]; readonly key: string | number }> {
  if (Array.isArray(value)) {
    for (let key = 0; key < value.length; key += 1) {
      yield { holder: value, key };
      yield* fieldsOf(value[key], false);
    }
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      if (top && FIXED.has(key)) continue;
      yield { holder: value, key };
      yield* fieldsOf(value[key], false);
    }
  }
}

function remove(holder: JsonObject | Json[], key: string | number): void {
  if (Array.isArray(holder)) holder.splice(key as number, 1);
  else delete holder[key];
}

function changed(value: Json, next: (below: number) => number): Json {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return NUMBERS[next(NUMBERS.length)];
  if (typeof value === 'string') return ['', `${value}x`, value.toUpperCase(), value.toLowerCase(), `${value}:latest`, '*'][next(6)];
  if (Array.isArray(value)) return next(2) === 0 ? [] : [...value, ...structuredClone(value)].slice(0, 4);
  return {};
}

function write(root: JsonObject, steps: readonly string[], value: Json, next: (below: number) => number): void {
  let holder: JsonObject | Json[] = root;
  for (let index = 0; index < steps.length; index += 1) {
    const last = index === steps.length - 1;
    let step: string | number = steps[index];
    // What is known of containers is tried on all groups, more often on the usual one.
    if (index === 0 && step === 'containers') step = GROUPS[Math.max(0, next(5) - 2)];
    if (step === '[]') {
      if (!Array.isArray(holder)) return;
      if (holder.length === 0 && !last) return;
      step = last ? next(holder.length + 1) : next(holder.length);
    } else if (Array.isArray(holder)) return;
    if (last) {
      holder[step as never] = value as never;
      return;
    }
    const inner: Json | undefined = holder[step as never] as Json | undefined;
    if (typeof inner === 'object' && inner !== null) holder = inner as JsonObject | Json[];
    else {
      const made: JsonObject | Json[] = steps[index + 1] === '[]' ? [] : {};
      holder[step as never] = made as never;
      holder = made;
    }
  }
}

/** One more container of any group: bare, or with the fields that some example gives one. */
function addContainer(root: JsonObject, places: ReadonlyMap<string, readonly Json[]>, next: (below: number) => number): void {
  const group = GROUPS[next(3)];
  const known = places.get('containers\n[]') ?? [];
  const list = Array.isArray(root[group]) ? (root[group] as Json[]) : [];
  const body = structuredClone(known[next(known.length)] ?? {}) as JsonObject;
  // Ephemeral containers have neither resources nor lifecycle, ports or probes.
  if (group === 'ephemeralContainers')
    for (const key of Object.keys(body))
      if (!['image', 'securityContext', 'imagePullPolicy', 'env', 'volumeMounts'].includes(key)) delete body[key];
  list.push({ ...body, name: `added-${list.length}-${group.slice(0, 4).toLowerCase()}` });
  root[group] = list;
}

function at(value: Json | undefined, path: Path): Json | undefined {
  let found = value;
  for (const step of path) found = isJsonObject(found) ? found[step] : undefined;
  return found;
}
