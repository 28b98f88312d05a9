import { daysBetween, isDay, LONGEST_DAYS } from '../controls/clock';
import type { AnyControl } from '../controls/control';
import type { Acceptance, Inventory, Resource } from '../inventory/model';
import { namePattern, resourceName } from '../inventory/name';

/** Days before its end from which an acceptance is warned about. */
export const NOTICE_DAYS = 30;

/** Something about an acceptance that its owner should know; never a reason to fail by itself. */
export interface Warning {
  readonly code:
    | 'AcceptanceEnding'
    | 'AcceptanceEnded'
    | 'AcceptanceUnused'
    | 'AcceptanceUnknownControl'
    | 'AcceptanceRefused'
    | 'AcceptanceInvalid';
  readonly message: string;
  readonly acceptance: Acceptance;
}

/** All records that say the same: a construct's one exemption is carried by every object below it. */
interface Group {
  readonly first: Acceptance;
  state: 'live' | 'ended' | 'refused' | 'invalid';
  used: boolean;
  /** Findings that it made exempt. */
  covers: number;
}

/** An exemption or decision as this audit found it, once however many resources carry it. */
export interface AcceptanceStanding {
  readonly acceptance: Acceptance;
  /**
   * `live`; `ending` in the last thirty days; `ended` after its day; `unused` when nothing is left to cover; `refused` on a fatal control; `invalid` without an
   * owner, a reason or an end within a year; `unknown` where there is no such control; `notChecked` where the control did not run here.
   */
  readonly state: 'live' | 'ending' | 'ended' | 'unused' | 'refused' | 'invalid' | 'unknown' | 'notChecked';
  /** Days until its last day, negative after it; undefined where that is no day. */
  readonly daysLeft?: number;
  /** Findings that it makes exempt. */
  readonly covers: number;
  /** Where it stands: a construct path, an object, a pattern. */
  readonly where: string;
}

/**
 * Finds the exemption or decision that covers a finding, and keeps book of which ones did.
 * One that is over, malformed, longer than a year or on a fatal control covers nothing.
 */
export class Acceptances {
  private readonly groups = new Map<string, Group>();
  private readonly byControl = new Map<string, { readonly acceptance: Acceptance; readonly group: Group }[]>();
  private readonly byObject = new Map<Resource, { readonly acceptance: Acceptance; readonly group: Group }[]>();

  constructor(
    inventory: Inventory,
    private readonly controls: readonly AnyControl[],
    private readonly asOf: string,
  ) {
    const names = new Map<string, AnyControl>();
    for (const control of controls) for (const id of [control.id, ...(control.aliases ?? [])]) names.set(id, control);
    for (const acceptance of inventory.acceptances) {
      const { kind, owner, reason, until, scope } = acceptance;
      const place = scope.object === undefined && !isWholeStack(acceptance) ? [scope.stack, scope.path, scope.pattern] : [];
      const key = JSON.stringify([kind, acceptance.control, owner, reason, until, ...place]);
      let group = this.groups.get(key);
      if (group === undefined) {
        const control = names.get(acceptance.control);
        group = { first: acceptance, state: control?.fatal ? 'refused' : this.stateOf(acceptance), used: false, covers: 0 };
        this.groups.set(key, group);
      }
      const entry = { acceptance, group };
      if (scope.pattern !== undefined) {
        const fits = namePattern(scope.pattern);
        for (const resource of [...inventory.kubernetes, ...inventory.cloudformation])
          if (fits(resourceName(resource))) put(this.byObject, resource, entry);
      } else if (scope.object === undefined) put(this.byControl, acceptance.control, entry);
      else put(this.byObject, scope.object, entry);
    }
  }

  /** The live acceptance that covers this control on this resource; undefined when none does. */
  covering(control: AnyControl, resource: Resource): Acceptance | undefined {
    if (this.groups.size === 0) return undefined;
    let found: { readonly acceptance: Acceptance; readonly group: Group } | undefined;
    const consider = (entry: { readonly acceptance: Acceptance; readonly group: Group }): void => {
      entry.group.used = true;
      if (entry.group.state === 'live' && (found === undefined || entry.acceptance.until > found.acceptance.until)) found = entry;
    };
    for (const id of control.aliases === undefined ? [control.id] : [control.id, ...control.aliases]) {
      for (const entry of this.byControl.get(id) ?? []) if (covers(entry.acceptance, resource)) consider(entry);
    }
    for (const entry of this.byObject.get(resource) ?? []) {
      const id = entry.acceptance.control;
      if (id === control.id || control.aliases?.includes(id)) consider(entry);
    }
    if (found === undefined) return undefined;
    found.group.covers += 1;
    return found.acceptance;
  }

