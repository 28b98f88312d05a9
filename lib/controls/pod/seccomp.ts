import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { child, isSet } from '../pod-template';

/** Seccomp profiles under which the system calls of a container are filtered. */
export const FILTERED = new Set<unknown>(['RuntimeDefault', 'Localhost']);

/** The profile type in a security context: undefined where no profile is set; a profile without a type is one that the standard refuses. */
export function seccompType(securityContext: JsonObject): Json | undefined {
  const { seccompProfile: profile } = securityContext;
  return isSet(profile) ? (isJsonObject(profile) ? (profile.type ?? '') : profile) : undefined;
}

/** The same of a pod spec or a container. */
export const seccompTypeOf = (holder: JsonObject): Json | undefined => seccompType(child(holder, 'securityContext'));
