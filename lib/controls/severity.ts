/** How bad it is when a control does not hold. */
export enum Severity {
  /** Hygiene: a weakness that needs others to matter. */
  LOW = 'low',
  /** Makes an attack easier or an incident longer. */
  MEDIUM = 'medium',
  /** One step of an attack on its own. */
  HIGH = 'high',
  /** Hands over the cluster, its data or its administration. */
  CRITICAL = 'critical',
}

const RANK: { [severity: string]: number } = { low: 0, medium: 1, high: 2, critical: 3 };

/** True when `severity` is `threshold` or worse. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return RANK[severity] >= RANK[threshold];
}
