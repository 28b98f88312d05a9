import { ApiObject, type JsonPatch } from 'cdk8s';
import { InputError } from '../../error';
import type { Json, JsonObject } from '../../inventory/value';

interface Operation {
  readonly op: string;
  readonly path: string;
}

/** JSON pointers that patches of an object write to. */
export function patchedPointers(apiObject: ApiObject): string[] {
  const { patches } = apiObject as unknown as { patches: (JsonPatch & { _toJson(): Operation })[] };
  return patches.map((patch) => patch._toJson()).flatMap(({ op, path }) => (op === 'test' || op === 'remove' ? [] : [path]));
}

/**
 * Puts back what the typed class dropped: cdk8s applies a patch first and then keeps only fields, and forms of them, that the generated class knows.
 * `kept` is what came out of that; what went in is rendered once more without the filter. Changes `kept`.
 * Throws `PatchLost` where a value has no place any more.
 */
export function replayPatches(apiObject: ApiObject, kept: JsonObject, pointers: readonly string[]): void {
  const wanted = ApiObject.prototype.toJson.call(apiObject) as JsonObject;
  for (const pointer of pointers) {
    if (!replay(kept, wanted, pointer.split('/').slice(1).map(unescaped))) {
      throw new InputError(
        'PatchLost',
        `the patch of '${pointer}' on '${apiObject.kind}' '${apiObject.name}' cannot reach the manifest; patch the nearest list or object above it as a whole`,
        { path: apiObject.node.path },
      );
    }
  }
}

const unescaped = (token: string) => token.replace(/~1/g, '/').replace(/~0/g, '~');
const isMap = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNode = (value: Json | undefined): value is JsonObject | Json[] => typeof value === 'object' && value !== null;

function replay(kept: JsonObject, wanted: JsonObject, tokens: string[]): boolean {
  let to: JsonObject | Json[] = kept;
  let from: JsonObject | Json[] = wanted;
  for (const [index, token] of tokens.entries()) {
    if (Array.isArray(from) !== Array.isArray(to)) return false;
    const key: string = token === '-' && Array.isArray(from) ? `${from.length - 1}` : token;
    const value: Json | undefined = at(from, key);
    // A later patch moved or removed it: then that one decides.
    if (value === undefined) return true;
    const there: Json | undefined = at(to, key);
    if (index === tokens.length - 1 || !isNode(there)) return put(to, key, index === tokens.length - 1 ? merged(there, value) : value);
    if (!isNode(value)) return false;
    [to, from] = [there, value];
  }
  return true;
}

function at(node: JsonObject | Json[], key: string): Json | undefined {
  return Array.isArray(node) ? node[Number(key)] : node[key];
}

function put(node: JsonObject | Json[], key: string, value: Json): boolean {
  if (!Array.isArray(node)) node[key] = value;
  else if (Number(key) > node.length) return false;
  else node[Number(key)] = value;
  return true;
}

/** What was wanted, in the form that the filter gives to the fields it knows: `clusterIp` as `clusterIP`, a quantity as text. */
function merged(kept: Json | undefined, wanted: Json): Json {
  if (Array.isArray(wanted)) return wanted.map((value, index) => merged(Array.isArray(kept) ? kept[index] : undefined, value));
  if (!isMap(wanted)) return wanted;
  if (kept !== undefined && kept !== null && !isNode(kept) && wanted.value === kept) return kept;
  const result: JsonObject = isMap(kept) ? { ...kept } : {};
  const respelled = new Set(Object.keys(result).map((key) => key.toLowerCase()));
  for (const [key, value] of Object.entries(wanted)) {
    if (key in result || !respelled.has(key.toLowerCase())) result[key] = merged(result[key], value);
  }
  return result;
}
