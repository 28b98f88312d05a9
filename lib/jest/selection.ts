import type { AnyControl } from '../controls/control';
import type { Framework } from '../frameworks';
import { catalogue, controlsOf, frameworks, frameworksOf, nearest } from '../posture/selection';

/** What `toHold` is asked for: one control, or a framework as a whole. */
export interface Demand {
  readonly controls: readonly AnyControl[];
  readonly framework?: Framework;
}

/** What an id stands for: the one place where `toHold` looks names up. Throws `UnknownControl` or `UnknownFramework` naming near ones. */
export function demandOf(id: string): Demand {
  const names = frameworks().map((framework) => framework.id);
  const all = catalogue();
  if (
    !names.includes(id.toLowerCase()) &&
    (nearest(id.toUpperCase(), all.ids).length > 0 || nearest(id.toLowerCase(), names).length === 0)
  ) {
    return { controls: controlsOf([id], all) };
  }
  const [framework] = frameworksOf([id]);
  const { controlIds } = require('../frameworks') as typeof import('../frameworks');
  const ids = controlIds([framework]);
  return { controls: all.allControls.filter((control) => ids.has(control.id)), framework };
}
