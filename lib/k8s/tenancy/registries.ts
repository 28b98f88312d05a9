import type { IConstruct } from 'constructs';
import { InputError } from '../../error';

/** A host, with a port or not, and a path below it; no tag and no digest. */
const REGISTRY = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** The annotation's text: each registry once, sorted. Throws `RegistriesEmpty` or `RegistryInvalid`. */
export function registryList(registries: readonly string[], owner: IConstruct): string {
  const { path } = owner.node;
  if (registries.length === 0) {
    throw new InputError(
      'RegistriesEmpty',
      `registries of '${path}' is empty, and no image could come from anywhere; name one or leave it out`,
      { path },
    );
  }
  for (const registry of registries) {
    const [host] = registry.split('/');
    if (REGISTRY.test(registry) && (host === 'localhost' || /[.:]/.test(host))) continue;
    throw new InputError('RegistryInvalid', `'${registry}' is no registry; write its host and a path, as in 'registry.example.com/team'`, {
      path,
    });
  }
  return [...new Set(registries)].sort().join(',');
}
