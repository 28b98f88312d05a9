import { daysBetween } from '../controls/clock';
import type { AnyControl } from '../controls/control';
import type { Acceptance, Inventory, Resource } from '../inventory/model';

/** Days before its end from which an acceptance is warned about. */
export const NOTICE_DAYS = 30;
/** An acceptance may reach this many days ahead: a year, leap day included. */
const LONGEST_DAYS = 366;

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
      const place = scope.object === undefined && !isWholeStack(acceptance) ? [scope.stack, scope.path] : [];
      const key = JSON.stringify([kind, acceptance.control, owner, reason, until, ...place]);
      let group = this.groups.get(key);
      if (group === undefined) {
        const control = names.get(acceptance.control);
        group = { first: acceptance, state: control?.fatal ? 'refused' : this.stateOf(acceptance), used: false };
        this.groups.set(key, group);
      }
      const entry = { acceptance, group };
      if (scope.object === undefined) put(this.byControl, acceptance.control, entry);
      else put(this.byObject, scope.object, entry);
    }
  }

  /** The live acceptance that covers this control on this resource; undefined when none does. */
  covering(control: AnyControl, resource: Resource): Acceptance | undefined {
    if (this.groups.size === 0) return undefined;
    let found: Acceptance | undefined;
    const consider = ({ acceptance, group }: { readonly acceptance: Acceptance; readonly group: Group }): void => {
      group.used = true;
      if (group.state === 'live' && (found === undefined || acceptance.until > found.until)) found = acceptance;
    };
    for (const id of control.aliases === undefined ? [control.id] : [control.id, ...control.aliases]) {
      for (const entry of this.byControl.get(id) ?? []) if (covers(entry.acceptance, resource)) consider(entry);
    }
    for (const entry of this.byObject.get(resource) ?? []) {
      const id = entry.acceptance.control;
      if (id === control.id || control.aliases?.includes(id)) consider(entry);
    }
    return found;
  }

  /** What to say about the acceptances, once every finding was looked up. `known` tells ids of the catalogue from misspelt ones. */
  warnings(known: (id: string) => boolean): Warning[] {
    const ran = new Set(this.controls.flatMap((control) => [control.id, ...(control.aliases ?? [])]));
    const warnings: Warning[] = [];
    for (const { first: acceptance, state, used } of this.groups.values()) {
      const { kind, control, owner, until } = acceptance;
      const what = `${kind} of ${control} by ${owner}${whereOf(acceptance)}`;
      const add = (code: Warning['code'], message: string): void => void warnings.push({ code, message, acceptance });
      if (!ran.has(control)) {
        if (!known(control)) add('AcceptanceUnknownControl', `${what}: there is no control '${control}'; correct the id or remove it`);
        continue;
      }
      if (state === 'refused') {
        add('AcceptanceRefused', `${what}: control ${control} takes neither exemption nor decision; mend the finding`);
      } else if (state === 'invalid') {
        add(
          'AcceptanceInvalid',
          `${what}: it applies to nothing; give it an owner, a reason and an end within a year as YYYY-MM-DD instead of '${until}'`,
        );
      } else if (state === 'ended') {
        const days = daysBetween(until, this.asOf);
        add('AcceptanceEnded', `${what} ended on ${until}, ${days} ${days === 1 ? 'day' : 'days'} ago; mend the finding, or decide anew`);
      } else if (!used) {
        add('AcceptanceUnused', `${what} covers no finding; remove it`);
      } else {
        const left = daysBetween(this.asOf, until);
        if (left <= NOTICE_DAYS) add('AcceptanceEnding', `${what} ends on ${until}, in ${left} ${left === 1 ? 'day' : 'days'}`);
      }
    }
    return warnings.sort((a, b) => (a.message < b.message ? -1 : a.message > b.message ? 1 : 0));
  }

  private stateOf({ owner, reason, until }: Acceptance): Group['state'] {
    const date = /^\d{4}-\d{2}-\d{2}$/.test(until) ? new Date(`${until}T00:00:00Z`) : undefined;
    if (date === undefined || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== until) return 'invalid';
    if (owner.trim() === '' || reason.trim() === '' || daysBetween(this.asOf, until) > LONGEST_DAYS) return 'invalid';
    return until < this.asOf ? 'ended' : 'live';
  }
}

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

function whereOf({ scope }: Acceptance): string {
  if (scope.object === undefined) return scope.path === undefined ? '' : ` on ${scope.path}`;
  const { kind, namespace, name } = scope.object;
  return ` on ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
