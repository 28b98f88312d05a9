import type { AnyControl } from '../controls/control';
import type { Acceptance, Resource } from '../inventory/model';

/** A control's word on one resource, where it is not a pass. */
export interface Judgement {
  readonly control: AnyControl;
  /** Missing only where the control failed before it had a resource in hand. */
  readonly resource?: Resource;
  readonly verdict: 'fail' | 'undecided' | 'exempt';
  readonly message: string;
  /** Path inside the resource. */
  readonly at?: string;
  /** What made it `exempt`. */
  readonly acceptance?: Acceptance;
}
