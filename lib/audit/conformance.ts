import { counts, type Framework, isAsked, type Requirement } from '../frameworks/framework';
import type { Audit } from './audit';
import type { Judgement } from './judgement';

/**
 * How a requirement stands: `incomplete` where no control of this version covers it, `exempt` where all that breaks it is accepted, `provider` where the
 * provider carries it.
 */
export type RequirementVerdict = 'pass' | 'fail' | 'undecided' | 'exempt' | 'incomplete' | 'provider';

/** How one requirement of a framework stands. */
export interface RequirementStanding {
  readonly requirement: Requirement;
  readonly verdict: RequirementVerdict;
  /** Whether controls of this version or the provider answer all of it. */
  readonly covered: boolean;
  /** Subjects that its controls judged. */
  readonly judged: number;
  /** What counts against it, exempt ones included. */
  readonly judgements: readonly Judgement[];
  /** Why nothing was judged, for requirements that no control of this run answers. */
  readonly note?: string;
}

/** How an audit stands to a framework. */
export interface Conformance {
  readonly framework: Framework;
  /** The worst of its requirements; `undecided` also where there was nothing to judge at all. */
  readonly verdict: Exclude<RequirementVerdict, 'provider'>;
  /** Requirements that are asked in this Kubernetes version, and how many of them controls or the provider answer. */
  readonly total: number;
  readonly covered: number;
  readonly requirements: readonly RequirementStanding[];
}

/** Worst first. A framework with a gap is never passed, and a failure says more than a gap. */
const ORDER = ['fail', 'incomplete', 'undecided', 'exempt', 'pass'] as const;

/** Reads an audit by the requirements of a framework. */
export function conformance(audit: Audit, framework: Framework): Conformance {
  const ran = new Map([...audit.perControl].map(([{ id }, { pass, fail, undecided, exempt }]) => [id, pass + fail + undecided + exempt]));
  const requirements = framework.requirements
    .filter((requirement) => isAsked(requirement, audit.kubernetes))
    .map((requirement) => standing(audit, requirement, ran));
  const judged = requirements.reduce((sum, one) => sum + one.judged, 0);
  const worst = ORDER.find((verdict) => requirements.some((one) => one.verdict === verdict)) ?? 'pass';
  return {
    framework,
    verdict: judged === 0 && (worst === 'pass' || worst === 'exempt') ? 'undecided' : worst,
    total: requirements.length,
    covered: requirements.filter(({ covered }) => covered).length,
    requirements,
  };
}

function standing(audit: Audit, requirement: Requirement, ran: ReadonlyMap<string, number>): RequirementStanding {
  const without = (verdict: RequirementVerdict, note: string): RequirementStanding => {
    return { requirement, verdict, covered: verdict === 'provider', judged: 0, judgements: [], note };
  };
  if ('provider' in requirement) return without('provider', requirement.provider);
  if ('shownBy' in requirement) return without('undecided', `not visible at synth; shown by ${requirement.shownBy}`);
  if (!('controls' in requirement)) return without('incomplete', 'no control covers it');
  const missing = requirement.controls.filter((id) => !ran.has(id));
  const judgements = audit.judgements.filter(({ control, resource }) => counts(requirement, control.id, resource, audit.kubernetes));
  const has = (verdict: Judgement['verdict']): boolean => judgements.some((judgement) => judgement.verdict === verdict);
  const judged = requirement.controls.reduce((sum, id) => sum + (ran.get(id) ?? 0), 0);
  const covered = missing.length === 0;
  const verdict = has('fail') ? 'fail' : !covered ? 'incomplete' : has('undecided') ? 'undecided' : has('exempt') ? 'exempt' : 'pass';
  const note = covered ? undefined : `${missing.join(', ')} not checked by this version`;
  return { requirement, verdict, covered, judged, judgements, note };
}
