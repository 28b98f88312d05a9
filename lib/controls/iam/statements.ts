import { matchesAction } from '../../inventory/glob';
import { listOf } from '../../inventory/join';
import { isOpen, Unknown, type ValueObject } from '../../inventory/value';
import { options, textOf } from '../template-values';

/** Whether a statement speaks of an action, `unknown` where one of its actions is decided at deployment. */
export function speaksOf(statement: ValueObject, action: string): boolean | 'unknown' {
  const { Action: actions, NotAction: others } = statement;
  const list = listOf(actions ?? others);
  const hit = list.some((pattern) => typeof pattern === 'string' && matchesAction(pattern, action));
  if (actions !== undefined) return hit || (list.some(isOpen) ? 'unknown' : false);
  if (others === undefined) return false;
  return hit ? false : list.some(isOpen) ? 'unknown' : true;
}

/** True for resources of a service that are no particular ones: `*`, `arn:aws:iam::111122223333:role/*`. Names with a star at the end are a choice of somebody. */
function isAny(text: string, service: string): boolean {
  if (/^\*+$/.test(text)) return true;
  const [arn, , of, , , ...rest] = text.replaceAll(/\$\{[^}]*\}/g, 'x').split(':');
  if (arn !== 'arn') return false;
  if (of !== undefined && of !== service && !of.includes('*')) return false;
  return rest.length === 0 ? text.endsWith('*') : /^(\*+|[a-z-]+[/:]\*+)$/.test(rest.join(':'));
}

/** Whether a statement reaches resources of an action's service that are no particular ones; `unknown` where deployment decides that. */
export function isUnlimited(statement: ValueObject, action: string): boolean | 'unknown' {
  if (statement.NotResource !== undefined) return true;
  const [service] = action.toLowerCase().split(':');
  const values = listOf(statement.Resource).flatMap(options);
  if (values.some((value) => isAny(textOf(value) ?? '', service))) return true;
  // A parameter may hold a star; a reference to a resource of the template holds that resource.
  return values.some((value) => value instanceof Unknown) ? 'unknown' : false;
}
