import { type Bindings, celValue, type Expression, expression } from '../../lib/cel';
import type { AnyControl, Context } from '../../lib/controls/control';
import { inventoryOf } from '../../lib/inventory';
import type { JsonObject } from '../../lib/inventory/value';

/** The version of which the CEL texts speak: from here on resources of the whole pod count, and user namespaces do not relax anything yet. */
export const VERSION = '1.34';

/** The verdict of a control's code about one object alone; undefined where it has none. */
export function byCode(control: AnyControl, object: JsonObject): 'pass' | 'fail' | 'undecided' | undefined {
  const inventory = inventoryOf({ manifests: [object] });
  const context: Context = { inventory, kubernetes: VERSION, asOf: '2026-11-01' };
  const said = [...control.subjects.select(inventory)].map(({ value, resource }) => control.judge(value, context, resource).verdict);
  if (said.length === 0) return undefined;
  return said.includes('fail') ? 'fail' : said.includes('undecided') ? 'undecided' : 'pass';
}

const compiled = new Map<string, Expression>();

/** The verdict of a control's CEL text about one object as it arrives; an error is one of its own. */
export function byText(control: AnyControl, object: JsonObject): 'pass' | 'fail' | string {
  const text = control.cel as string;
  let rule = compiled.get(text);
  if (rule === undefined) {
    rule = expression(text, ['object', 'namespaceObject', 'request']);
    compiled.set(text, rule);
  }
  const bindings: Bindings = { object: celValue(object) };
  const outcome = rule.evaluate(bindings);
  if ('error' in outcome) return `error: ${outcome.error}`;
  return outcome.value === true ? 'pass' : outcome.value === false ? 'fail' : `no bool: ${String(outcome.value)}`;
}
