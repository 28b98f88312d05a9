/** Support of a Kubernetes version by EKS; days in UTC. */
export interface VersionSupport {
  readonly version: string;
  /** Last day of standard support, where it is published. */
  readonly standardUntil?: string;
}

/** What EKS creates clusters of, oldest first, from its release calendar as of 2026-11. */
export const VERSIONS: readonly VersionSupport[] = [
  { version: '1.31', standardUntil: '2025-11-26' },
  { version: '1.32', standardUntil: '2026-03-23' },
  { version: '1.33', standardUntil: '2026-07-29' },
  { version: '1.34', standardUntil: '2026-12-02' },
  { version: '1.35', standardUntil: '2027-03-27' },
  { version: '1.36' },
];

/** The minor number of `1.35`, undefined for what is no version. */
export function minorOf(version: string): number | undefined {
  const minor = /^1\.(\d{1,3})$/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
