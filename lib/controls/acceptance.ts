import type { IConstruct } from 'constructs';
import { InputError } from '../error';
import { ACCEPTANCE_METADATA, type AcceptanceRecord } from './acceptance-record';
import { lastDay } from './clock';
import { isControlId } from './ids';

/** An accepted risk. */
export interface ExemptionProps {
  /** Who answers for it: a team or a role, not empty. */
  readonly owner: string;
  /** Why the risk is taken, for a reader in half a year. */
  readonly reason: string;
  /** Last day it applies, YYYY-MM-DD, at most a year ahead. After it the finding returns. */
  readonly until: string;
}

/** A recorded architecture choice. */
export interface DecisionProps {
  /** Who decided: a team or a role, not empty. */
  readonly owner: string;
  /** Why this way. */
  readonly reason: string;
  /** Day on which it is to be looked at again, YYYY-MM-DD, at most a year ahead. */
  readonly review: string;
}

function words(value: string, what: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw new InputError('AcceptanceIncomplete', `${what} is empty; name it`);
  return value;
}

function attach(scope: IConstruct, record: AcceptanceRecord): void {
  if (!isControlId(record.control)) {
    throw new InputError('UnknownControl', `there is no control '${record.control}'; run 'bulwark controls' for the list`, {
      path: scope.node.path,
    });
  }
  scope.node.addMetadata(ACCEPTANCE_METADATA, record);
}

/**
 * Accepts the risk that a control names, for a construct and everything below it, until a day at most a year ahead.
 * Thirty days before that day the audit warns; after it the finding returns at its own severity.
 */
export class Exemption {
  /**
   * Exempts a construct and everything below it from one control.
   * Throws `DateInvalid`, `AcceptanceTooLong`, `AcceptanceIncomplete` or `UnknownControl`.
   */
  public static on(scope: IConstruct, control: string, props: ExemptionProps): Exemption {
    const exemption = new Exemption(props);
    exemption.attach(scope, control);
    return exemption;
  }

  /** Who answers for it. */
  public readonly owner: string;
  /** Why the risk is taken. */
  public readonly reason: string;
  /** Last day it applies, YYYY-MM-DD. */
  public readonly until: string;

  constructor(props: ExemptionProps) {
    this.owner = words(props.owner, 'owner of an exemption');
    this.reason = words(props.reason, 'reason of an exemption');
    this.until = lastDay(props.until, 'until of an exemption');
  }

  /** Binds it to a control on a construct; constructs that take an exemption in their props call this. */
  public attach(scope: IConstruct, control: string): void {
    attach(scope, { kind: 'exemption', control, owner: this.owner, reason: this.reason, until: this.until });
  }
}

/** Records a legitimate architecture choice that a control would otherwise report, with a day to look at it again. */
export class Decision {
  /**
   * Records a choice for a construct and everything below it.
   * Throws `DateInvalid`, `AcceptanceTooLong`, `AcceptanceIncomplete` or `UnknownControl`.
   */
  public static on(scope: IConstruct, control: string, props: DecisionProps): Decision {
    const decision = new Decision(props);
    decision.attach(scope, control);
    return decision;
  }

  /** Who decided. */
  public readonly owner: string;
  /** Why this way. */
  public readonly reason: string;
  /** Day on which it is to be looked at again, YYYY-MM-DD. */
  public readonly review: string;

  constructor(props: DecisionProps) {
    this.owner = words(props.owner, 'owner of a decision');
    this.reason = words(props.reason, 'reason of a decision');
    this.review = lastDay(props.review, 'review of a decision');
  }

  /** Binds it to a control on a construct; constructs that take a decision in their props call this. */
  public attach(scope: IConstruct, control: string): void {
    attach(scope, { kind: 'decision', control, owner: this.owner, reason: this.reason, until: this.review });
  }
}
