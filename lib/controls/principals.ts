import { listOf } from '../inventory/join';
import { isObject, type Value, type ValueObject } from '../inventory/value';
import { conditions } from './iam/trust';

/** True for a principal that is everyone: `*`, or AWS: `*`. */
export function isAnyone(principal: Value | undefined): boolean {
  if (principal === '*') return true;
  return isObject(principal) && listOf(principal.AWS).includes('*');
}

/** Keys by which a statement for everyone names whom it means. */
const NAMING =
  /^(aws:(principalaccount|principalarn|principalorgid|principalorgpaths|sourceaccount|sourcearn|sourceorgid|sourceowner|userid|sourcevpc|sourcevpce)|kms:calleraccount)$/i;

/** True where a condition narrows everyone down to somebody: a positive comparison of such a key with something that is no lone star. */
export function namesSomebody(statement: ValueObject, keys: RegExp = NAMING): boolean {
  return conditions(statement).some(
    ({ operator, key, values }) =>
      keys.test(key) &&
      /^(ForAnyValue:)?(String(Equals(IgnoreCase)?|Like)|Arn(Equals|Like))$/.test(operator) &&
      values.length > 0 &&
      values.every((value) => typeof value !== 'string' || !/^(\*+|arn:\*.*)$/.test(value)),
  );
}
