import type { AnyControl, Resource } from '../controls/control';
import { InputError, type Place } from '../error';
import type { Framework } from '../frameworks';

/** The controls a run may use, and the ids it knows. */
export interface Catalogue {
  readonly allControls: readonly AnyControl[];
  /** Ids that exist, whether this version checks them or not. */
  readonly ids: readonly string[];
}

/** Loaded on first use: whoever only composes constructs never pays for it. */
export function catalogue(): Catalogue {
  const { allControls } = require('../controls/catalogue') as typeof import('../controls/catalogue');
  const { CONTROL_IDS } = require('../controls/ids') as typeof import('../controls/ids');
  const own = allControls.flatMap((control) => [control.id, ...(control.aliases ?? [])]);
  return { allControls, ids: [...new Set([...own, ...Object.keys(CONTROL_IDS)])] };
}

/** The controls that run where nobody names any: sandbox ones are for those who ask for them. */
export function usual({ allControls }: Catalogue): AnyControl[] {
  return allControls.filter(({ maturity }) => maturity !== 'sandbox');
}

/** Every framework; loaded on first use. */
export function frameworks(): readonly Framework[] {
  return (require('../frameworks') as typeof import('../frameworks')).allFrameworks;
}

/** The frameworks of these ids, each once. Throws `UnknownFramework` naming near ones. */
export function frameworksOf(ids: readonly string[], from: readonly Framework[] = frameworks()): Framework[] {
  const found = ids.map((id) => {
    const one = from.find((framework) => framework.id === id.toLowerCase());
    if (one !== undefined) return one;
    const names = from.map((framework) => framework.id);
    const near = nearest(id.toLowerCase(), names);
    throw new InputError('UnknownFramework', `there is no framework '${id}'; choose ${(near.length === 0 ? names : near).join(' or ')}`);
  });
  return [...new Set(found)];
}

/** What a run is about: which controls, and of which resources they are asked. */
export interface Scope {
  readonly controls: readonly AnyControl[];
  readonly concerns?: (control: AnyControl, resource: Resource, kubernetes: string) => boolean;
}

/** The controls that are named and those of the frameworks, else the usual ones; what a framework lets off is asked only where its control is named. */
export function scopeOf(named: readonly AnyControl[] | undefined, of: readonly Framework[], from: Catalogue): Scope {
  if (of.length === 0) return { controls: named ?? usual(from) };
  const { controlIds, counts } = require('../frameworks') as typeof import('../frameworks');
  const ids = controlIds(of);
  const requirements = of.flatMap((framework) => framework.requirements);
  return {
    controls: from.allControls.filter((control) => ids.has(control.id) || named?.includes(control)),
    concerns: (control, resource, kubernetes) =>
      named?.includes(control) === true || requirements.some((requirement) => counts(requirement, control.id, resource, kubernetes)),
  };
}

/** The controls that judge what a rule of a scanner judges, and whose rule it is; none for a name that no scanner has. */
export function crosswalk(rule: string, { allControls }: Catalogue): { readonly scanner: string; readonly control: AnyControl }[] {
  const wanted = rule.toUpperCase();
  return allControls.flatMap((control) =>
    Object.entries(control.references.scanners ?? {})
      .filter(([, rules]) => rules.some((one) => one.toUpperCase() === wanted))
      .map(([scanner]) => ({ scanner, control })),
  );
}

/** The controls of these ids or aliases. Throws `UnknownControl` naming near ones. */
export function controlsOf(ids: readonly string[], from: Catalogue): AnyControl[] {
  return ids.map((id) => {
    const wanted = id.toUpperCase();
    const found = from.allControls.find(
      (control) => control.id === wanted || control.aliases?.some((alias) => alias.toUpperCase() === wanted),
    );
    if (found !== undefined) return found;
    if (from.ids.includes(wanted)) {
      throw new InputError(
        'UnknownControl',
        `control '${wanted}' is reserved and not checked by this version; see 'bulwark controls' for those that are`,
      );
    }
    throw unknownControl(id, from.ids);
  });
}

/** The error for an id that nobody has, naming near ones. */
export function unknownControl(id: string, ids: readonly string[], place?: Place): InputError {
  const near = nearest(id.toUpperCase(), ids);
  const change = near.length === 0 ? "see 'bulwark controls' for the list" : `did you mean ${near.join(' or ')}`;
  return new InputError('UnknownControl', `there is no control '${id}'; ${change}`, place);
}

/** Up to three names that a slip of the keyboard might have meant, none farther off than the nearest. */
export function nearest(wanted: string, names: readonly string[]): string[] {
  const near = names
    .map((name) => ({ name, far: distance(wanted, name) }))
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 4)))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1));
  return near
    .filter(({ far }) => far === near[0].far)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Letters to add, drop, change or swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}
