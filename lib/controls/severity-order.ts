import type { Severity } from './severity';

const RANK: { [severity: string]: number } = { low: 0, medium: 1, high: 2, critical: 3 };

/** True when `severity` is `threshold` or worse. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return RANK[severity] >= RANK[threshold];
}
