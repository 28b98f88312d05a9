import { selects } from '../inventory/selectors';
import { isJsonObject, type Json, type JsonObject } from '../inventory/value';
import { namespaceLabels, type Request } from './request';

/** Whether resource rules and selectors are for a request, by its own version: equivalent versions need a server that converts. Throws `NamespaceUnknown`. */
export function matches(match: JsonObject, request: Request, policy: string): boolean {
  const { resourceRules, excludeResourceRules, namespaceSelector, objectSelector } = match;
  if (rules(excludeResourceRules).some((rule) => covers(rule, request))) return false;
  const included = rules(resourceRules);
  if (included.length > 0 && !included.some((rule) => covers(rule, request))) return false;
  if (
    isSelective(objectSelector) &&
    ![request.object.object, request.oldObject].some((object) => object !== undefined && selects(objectSelector, labelsOf(object)))
  )
    return false;
  if (!isSelective(namespaceSelector)) return true;
  const labels = namespaceLabels(request, policy);
  return labels === undefined || selects(namespaceSelector, labels);
}

const rules = (list: Json | undefined): JsonObject[] => (Array.isArray(list) ? list.filter(isJsonObject) : []);
const isSelective = (selector: Json | undefined): boolean => isJsonObject(selector) && Object.keys(selector).length > 0;
const labelsOf = (object: JsonObject): Json | undefined => (isJsonObject(object.metadata) ? object.metadata.labels : undefined);
const names = (list: Json | undefined, value: string): boolean => Array.isArray(list) && (list.includes('*') || list.includes(value));

function covers(rule: JsonObject, { operation, group, version, resource, namespace, object }: Request): boolean {
  const { scope, resourceNames, resources } = rule;
  return (
    names(rule.operations, operation) &&
    names(rule.apiGroups, group) &&
    names(rule.apiVersions, version) &&
    (names(resources, resource) || (Array.isArray(resources) && (resources.includes('*/*') || resources.includes(`${resource}/*`)))) &&
    (scope !== 'Namespaced' || namespace !== undefined) &&
    (scope !== 'Cluster' || namespace === undefined) &&
    (!Array.isArray(resourceNames) || resourceNames.length === 0 || resourceNames.includes(object.name))
  );
}
