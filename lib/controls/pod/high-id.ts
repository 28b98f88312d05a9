import type { Json } from '../../inventory/value';
import { type Fill, fail, pass, type Repairable, type Verdict } from '../control';
import {
  celContainers,
  celHas,
  celWindows,
  child,
  containersOf,
  everyContainer,
  isSet,
  isWindows,
  type PodTemplate,
  podCel,
  shown,
} from '../pod-template';

type IdField = 'runAsUser' | 'runAsGroup';

/** Ids below this one are handed out to the node's own users and groups. */
const LOWEST = 10000;

/** Fails for every container that ends up with a low id, or with whatever its image says. */
export function everyHighId(pod: PodTemplate, field: IdField): Verdict {
  // A user namespace maps ids away from the node's, and Windows has none.
  if (isWindows(pod) || pod.spec.hostUsers === false) return pass;
  const whole = child(pod.spec, 'securityContext')[field];
  if (isSet(whole) && !isHigh(whole) && containersOf(pod).some(({ securityContext }) => !isSet(securityContext[field]))) {
    return fail(`the pod has ${field} ${shown(whole)}, it must be ${LOWEST} or more`, `${pod.specPath}.securityContext.${field}`);
  }
  return everyContainer(pod, `securityContext.${field}`, (_, { securityContext }) => {
    const own = securityContext[field];
    return isHigh(isSet(own) ? own : whole) ? undefined : `has ${field} ${shown(own)}, it must be ${LOWEST} or more`;
  });
}

const isHigh = (id: Json | undefined): boolean => typeof id === 'number' && id >= LOWEST;

/** The same for admission. */
export function highIdCel(field: IdField): string {
  const path = `securityContext.${field}`;
  const high = (holder: string): string => celHas(holder, path, (id) => `${id} >= ${LOWEST}`);
  return podCel(
    (spec) =>
      `(${celWindows(spec)}) || (has(${spec}.hostUsers) && !${spec}.hostUsers) || ` +
      celContainers(spec, `(${celHas('c', path)} ? c.${path} >= ${LOWEST} : ${high(spec)})`),
  );
}

/** Writes the id at the pod, or at the containers whose images declare no user where some do. */
export function provideId({ spec, windows }: Repairable, fill: Fill, field: IdField, id: number): void {
  if (windows || isSet(child(spec, 'securityContext')[field])) return;
  let declared = false;
  fill.containers(spec, (body) => {
    declared ||= fill.imageUserDeclared(body);
  });
  if (!declared) fill.set(fill.child(spec, 'securityContext'), field, id, 'securityContext');
  else
    fill.containers(spec, (body, path) => {
      if (!fill.imageUserDeclared(body)) fill.set(fill.child(body, 'securityContext'), field, id, `${path}.securityContext`);
    });
}
