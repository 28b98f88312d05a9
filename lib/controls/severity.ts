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
