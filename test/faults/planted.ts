import { audit } from '../../lib/audit';
import { allControls } from '../../lib/controls/catalogue';
import type { AnyControl, Example } from '../../lib/controls/control';
import { inventoryOf, isJsonObject, type Json, type JsonObject, pathSteps } from '../../lib/inventory';

/** One change of a document: the value under a path set, added or taken away. */
export interface Change {
  readonly path: readonly (string | number)[];
  /** What stands there afterwards; undefined where it is taken away. */
  readonly value?: Json;
  /** True where it is a new element of a list, which moves those behind it. */
  readonly insert?: true;
}

/** A subject that a control passes, and the one field that makes it fail. */
export interface Fault {
  readonly control: AnyControl;
  readonly passing: Example;
  readonly faulty: Example;
  readonly change: Change;
}

/** The version that the examples of controls are written for, where one matters. */
const KUBERNETES = '1.33';

/** What is judged of an example: its objects and its template, not its name. */
const documentOf = ({ manifests, template }: Example): JsonObject => ({
  ...(manifests === undefined ? {} : { manifests: [...manifests] }),
  ...(template === undefined ? {} : { template }),
});

const without = (list: readonly Json[], index: number): Json[] => list.filter((_, at) => at !== index);

/** The changes that lead from one value to another, each at the shortest path at which they differ. */
export function changes(from: Json | undefined, to: Json | undefined, path: Change['path'] = []): Change[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  if (isJsonObject(from) && isJsonObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return keys.flatMap((key) => changes(from[key], to[key], [...path, key]));
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    if (from.length === to.length) return from.flatMap((value, index) => changes(value, to[index], [...path, index]));
    const absent = (these: readonly Json[], those: readonly Json[]): number => {
      const texts = those.map((value) => JSON.stringify(value));
      return these.findIndex((value) => !texts.includes(JSON.stringify(value)));
    };
    // One element more or less is a change of that element; the order of the others is theirs.
    if (from.length === to.length + 1) {
      const index = absent(from, to);
      if (index >= 0 && JSON.stringify(without(from, index)) === JSON.stringify(to)) return [{ path: [...path, index] }];
    }
    if (from.length + 1 === to.length) {
      const index = absent(to, from);
      if (index >= 0 && JSON.stringify(without(to, index)) === JSON.stringify(from))
        return [{ path: [...path, index], value: to[index], insert: true }];
    }
  }
  return [to === undefined ? { path } : { path, value: to }];
}

/** The document with one change. */
export function changed(document: JsonObject, { path, value, insert }: Change): JsonObject {
  const copy = structuredClone(document);
  const last = path[path.length - 1];
  let holder: Json = copy;
  for (const step of path.slice(0, -1)) holder = (holder as { [step: string]: Json })[step];
  if (Array.isArray(holder) && typeof last === 'number') {
    if (value === undefined) holder.splice(last, 1);
    else holder.splice(last, insert ? 0 : 1, value);
  } else if (value === undefined) delete (holder as JsonObject)[last];
  else (holder as JsonObject)[last] = value;
  return copy;
}

/** What the audit with all controls says of a document under one control. */
export function seen(
  control: AnyControl,
  document: Example,
): { readonly pass: number; readonly fail: number; readonly at: readonly string[] } {
  const { perControl, judgements } = audit(inventoryOf(document), { controls: allControls, asOf: '2026-01-01', kubernetes: KUBERNETES });
  const { pass = 0, fail = 0 } = perControl.get(control) ?? {};
  return { pass, fail, at: judgements.filter((judgement) => judgement.control === control).map(({ at = '' }) => at) };
}

/** True where a change is at, above or below the field that the control names: not a circumstance, such as the operating system. */
function atTheField({ control, faulty, change }: Fault): boolean {
  const steps = change.path.filter((step) => !['manifests', 'template', 'Resources'].includes(String(step))).slice(1);
  return seen(control, faulty).at.some((at) => {
    const named = pathSteps(at).map(String);
    return named.slice(0, steps.length).every((step, index) => step === String(steps[index]));
  });
}

/**
 * The fault of a control that its examples tell: where one that breaks differs from one that holds in a single field,
 * that field, the deepest there is; else the field among those in which two differ that is enough by
 * itself. Undefined where there is none.
 */
export function faultOf(control: AnyControl): Fault | undefined {
  const fault = (passing: Example, change: Change): Fault => {
    const before = documentOf(passing);
    return { control, passing: before, faulty: changed(before, change), change };
  };
  const pairs = control.examples.holds.flatMap((holds) =>
    control.examples.breaks.map((breaks) => ({ holds, all: changes(documentOf(holds), documentOf(breaks)) })),
  );
  const [best] = pairs
    .filter(({ all }) => all.length === 1)
    .map(({ holds, all: [change] }) => fault(holds, change))
    .sort((one, other) => Number(atTheField(other)) - Number(atTheField(one)) || other.change.path.length - one.change.path.length);
  if (best !== undefined) return best;
  return pairs
    .sort((one, other) => one.all.length - other.all.length)
    .flatMap(({ holds, all }) => all.map((change) => fault(holds, change)))
    .find(({ faulty }) => seen(control, faulty).fail > 0);
}

/** The fault in a few words: `- spec.hostUsers`, `+ spec.hostNetwork: true`, `rules[0].verbs: ["*"]`. */
export function shown({ passing, change }: Fault): string {
  const steps = [...change.path];
  let value = change.value;
  let before: Json | undefined = passing as JsonObject;
  for (const step of steps) before = (before as { readonly [step: string]: Json | undefined } | undefined)?.[step];
  const added = before === undefined || change.insert === true;
  // An object that comes or goes with one field is that field.
  for (let only = value ?? before; (added || value === undefined) && isJsonObject(only) && Object.keys(only).length === 1; ) {
    const [key]: string[] = Object.keys(only);
    steps.push(key);
    only = only[key];
    if (value !== undefined) value = only;
  }
  // A lone object, like a template, needs no name.
  if (steps[0] === 'template') steps.shift();
  else if (passing.template === undefined && passing.manifests?.length === 1 && steps.length > 2) steps.splice(0, 2);
  const name = steps.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
  if (value === undefined) return `- ${name}`;
  const text = JSON.stringify(value);
  return `${added ? '+ ' : ''}${name}: ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`;
}
