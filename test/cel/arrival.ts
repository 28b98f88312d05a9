import { podSpecPath } from '../../lib/inventory';
import { isJsonObject, type Json, type JsonObject } from '../../lib/inventory/value';

/** Fields that Go leaves out when they are false; others are pointers, of which false is a value. */
const PLAIN_BOOLEANS = new Set(['hostNetwork', 'hostPID', 'hostIPC', 'readOnly', 'stdin', 'stdinOnce', 'tty']);
/** Text that is a pointer: empty is a value. */
const POINTERS = new Set(['procMount']);
/** Fields that are written although they are empty. */
const KEPT = new Set(['verbs', 'rules', 'podSelector', 'namespaceSelector']);

/**
 * An object as admission sees it: what the API server's decoding and defaulting make of what was posted, as far as any rule can tell.
 * Written by its documented rules and not by what a control reads, so that a rule that forgets a default is found out.
 */
export function arrived(posted: JsonObject): JsonObject {
  const object = decoded(posted) as JsonObject;
  const steps = podSpecPath(posted.kind as string, posted.apiVersion as string);
  let at: Json | undefined = object;
  for (const step of steps ?? []) at = isJsonObject(at) ? at[step] : undefined;
  if (steps !== undefined && isJsonObject(at)) defaulted(at);
  return object;
}

function decoded(value: Json): Json {
  if (Array.isArray(value)) return value.map(decoded);
  if (!isJsonObject(value)) return value;
  const object: JsonObject = {};
  for (const name of Object.keys(value)) {
    const given = value[name];
    if (given === null || (given === '' && !POINTERS.has(name))) continue;
    if (given === false && PLAIN_BOOLEANS.has(name)) continue;
    const inner = QUANTITIES.has(name) && isJsonObject(given) ? texts(given) : name === 'sizeLimit' ? String(given) : decoded(given);
    if (Array.isArray(inner) && inner.length === 0 && !KEPT.has(name)) continue;
    if (isJsonObject(inner) && Object.keys(inner).length === 0 && MAPS.has(name)) continue;
    object[name] = inner;
  }
  return object;
}
const QUANTITIES = new Set(['requests', 'limits', 'hard', 'default', 'defaultRequest', 'max', 'min']);
/** Maps are left out when empty; structures are kept. */
const MAPS = new Set(['requests', 'limits', 'labels', 'annotations', 'matchLabels', 'nodeSelector', 'data', 'stringData', 'hard']);

function texts(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).flatMap(([key, amount]) => (amount === null ? [] : [[key, String(amount)]])));
}

function defaulted(spec: JsonObject): void {
  spec.securityContext ??= {};
  // Text that is not optional is there although it is empty.
  if (isJsonObject(spec.os)) spec.os.name ??= '';
  for (const holder of [spec, ...containersOf(spec)]) {
    const profile = isJsonObject(holder.securityContext) ? holder.securityContext.seccompProfile : undefined;
    if (isJsonObject(profile)) profile.type ??= '';
  }
  spec.restartPolicy ??= 'Always';
  spec.dnsPolicy ??= 'ClusterFirst';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.enableServiceLinks ??= true;
  // The old name and the new one of one field.
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  if (account !== undefined) [spec.serviceAccountName, spec.serviceAccount] = [account, account];
  for (const volume of items(spec.volumes)) if (Object.keys(volume).length === 1) volume.emptyDir = {};
  // Go writes a list that is missing and not optional as null.
  for (const { projected } of items(spec.volumes)) if (isJsonObject(projected)) projected.sources ??= null;
  requested(spec);
  for (const container of containersOf(spec)) {
    container.resources ??= {};
    container.terminationMessagePath ??= '/dev/termination-log';
    container.imagePullPolicy ??= latest(container.image) ? 'Always' : 'IfNotPresent';
    requested(container);
  }
}

const containersOf = (spec: JsonObject): JsonObject[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((group) => items(spec[group]));

/** A limit without a request is the request too. */
function requested({ resources }: JsonObject): void {
  if (!isJsonObject(resources) || !isJsonObject(resources.limits)) return;
  resources.requests = { ...resources.limits, ...(isJsonObject(resources.requests) ? resources.requests : {}) };
}

const REFERENCE = /^(?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::([\w][\w.-]*))?(@\w+:[0-9a-f]{32,})?$/;

function latest(image: Json | undefined): boolean {
  const found = typeof image === 'string' ? REFERENCE.exec(image) : null;
  return found !== null && (found[1] === 'latest' || (found[1] === undefined && found[2] === undefined));
}

const items = (list: Json | undefined): JsonObject[] => (Array.isArray(list) ? list.filter(isJsonObject) : []);
