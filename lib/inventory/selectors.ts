import { isJsonObject, type Json, type JsonObject } from './value';

const NO_LABELS: JsonObject = {};

/**
 * Whether a LabelSelector (`matchLabels`, `matchExpressions`) selects labels, as the API server decides: the empty selector selects everything, a
 * missing one nothing. All requirements must hold; `NotIn` and `DoesNotExist` also hold where the key is missing. An unknown operator selects nothing.
 */
export function selects(selector: Json | undefined, labels: Json | undefined): boolean {
  if (!isJsonObject(selector)) return false;
  const have = isJsonObject(labels) ? labels : NO_LABELS;
  const { matchLabels, matchExpressions } = selector;
  if (matchLabels !== undefined && matchLabels !== null && (!isJsonObject(matchLabels) || !selectsAll(matchLabels, have))) return false;
  if (matchExpressions === undefined || matchExpressions === null) return true;
  return Array.isArray(matchExpressions) && matchExpressions.every((expression) => meets(expression, have));
}

/** Whether a plain map, as a Service or a ReplicationController has it, selects labels. The empty or missing map selects nothing. */
export function selectsByMap(map: Json | undefined, labels: Json | undefined): boolean {
  return isJsonObject(map) && Object.keys(map).length > 0 && selectsAll(map, isJsonObject(labels) ? labels : NO_LABELS);
}

function selectsAll(map: JsonObject, labels: JsonObject): boolean {
  for (const key of Object.keys(map)) if (!Object.hasOwn(labels, key) || labels[key] !== map[key]) return false;
  return true;
}

function meets(expression: Json, labels: JsonObject): boolean {
  if (!isJsonObject(expression) || typeof expression.key !== 'string') return false;
  const has = Object.hasOwn(labels, expression.key);
  const listed = has && Array.isArray(expression.values) && expression.values.includes(labels[expression.key]);
  switch (expression.operator) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return has;
    case 'DoesNotExist':
      return !has;
    default:
      return false;
  }
}
