import { InputError } from '../error';
import type { KubernetesObject } from '../inventory/model';
import { selects } from '../inventory/selectors';
import { isJsonObject, type JsonObject } from '../inventory/value';
import type { Binding, Policy } from './policy';
import { namespaceOf, type Request } from './request';

/** The objects a policy is evaluated with, one evaluation each; `denied` where a binding asks for some and there are none. */
export type Params = readonly (JsonObject | null)[] | 'denied';

/**
 * Finds the parameters that a binding refers to among the given objects. A policy without binding takes all of its kind.
 * Throws `ParamsMissing`.
 */
export function paramsOf(
  policy: Policy,
  binding: Binding | undefined,
  request: Request,
  given: readonly KubernetesObject[],
  namespace: string,
): Params {
  const { paramKind } = policy;
  if (paramKind === undefined) return [null];
  const ofKind = given.filter(({ apiVersion, kind }) => apiVersion === paramKind.apiVersion && kind === paramKind.kind);
  if (binding === undefined) {
    if (ofKind.length > 0) return ofKind.map(({ object }) => object);
    throw new InputError(
      'ParamsMissing',
      `the policy '${policy.name}' takes a ${paramKind.kind}, and no file has one; give it with --params`,
    );
  }
  const { paramRef } = binding;
  // Without a reference the policy runs, and `params` is null.
  if (paramRef === undefined) return [null];
  const wanted = typeof paramRef.namespace === 'string' ? paramRef.namespace : request.namespace;
  const found = ofKind.filter((object) => {
    const own = namespaceOf(object, namespace);
    if (own !== undefined && own !== wanted) return false;
    if (typeof paramRef.name === 'string') return object.name === paramRef.name;
    return selects(paramRef.selector, isJsonObject(object.object.metadata) ? object.object.metadata.labels : undefined);
  });
  if (found.length > 0) return found.map(({ object }) => object);
  return paramRef.parameterNotFoundAction === 'Deny' ? 'denied' : [];
}
