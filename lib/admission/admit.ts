import { type Bindings, celValue } from '../cel';
import { InputError } from '../error';
import type { KubernetesObject } from '../inventory/model';
import { isJsonObject, type Json, type JsonObject } from '../inventory/value';
import { matches } from './match';
import { paramsOf } from './params';
import type { Binding, Policy } from './policy';
import { namespaceObject, type Request } from './request';

/** One thing that a policy has against an object. */
export interface Objection {
  readonly policy: string;
  readonly binding?: string;
  readonly message: string;
  readonly reason: string;
  /** `Deny` refuses the request; `Warn` and `Audit` let it through. */
  readonly actions: readonly string[];
}

/** What all policies together answer to one request. */
export interface Answer {
  readonly object: KubernetesObject;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly admitted: boolean;
  readonly objections: readonly Objection[];
  /** Names of the policies that were evaluated. */
  readonly policies: readonly string[];
}

/** Policies with what they need besides the request. */
export interface Rules {
  readonly policies: readonly Policy[];
  readonly bindings: readonly Binding[];
  readonly params: readonly KubernetesObject[];
  /** Where params land that name no namespace. */
  readonly namespace: string;
}

/**
 * Answers a request as the API server would. A policy without any binding among the rules is taken as bound to everything, denying.
 * Throws `UserUnknown`, `NamespaceUnknown` and `ParamsMissing`.
 */
export function admit(request: Request, rules: Rules): Answer {
  const objections: Objection[] = [];
  const evaluated = new Set<string>();
  for (const policy of rules.policies) {
    if (!matches(policy.match, request, policy.name)) continue;
    const bindings = rules.bindings.filter(({ policyName }) => policyName === policy.name);
    for (const binding of bindings.length === 0 ? [undefined] : bindings) {
      if (binding !== undefined && !matches(binding.match, request, policy.name)) continue;
      const params = paramsOf(policy, binding, request, rules.params, rules.namespace);
      const own = { policy: policy.name, binding: binding?.name, actions: binding?.actions ?? ['Deny'] };
      evaluated.add(policy.name);
      if (params === 'denied') {
        if (policy.failurePolicy === 'Fail')
          objections.push({ ...own, message: 'no params were found for the binding', reason: 'Invalid' });
        continue;
      }
      for (const param of params) for (const said of objectionsOf(policy, request, param)) objections.push({ ...own, ...said });
    }
  }
  const admitted = objections.every(({ actions }) => !actions.includes('Deny'));
  return { object: request.object, operation: request.operation, admitted, objections, policies: [...evaluated] };
}

type Said = Pick<Objection, 'message' | 'reason'> & Partial<Pick<Objection, 'actions'>>;

function objectionsOf(policy: Policy, request: Request, params: JsonObject | null): Said[] {
  const inputs = inputsOf(policy, request, params);
  const failed = (error: string): Said[] => (policy.failurePolicy === 'Fail' ? [{ message: error, reason: 'Invalid' }] : []);
  let conditionError: string | undefined;
  for (const { name, expression } of policy.matchConditions) {
    const outcome = expression.evaluate(inputs);
    if ('error' in outcome) conditionError ??= `the match condition '${name}' resulted in error: ${outcome.error}`;
    else if (outcome.value !== true) return [];
  }
  // An error counts only where no condition says that the policy does not apply.
  if (conditionError !== undefined) return failed(conditionError);

  const scope: Bindings = { ...inputs, variables: variablesOf(policy, inputs) };
  const said = policy.validations.flatMap(({ expression, message, messageExpression, reason }): Said[] => {
    const outcome = expression.evaluate(scope);
    if ('error' in outcome) return failed(`expression '${expression.text}' resulted in error: ${outcome.error}`);
    if (outcome.value === true) return [];
    const written = messageExpression?.evaluate(scope);
    const text = written !== undefined && 'value' in written && typeof written.value === 'string' ? written.value.trim() : '';
    const usable = text !== '' && !text.includes('\n') ? text : undefined;
    return [{ message: usable ?? message ?? `failed expression: ${expression.text.trim()}`, reason }];
  });
  return [...said, ...annotationsOf(policy, scope)];
}

/** An audit annotation has nothing against an object, but one that cannot be made refuses it, whatever the binding's actions. */
function annotationsOf({ auditAnnotations, failurePolicy }: Policy, scope: Bindings): Said[] {
  if (failurePolicy === 'Ignore') return [];
  return auditAnnotations.flatMap((expression): Said[] => {
    const outcome = expression.evaluate(scope);
    if ('value' in outcome && (outcome.value === null || typeof outcome.value === 'string')) return [];
    const problem = 'error' in outcome ? `resulted in error: ${outcome.error}` : 'is neither text nor null';
    return [{ message: `valueExpression '${expression.text}' ${problem}`, reason: 'Invalid', actions: ['Deny'] }];
  });
}

function inputsOf(policy: Policy, request: Request, params: JsonObject | null): Bindings {
  const { object, oldObject, operation, group, version, resource, namespace, user } = request;
  if (policy.reads.user && user === undefined)
    throw new InputError('UserUnknown', `the policy '${policy.name}' looks at the user, and none was given; name one with --user`);
  const kind = { group, version, kind: object.kind };
  const resourceOf = { group, version, resource };
  const about: JsonObject = {
    kind,
    resource: resourceOf,
    requestKind: kind,
    requestResource: resourceOf,
    subResource: '',
    requestSubResource: '',
    name: object.name,
    namespace: namespace ?? '',
    operation,
    dryRun: false,
    ...(user === undefined ? {} : { userInfo: { username: user.name, groups: [...user.groups] } }),
  };
  return {
    object: celValue(posted(object.object, namespace)),
    oldObject: celValue(oldObject === undefined ? null : posted(oldObject, namespace)),
    request: celValue(about),
    params: celValue(params),
    namespaceObject: celValue(policy.reads.namespace ? namespaceObject(request, policy.name) : null),
  };
}

/** An object as the API server decodes it: without nulls, and in the namespace that it lands in. */
function posted(object: JsonObject, namespace: string | undefined): JsonObject {
  const decoded = withoutNulls(object) as JsonObject;
  if (namespace === undefined || !isJsonObject(decoded.metadata)) return decoded;
  return { ...decoded, metadata: { ...decoded.metadata, namespace } };
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])));
}

/** Variables are evaluated when one is first read, and an error is one of whoever reads it. */
function variablesOf(policy: Policy, inputs: Bindings): object {
  const variables = {};
  const scope: Bindings = { ...inputs, variables };
  for (const { name, expression } of policy.variables) {
    let known: { readonly value: unknown } | undefined;
    Object.defineProperty(variables, name, {
      enumerable: true,
      get(): unknown {
        if (known === undefined) {
          const outcome = expression.evaluate(scope);
          if ('error' in outcome) throw new InputError('CelNoValue', `the variable '${name}' resulted in error: ${outcome.error}`);
          known = outcome;
        }
        return known.value;
      },
    });
  }
  return variables;
}
