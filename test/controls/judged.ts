import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyControl, Context, Example, Verdict } from '../../lib/controls/control';
import { inventoryOf } from '../../lib/inventory';
import type { JsonObject } from '../../lib/inventory/value';

const FOLDER = join(__dirname, '../../lib/controls');

/** Every control of every folder, found by looking: a new folder is tested without being named here. */
export const everyControl: readonly AnyControl[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((entry) => Object.values(require(join(FOLDER, entry.name, 'index')) as { [name: string]: unknown }))
  .filter((list) => Array.isArray(list))
  .flat() as AnyControl[];

export function find(id: string): AnyControl {
  const found = everyControl.find((control) => control.id === id);
  if (found === undefined) throw new Error(`no control ${id}`);
  return found;
}

/** The day examples are judged as of. */
export const AS_OF = '2026-11-01';

/** What a control says about an example, one verdict a subject. */
export function verdicts(control: AnyControl, example: Example, kubernetes = '1.33'): Verdict[] {
  const inventory = inventoryOf(example);
  const context: Context = { inventory, kubernetes, asOf: AS_OF };
  return [...control.subjects.select(inventory)].map(({ value, resource }) => control.judge(value, context, resource));
}

/** The one verdict of a control about one manifest. */
export function verdict(id: string, manifest: JsonObject, kubernetes = '1.33', ...others: JsonObject[]): Verdict {
  const [first] = verdicts(find(id), { manifests: [manifest, ...others] }, kubernetes);
  return first;
}
