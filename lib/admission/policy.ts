import { type Expression, expression } from '../cel';
import { InputError, type Place } from '../error';
import type { KubernetesObject } from '../inventory/model';
import { isJsonObject, type Json, type JsonObject } from '../inventory/value';

export interface Named {
  readonly name: string;
  readonly expression: Expression;
}
export interface Validation {
  readonly expression: Expression;
  readonly message?: string;
  readonly messageExpression?: Expression;
  readonly reason: string;
}

/** A ValidatingAdmissionPolicy, with its expressions read. */
export interface Policy {
  readonly name: string;
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
  readonly match: JsonObject;
  readonly matchConditions: readonly Named[];
  readonly variables: readonly Named[];
  readonly validations: readonly Validation[];
  readonly auditAnnotations: readonly Expression[];
  /** Names that its expressions read, to ask only for what a policy needs. */
  readonly reads: { readonly namespace: boolean; readonly user: boolean };
}

/** A ValidatingAdmissionPolicyBinding. */
export interface Binding {
  readonly name: string;
  readonly policyName: string;
  readonly actions: readonly string[];
  readonly paramRef?: JsonObject;
  readonly match: JsonObject;
}

/** Finds the line of a path inside an object. */
export type PlaceOf = (object: KubernetesObject, path: string) => Place;

const INPUTS = ['object', 'oldObject', 'request', 'params', 'namespaceObject'];
const ACTIONS = ['Deny', 'Warn', 'Audit'];

/** Reads a policy. Throws `PolicyInvalid`, and what its expressions throw, with their line. */
export function readPolicy(source: KubernetesObject, placeOf: PlaceOf): Policy {
  const invalid = (path: string, what: string): InputError =>
    new InputError('PolicyInvalid', `${path} of the policy '${source.name}' ${what}`, placeOf(source, path));
  const { spec } = source.object;
  if (!isJsonObject(spec)) throw invalid('spec', 'is missing; write it as an object');
  const texts: string[] = [];
  const at = (holder: JsonObject, key: string, path: string, variables: readonly string[]): Expression => {
    const text = holder[key];
    if (typeof text !== 'string' || text.trim() === '') throw invalid(path, `has no ${key}; write a CEL expression`);
    const place = placeOf(source, `${path}.${key}`);
    if (/\bauthorizer\b/.test(text))
      throw new InputError(
        'AuthorizerOffline',
        `the policy '${source.name}' asks the authorizer, which only a cluster has; check it there`,
        place,
      );
    texts.push(text);
    return expression(text, variables, place);
  };
  const list = (key: string): JsonObject[] => {
    const value = spec[key];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value) || !value.every(isJsonObject)) throw invalid(`spec.${key}`, 'is no list of objects; write one');
    return value;
  };
  const named = (key: string, variables: (index: number) => readonly string[]): Named[] =>
    list(key).map((item, index) => ({
      name: String(item.name),
      expression: at(item, 'expression', `spec.${key}[${index}]`, variables(index)),
    }));

  const { failurePolicy = 'Fail', matchConstraints, paramKind } = spec;
  if (failurePolicy !== 'Fail' && failurePolicy !== 'Ignore')
    throw invalid('spec.failurePolicy', `is ${JSON.stringify(failurePolicy)}; write Fail or Ignore`);
  if (!isJsonObject(matchConstraints)) throw invalid('spec.matchConstraints', 'is missing; say which resources the policy is for');
  const all = [...INPUTS, 'variables'];
  const matchConditions = named('matchConditions', () => INPUTS);
  const variables = named('variables', () => all);
  const validations = list('validations').map((item, index): Validation => {
    const path = `spec.validations[${index}]`;
    return {
      expression: at(item, 'expression', path, all),
      message: typeof item.message === 'string' && item.message.trim() !== '' ? item.message.trim() : undefined,
      messageExpression: typeof item.messageExpression === 'string' ? at(item, 'messageExpression', path, all) : undefined,
      reason: typeof item.reason === 'string' ? item.reason : 'Invalid',
    };
  });
  const auditAnnotations = list('auditAnnotations').map((item, index) =>
    at(item, 'valueExpression', `spec.auditAnnotations[${index}]`, all),
  );
  if (validations.length === 0 && auditAnnotations.length === 0) throw invalid('spec.validations', 'is empty; write at least one');
  const reads = (word: RegExp): boolean => texts.some((text) => word.test(text));
  return {
    name: source.name,
    failurePolicy,
    paramKind: isJsonObject(paramKind) ? { apiVersion: String(paramKind.apiVersion), kind: String(paramKind.kind) } : undefined,
    match: matchConstraints,
    matchConditions,
    variables,
    validations,
    auditAnnotations,
    reads: { namespace: reads(/\bnamespaceObject\b/), user: reads(/\buserInfo\b/) },
  };
}

/** Reads a binding. Throws `PolicyInvalid`. */
export function readBinding(source: KubernetesObject, placeOf: PlaceOf): Binding {
  const { spec } = source.object;
  const { policyName, validationActions, paramRef, matchResources } = isJsonObject(spec) ? spec : ({} as { [key: string]: Json });
  if (typeof policyName !== 'string')
    throw new InputError(
      'PolicyInvalid',
      `spec.policyName of the binding '${source.name}' is missing; name the policy`,
      placeOf(source, 'spec'),
    );
  if (
    !Array.isArray(validationActions) ||
    validationActions.length === 0 ||
    !validationActions.every((action) => ACTIONS.includes(action as string))
  )
    throw new InputError(
      'PolicyInvalid',
      `spec.validationActions of the binding '${source.name}' is ${JSON.stringify(validationActions ?? null)}; list some of ${ACTIONS.join(', ')}`,
      placeOf(source, 'spec.validationActions'),
    );
  return {
    name: source.name,
    policyName,
    actions: validationActions as string[],
    paramRef: isJsonObject(paramRef) ? paramRef : undefined,
    match: isJsonObject(matchResources) ? matchResources : {},
  };
}
