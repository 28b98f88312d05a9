import type { Judgement } from '../../audit';
import { Severity } from '../../controls/severity';
import { atLeast } from '../../controls/severity-order';
import { InputError } from '../../error';
import { Names } from '../names';
import type { Posture } from '../posture';
import { controlsFor } from '../selection';
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

/** Nothing of these controls fails or is undecided. What is exempt holds; so does a control that has nothing to judge. Throws `UnknownControl`. */
export function toHold(this: MatcherContext, received: unknown, ids: string | readonly string[]): MatcherResult {
  const posture = postureOf(received, 'toHold');
  const wanted = typeof ids === 'string' ? [ids] : ids;
  const controls = new Set(wanted.flatMap(controlsFor));
  if (controls.size === 0) throw new InputError('NothingToHold', 'toHold was given no control; pass an id or a list of ids');
  const broken = open(posture).filter(({ control }) => controls.has(control));
  const hint = this.utils.matcherHint('toHold', 'posture', wanted.map((id) => `'${id}'`).join(', '));
  return {
    pass: broken.length === 0,
    message: () =>
      broken.length === 0 ? `${hint}\n\n${wanted.join(', ')} holds: no finding fails or is undecided` : listed(this, hint, posture, broken),
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
