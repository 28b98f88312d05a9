import { Severity } from '../controls/severity';
import { atLeast } from '../controls/severity-order';
import { InputError } from '../error';
import type { Audit } from './audit';
import type { Judgement } from './judgement';

/** From this severity on a failure breaks the build where nobody said otherwise. */
export const DEFAULT_FAIL_ON = Severity.MEDIUM;

/** Somebody who lets one run pass whatever it finds, in the open. */
export interface BreakGlass {
  readonly owner: string;
  readonly reason: string;
}

/** When findings break the build. */
export interface Gate {
  /** Failures of this severity and above; `medium` where nobody said. */
  readonly failOn?: Severity;
  /** Undecided ones count like failures; those of critical controls always do. */
  readonly failOnUndecided?: boolean;
  readonly breakGlass?: BreakGlass;
}

/** The findings that break the build: of stable controls only, those of fatal controls at any severity. */
export function blocking(audit: Audit, gate: Gate): Judgement[] {
  return gate.breakGlass === undefined ? audit.judgements.filter((judgement) => blocks(judgement, gate)) : [];
}

/** True when this one finding breaks the build, break-glass aside. */
export function blocks({ control, verdict }: Judgement, { failOn = DEFAULT_FAIL_ON, failOnUndecided = false }: Gate): boolean {
  if (verdict === 'exempt' || control.maturity !== 'stable') return false;
  if (verdict === 'undecided' && !failOnUndecided) return control.severity === Severity.CRITICAL;
  return control.fatal === true || atLeast(control.severity, failOn);
}

/** Reads a severity; throws `SeverityUnknown` naming the four. */
export function severityOf(text: string): Severity {
  const found = Object.values(Severity).find((severity) => severity === text.toLowerCase());
  if (found === undefined) {
    throw new InputError('SeverityUnknown', `there is no severity '${text}'; choose one of ${Object.values(Severity).join(', ')}`);
  }
  return found;
}

/** Reads `OWNER:REASON`; throws `BreakGlassIncomplete` unless both are there: nobody passes anonymously. */
export function breakGlassOf(text: string): BreakGlass {
  const colon = text.indexOf(':');
  const owner = text.slice(0, Math.max(colon, 0)).trim();
  const reason = text.slice(colon + 1).trim();
  if (owner === '' || reason === '') {
    throw new InputError(
      'BreakGlassIncomplete',
      `break-glass is '${text}'; write it as OWNER:REASON, for example 'platform-admins:outage of 3 May'`,
    );
  }
  return { owner, reason };
}
