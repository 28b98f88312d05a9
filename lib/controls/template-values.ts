import type { CloudFormationResource, Inventory } from '../inventory/model';
import { Choice, isObject, isOpen, Reference, Text, type Value, type ValueObject } from '../inventory/value';
import { fail, pass, undecided, type Verdict } from './control';

/** The value at a dotted path of an object; undefined where a step is missing, the open value itself where one is not known. */
export function at(object: Value | undefined, path: string): Value | undefined {
  let value = object;
  for (const step of path.split('.')) {
    if (isOpen(value)) return value;
    value = isObject(value) ? value[step] : undefined;
  }
  return value;
}

/** A list as it is written: one value stands for a list of one, a missing one for none. */
export function listAt(object: Value | undefined, path: string): readonly Value[] {
  const value = at(object, path);
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** An object at a path, empty when there is none. */
export function objectAt(object: Value | undefined, path: string): ValueObject {
  const value = at(object, path);
  return isObject(value) ? value : {};
}

/** What a value may turn out to be: a condition yields each of its branches. */
export function options(value: Value | undefined): readonly (Value | undefined)[] {
  return value instanceof Choice ? value.options.flatMap(options) : [value];
}

/** True for a value that only deployment decides. References count: their text is not in the template. */
export function isUnknown(value: Value | undefined): boolean {
  return isOpen(value) && !(value instanceof Choice);
}

/**
 * Judges one value: passes when every branch of it is right, fails when every branch is wrong, and is undecided where it is not known or the branches differ.
 */
export function judgeValue(
  value: Value | undefined,
  path: string,
  right: (value: Value | undefined) => boolean,
  wrong: (shown: string) => string,
): Verdict {
  const branches = options(value);
  if (branches.some(isUnknown)) return undecided(`property ${path} is decided at deployment (${shownValue(value)})`, `Properties.${path}`);
  const good = branches.filter(right).length;
  if (good === branches.length) return pass;
  if (good > 0)
    return undecided(`property ${path} is right under one branch of a condition only (${shownValue(value)})`, `Properties.${path}`);
  return fail(wrong(shownValue(branches[0])), `Properties.${path}`);
}

/** The first verdict that is not a pass: failures before what is undecided. */
export function firstOf(...verdicts: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => verdict.verdict === 'fail') ?? verdicts.find((verdict) => verdict.verdict === 'undecided') ?? pass;
}

/** How a value is written in a message. */
export function shownValue(value: Value | undefined): string {
  if (value === undefined) return 'not set';
  if (isOpen(value)) return value.toString();
  return JSON.stringify(value);
}

/** The text of a value with references written as `${LogicalId.Attribute}`; undefined for what is no text. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Text || value instanceof Reference ? value.toString() : undefined;
}

/** True when two values name the same resource: by reference, or by the literal name that the resource has. */
export function names(inventory: Inventory, value: Value | undefined, resource: CloudFormationResource, nameProperty: string): boolean {
  if (inventory.find(value) === resource) return true;
  const literal = resource.properties[nameProperty];
  return typeof value === 'string' && typeof literal === 'string' && value === literal;
}

/** Resources of a type whose property names this cluster. */
export function ofCluster(inventory: Inventory, cluster: CloudFormationResource, type: string): CloudFormationResource[] {
  return inventory.ofType(type).filter((resource) => names(inventory, resource.properties.ClusterName, cluster, 'Name'));
}

/** True and 'true': CloudFormation takes a boolean as text too. */
export function isTrue(value: Value | undefined): boolean {
  return value === true || value === 'true';
}

/** A number that may be written as text; undefined for what is none. */
export function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : undefined;
}

/** The ARN or name in a value as far as it is written there; undefined where nothing of it is known. */
export function arnOf(inventory: Inventory, value: Value | undefined): string | undefined {
  return inventory.find(value) === undefined ? textOf(value) : undefined;
}

/** The last part of an AWS managed policy's ARN, `AmazonEKSWorkerNodePolicy`; undefined for policies of the account. */
export function awsManagedPolicy(value: Value | undefined): string | undefined {
  return /:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(textOf(value) ?? '')?.[1];
}
