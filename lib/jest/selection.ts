import type { AnyControl } from '../controls/control';
import { catalogue, controlsOf } from '../posture/selection';

/**
 * What an id stands for: the one place where `toHold` looks names up, so a framework added here is one everywhere. Throws `UnknownControl` naming
 * near ones.
 */
export function controlsFor(id: string): readonly AnyControl[] {
  return controlsOf([id], catalogue());
}
