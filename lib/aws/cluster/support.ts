import { InputError } from '../../error';

/** Support of a Kubernetes version by EKS; days in UTC. */
export interface VersionSupport {
  readonly version: string;
  /** Last day of standard support, where it is published. */
  readonly standardUntil?: string;
}

/** What EKS creates clusters of, from its release calendar as of 2026-11. */
export const VERSIONS: readonly VersionSupport[] = [
  { version: '1.31', standardUntil: '2025-11-26' },
  { version: '1.32', standardUntil: '2026-03-23' },
  { version: '1.33', standardUntil: '2026-07-29' },
  { version: '1.34', standardUntil: '2026-12-02' },
  { version: '1.35', standardUntil: '2027-03-27' },
  { version: '1.36' },
];

/** Throws `KubernetesVersionUnknown` for a version that EKS does not have. The clock is not asked: an old version is a finding, never a synth error. */
export function checkVersion(version: string, path: string): void {
  if (!VERSIONS.some((known) => known.version === version)) {
    throw new InputError(
      'KubernetesVersionUnknown',
      `EKS has no Kubernetes version '${version}'; choose one of ${VERSIONS.map((known) => known.version).join(', ')}`,
      { path },
    );
  }
}