  /** Every exemption and decision, once every finding was looked up. `known` tells ids of the catalogue from misspelt ones. */
  standings(known: (id: string) => boolean): AcceptanceStanding[] {
    const ran = new Set(this.controls.flatMap((control) => [control.id, ...(control.aliases ?? [])]));
    const standing = ({ first: acceptance, state, used, covers }: Group): AcceptanceStanding => {
      const daysLeft = state === 'invalid' && !isDay(acceptance.until) ? undefined : daysBetween(this.asOf, acceptance.until);
      const place = { acceptance, daysLeft, covers, where: placeOf(acceptance) };
      if (!ran.has(acceptance.control)) return { ...place, state: known(acceptance.control) ? 'notChecked' : 'unknown' };
      if (state !== 'live') return { ...place, state };
      if (!used) return { ...place, state: 'unused' };
      return { ...place, state: (daysLeft ?? 0) <= NOTICE_DAYS ? 'ending' : 'live' };
    };
    return [...this.groups.values()].map(standing);
  }

  private stateOf({ owner, reason, until }: Acceptance): Group['state'] {
    if (!isDay(until)) return 'invalid';
    if (owner.trim() === '' || reason.trim() === '' || daysBetween(this.asOf, until) > LONGEST_DAYS) return 'invalid';
    return until < this.asOf ? 'ended' : 'live';
  }
}

/** What to say about exemptions and decisions; never a reason to fail by itself. */
export function warningsOf(standings: readonly AcceptanceStanding[]): Warning[] {
  const warnings = standings.flatMap(({ acceptance, state, daysLeft = 0, where }): Warning[] => {
    const { kind, control, owner, until } = acceptance;
    const what = `${kind} of ${control} by ${owner}${where === '' ? '' : ` on ${where}`}`;
    const warning = (code: Warning['code'], message: string): Warning[] => [{ code, message, acceptance }];
    switch (state) {
      case 'unknown':
        return warning('AcceptanceUnknownControl', `${what}: there is no control '${control}'; correct the id or remove it`);
      case 'refused':
        return warning('AcceptanceRefused', `${what}: control ${control} takes neither exemption nor decision; mend the finding`);
      case 'invalid':
        return warning(
          'AcceptanceInvalid',
          `${what}: it applies to nothing; give it an owner, a reason and an end within a year as YYYY-MM-DD instead of '${until}'`,
        );
      case 'ended':
        return warning('AcceptanceEnded', `${what} ended on ${until}, ${days(-daysLeft)} ago; mend the finding, or decide anew`);
      case 'unused':
        return warning('AcceptanceUnused', `${what} covers no finding; remove it`);
      case 'ending':
        return warning('AcceptanceEnding', `${what} ends on ${until}, in ${days(daysLeft)}`);
      default:
        return [];
    }
  });
  return warnings.sort((a, b) => (a.message < b.message ? -1 : a.message > b.message ? 1 : 0));
}

const days = (number: number): string => `${number} ${number === 1 ? 'day' : 'days'}`;

function put<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** What is said once above several stacks is carried by each of them, and used when one of them uses it. */
function isWholeStack({ scope: { stack, path } }: Acceptance): boolean {
  return stack !== undefined && path !== undefined && (stack === path || stack.startsWith(`${path} (`));
}

/** An acceptance covers the construct it stands on and everything below it. */
function covers(acceptance: Acceptance, resource: Resource): boolean {
  const { stack, path } = acceptance.scope;
  if (path === undefined) return false;
  if (
    stack !== undefined &&
    !(resource.tree === 'cloudformation' && (resource.stack === stack || resource.stack.startsWith(`${stack}/`)))
  ) {
    return false;
  }
  const at = resource.source.path;
  // Without path metadata nobody knows where in its stack a resource stands, so only what covers the whole stack covers it.
  if (at === undefined) return isWholeStack(acceptance);
  // The readers name an L1 by the construct that made it, so an acceptance on the L1 itself is one step too long.
  return path === '' || at === path || at.startsWith(`${path}/`) || path === `${at}/Resource`;
}

function placeOf({ scope }: Acceptance): string {
  return scope.object === undefined ? (scope.pattern ?? scope.path ?? '') : resourceName(scope.object);
}
