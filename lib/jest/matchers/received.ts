import { InputError } from '../../error';
import { isCdkApp, isChartsApp } from '../apps';
import { Posture } from '../posture';

/** What a matcher was given, as a posture: an App alone is examined on the spot. Throws `NotAPosture`. */
export function postureOf(received: unknown, matcher: string): Posture {
  if (Posture.isPosture(received)) return received;
  if (isCdkApp(received) || isChartsApp(received)) return Posture.of(received);
  throw new InputError('NotAPosture', `${matcher} was given ${kindOf(received)}; pass Posture.of({ cdk, cdk8s }), or an App`);
}

/** What a wrong argument is, for a message. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? `an object of type ${value.constructor?.name ?? 'Object'}` : `a ${typeof value}`;
}
