import type { Json, JsonObject } from './value';

/** True when a Kubernetes LabelSelector selects these labels. A missing selector selects nothing, an empty one everything. */
export function selects(selector: Json | undefined, labels: Json | undefined): boolean {
  if (typeof selector !== 'object' || selector === null || Array.isArray(selector)) return false;
  const have = typeof labels === 'object' && labels !== null && !Array.isArray(labels) ? labels : {};
  const { matchLabels, matchExpressions } = selector;
  if (matchLabels !== undefined && matchLabels !== null) {
    for (const [key, value] of Object.entries(matchLabels as JsonObject)) if (have[key] !== value) return false;
  }
  if (!Array.isArray(matchExpressions)) return true;
  return matchExpressions.every((expression) => {
    const { key, operator, values } = expression as { key: string; operator: string; values?: Json[] };
    const value = have[key];
    switch (operator) {
      case 'In':
        return value !== undefined && (values ?? []).includes(value);
      case 'NotIn':
        return value === undefined || !(values ?? []).includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}
