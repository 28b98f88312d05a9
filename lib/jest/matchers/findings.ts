import { conformance, type Judgement } from '../../audit';
import { Severity } from '../../controls/severity';
import { atLeast } from '../../controls/severity-order';
import { InputError } from '../../error';
import { Names } from '../names';
import type { Posture } from '../posture';
import { demandOf } from '../selection';
import type { MatcherContext, MatcherResult } from '../snapshot';
import { postureOf } from './received';

/** Findings that a message lists; the rest are counted. */
const LISTED = 20;

/** Which findings matter. */
export interface NoFindingsOptions {
  /**
   * The least severity that matters.
   * @default - low: every finding
   */
  readonly atLeast?: `${Severity}`;
}

/** What `toHold` takes from elsewhere. */
export interface HoldOptions {
  /**
   * Requirements of a framework that nothing synthesized can show, and that somebody shows by other means.
   * @default - none
   */
  readonly shownElsewhere?: readonly string[];
}

/**
 * Nothing of these controls fails or is undecided, and no requirement of these frameworks stands open: a framework that this version does not cover does not
 * hold. What is exempt holds; so does a control, and not a framework, that has nothing to judge. Throws `UnknownControl`, `UnknownFramework`, `NothingToHold` or
 * `RequirementUnknown`.
 */
export function toHold(
  this: MatcherContext,
  received: unknown,
  ids: string | readonly string[],
  { shownElsewhere = [] }: HoldOptions = {},
): MatcherResult {
  const posture = postureOf(received, 'toHold');
  const wanted = typeof ids === 'string' ? [ids] : ids;
  const demands = wanted.map(demandOf);
  if (demands.length === 0) throw new InputError('NothingToHold', 'toHold was given no control; pass an id or a list of ids');
  const unused = new Set(shownElsewhere);
  const broken = new Set<Judgement>();
  const gaps: string[] = [];
  for (const { controls, framework } of demands) {
    const audit = posture._auditOf(controls);
    if (framework === undefined) {
      for (const judgement of audit.judgements)
        if (judgement.verdict !== 'exempt' && controls.includes(judgement.control)) broken.add(judgement);
      continue;
    }
    const { verdict, requirements } = conformance(audit, framework);
    let open = 0;
    for (const { requirement, verdict: own, judgements, note } of requirements) {
      if (own === 'pass' || own === 'exempt' || own === 'provider') continue;
      if ('shownBy' in requirement && shownElsewhere.includes(requirement.id)) {
        unused.delete(requirement.id);
        continue;
      }
      open += 1;
      for (const judgement of judgements) if (judgement.verdict !== 'exempt') broken.add(judgement);
      if (note !== undefined) gaps.push(`${own} ${framework.id} ${requirement.id} ${requirement.title}: ${note}`);
    }
    if (verdict === 'undecided' && open === 0 && requirements.every(({ judged }) => judged === 0))
      gaps.push(`undecided ${framework.id}: there is nothing that it judges`);
  }
  const [unknown] = unused;
  if (unknown !== undefined) {
    throw new InputError(
      'RequirementUnknown',
      `${wanted.join(', ')} has no requirement '${unknown}' that others must show; remove it from shownElsewhere`,
    );
  }
  const hint = this.utils.matcherHint('toHold', 'posture', wanted.map((id) => `'${id}'`).join(', '));
  const holds = broken.size === 0 && gaps.length === 0;
  return {
    pass: holds,
    message: () => {
      if (holds) return `${hint}\n\n${wanted.join(', ')} holds: no finding fails or is undecided`;
      const open = gaps.length === 0 ? '' : `\n${broken.size === 0 ? '' : '\n'}${gaps.join('\n')}`;
      return broken.size === 0 ? `${hint}\n${open}` : `${listed(this, hint, posture, [...broken])}${open}`;
    },
  };
}

/** No finding of this severity or above fails or is undecided, of the controls that may fail a build: stable ones. Throws `SeverityUnknown`. */
export function toHaveNoFindings(this: MatcherContext, received: unknown, options: NoFindingsOptions = {}): MatcherResult {
  const posture = postureOf(received, 'toHaveNoFindings');
  const least = Object.values(Severity).find((severity) => severity === (options.atLeast ?? Severity.LOW));
  if (least === undefined) {
    const all = Object.values(Severity).join(', ');
    throw new InputError('SeverityUnknown', `there is no severity '${options.atLeast}'; choose one of ${all}`);
  }
  const found = open(posture).filter(({ control }) => control.maturity === 'stable' && atLeast(control.severity, least));
  const hint = this.utils.matcherHint('toHaveNoFindings', 'posture', options.atLeast === undefined ? '' : `{ atLeast: '${least}' }`);
  return {
    pass: found.length === 0,
    message: () => (found.length === 0 ? `${hint}\n\nthere is no finding at or above ${least}` : listed(this, hint, posture, found)),
  };
}

function open(posture: Posture): Judgement[] {
  return posture._examination.audit.judgements.filter(({ verdict }) => verdict !== 'exempt');
}

function listed({ utils }: MatcherContext, hint: string, posture: Posture, judgements: readonly Judgement[]): string {
  const names = new Names(posture._inventory);
  const blocks = judgements.slice(0, LISTED).map(({ control, resource, verdict, message }) => {
    const where = resource === undefined ? 'everything' : names.of(resource);
    const line = posture._sourceLine(resource);
    return [
      `${verdict === 'fail' ? 'fails    ' : 'undecided'} ${control.id} ${control.title} (${control.severity})`,
      // On the line of its construct: jest would take one that starts with `at` for a stack trace.
      `  ${utils.RECEIVED_COLOR(where)}${line === undefined ? '' : ` at ${line}`}: ${message}`,
      `  ${utils.EXPECTED_COLOR(control.remedy)}`,
    ].join('\n');
  });
  const more = judgements.length - blocks.length;
  const count = `${judgements.length} ${judgements.length === 1 ? 'finding' : 'findings'}`;
  return [hint, '', count, '', ...blocks, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}
