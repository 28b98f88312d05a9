import { VERSIONS } from '../../controls/eks/support-table';
import { InputError } from '../../error';

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
