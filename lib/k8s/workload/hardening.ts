import type { HardenContext } from '../../controls/harden';
import type { JsonObject } from '../../inventory/value';

let controls: typeof import('../../controls/harden') | undefined;

/** Hardens an object. The controls are loaded when the first pod renders: they would be most of what importing the constructs costs. */
export function hardened(object: JsonObject, context: HardenContext): JsonObject {
  controls ??= require('../../controls/harden') as typeof import('../../controls/harden');
  return controls.harden(object, context);
}
