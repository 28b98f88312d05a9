import type { IConstruct } from 'constructs';
import { InputError } from '../error';

/** Versions an App may name: those Amazon EKS sells, standard and newest upstream. */
export const KNOWN_VERSIONS: readonly string[] = ['1.33', '1.34', '1.35', '1.36', '1.37'];
/** What is assumed where nobody said: the oldest version in standard support. */
export const DEFAULT_VERSION = '1.34';

const VERSION = Symbol.for('cdk-bulwark.k8s.kubernetesVersion');

export function knownVersion(version: string): string {
  if (!KNOWN_VERSIONS.includes(version)) {
    throw new InputError(
      'KubernetesVersionUnknown',
      `kubernetes version '${version}' is not known; choose one of ${KNOWN_VERSIONS.join(', ')}`,
    );
  }
  return version;
}

/** Makes everything below `scope` render for a version. A symbol, because two copies of this package must agree. */
export function pinVersion(scope: IConstruct, version: string): void {
  Object.defineProperty(scope, VERSION, { value: version, configurable: true });
}

/** Does something while everything below `scope` renders for another version. */
export function asVersion<T>(scope: IConstruct, version: string, work: () => T): T {
  const own = versionOf(scope);
  pinVersion(scope, version);
  try {
    return work();
  } finally {
    pinVersion(scope, own);
  }
}

/** The version of the nearest scope that was pinned. */
export function versionOf(scope: IConstruct): string {
  for (let at: IConstruct | undefined = scope; at !== undefined; at = at.node.scope) {
    const version = (at as unknown as Record<symbol, string | undefined>)[VERSION];
    if (version !== undefined) return version;
  }
  return DEFAULT_VERSION;
}
