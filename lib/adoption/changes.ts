import { allControls } from '../controls/catalogue';
import { today } from '../controls/clock';
import type { AnyControl, Risk, Verdict } from '../controls/control';
import { clone, Filler, type HardenContext, withSpec } from '../controls/harden';
import { isWindows } from '../controls/pod-template';
import { buildInventory, isJsonObject, type Json, type JsonObject, podSpecPath, readObjects } from '../inventory';

/** How objects are hardened. */
export interface HardenOptions {
  /** `1.35`: fields that it does not know are left out. */
  readonly kubernetes: string;
  /** Risks that are taken. */
  readonly risks: readonly Risk[];
  /** Whether a value that a control fails is replaced where its repair knows a better one. */
  readonly overwrite: boolean;
}

/** A field that hardening set, and why. */
export interface Change {
  readonly control: string;
  readonly title: string;
  readonly risk: Risk;
  /** What it may break and how to test that. */
  readonly note: string;
  /** Path from the object's root: `spec.template.spec.containers[0].securityContext.runAsUser`. */
  readonly path: string;
  /** What stood there; missing where nothing did. */
  readonly before?: Json;
  readonly after: Json;
}

/** A control that still fails although its repair was allowed: somebody's own value stands in the way. */
export interface Left {
  readonly control: string;
  readonly title: string;
  readonly message: string;
}

/** One object with what became of it. */
export interface HardenedObject {
  /** The very object that was given where nothing changed. */
  readonly object: JsonObject;
  readonly changes: readonly Change[];
  readonly left: readonly Left[];
}

let repairable: readonly AnyControl[] | undefined;
/** Controls that know how to mend a pod, in catalogue order. */
function repairableControls(): readonly AnyControl[] {
  repairable ??= allControls.filter(({ repair }) => repair !== undefined);
  return repairable;
}

/** Notes which control set which field. */
class Recorder extends Filler {
  control?: AnyControl;
  overwrite = false;
  readonly changes = new Map<string, Change>();

  constructor(
    context: HardenContext,
    private readonly specPath: readonly string[],
  ) {
    super(context);
  }

  override set(target: JsonObject, key: string, value: Json, path: string): void {
    const { control, overwrite } = this;
    const before = target[key];
    const present = before !== undefined && before !== null;
    if (control?.repair === undefined || (present && (!overwrite || same(before, value)))) return;
    target[key] = value;
    this.changed = true;
    const at = pathText([...this.specPath, ...(path === '' ? [] : path.split('.')), key]);
    const { id, title, repair } = control;
    // The first value is what stood in the file, whoever changed it since.
    const first = this.changes.has(at) ? this.changes.get(at)?.before : present ? clone(before) : undefined;
    this.changes.set(at, { control: id, title, risk: repair.risk, note: repair.note, path: at, before: first, after: clone(value) });
  }
}

/** Hardens one object and says what changed, by which control, and what somebody's own values kept from changing. */
export function hardenObject(object: JsonObject, options: HardenOptions): HardenedObject {
  const { kind, apiVersion } = object;
  const steps = typeof kind === 'string' && typeof apiVersion === 'string' ? podSpecPath(kind, apiVersion) : undefined;
  let owner: Json | undefined = object;
  for (const step of steps ?? []) owner = isJsonObject(owner) ? owner[step] : undefined;
  if (steps === undefined || !isJsonObject(owner)) return { object, changes: [], left: [] };
  const spec = clone(owner) as JsonObject;
  const pod = { spec, windows: isWindows({ spec }) };
  const fill = new Recorder({ kubernetes: options.kubernetes }, steps);
  const controls = repairableControls().filter(({ repair }) => repair !== undefined && options.risks.includes(repair.risk));
  const apply = (control: AnyControl): void => {
    fill.control = control;
    control.repair?.apply(pod, fill);
  };
  controls.forEach(apply);
  const made = (): JsonObject => (fill.changed ? withSpec(object, steps, spec) : object);
  let failures = failing(made(), controls, options.kubernetes);
  // Twice: a value may keep one repair from being made until another has replaced it.
  for (let round = 0; options.overwrite && round < 2 && failures.length > 0; round += 1) {
    fill.overwrite = true;
    for (const { control } of failures) apply(control);
    fill.overwrite = false;
    controls.forEach(apply);
    failures = failing(made(), controls, options.kubernetes);
  }
  const left = failures.map(({ control, message }) => ({ control: control.id, title: control.title, message }));
  return { object: made(), changes: [...fill.changes.values()], left };
}

/** Controls that an object fails and has not exempted; an exemption is somebody's word, which hardening does not overrule. */
function failing(object: JsonObject, controls: readonly AnyControl[], kubernetes: string): { control: AnyControl; message: string }[] {
  const inventory = buildInventory([readObjects([object])]);
  const accepted = new Set(inventory.acceptances.map(({ control }) => control));
  return controls.flatMap((control) => {
    if (accepted.has(control.id)) return [];
    const verdicts = [...control.subjects.select(inventory)].map(
      ({ value, resource }): Verdict => control.judge(value, { inventory, kubernetes, asOf: today() }, resource),
    );
    return verdicts.flatMap((verdict) => (verdict.verdict === 'fail' ? [{ control, message: verdict.message }] : []));
  });
}

/** Steps as a path: numbers are positions in lists. */
function pathText(steps: readonly string[]): string {
  return steps.map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** Whether two values are the same JSON, whatever the order of their keys. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}
