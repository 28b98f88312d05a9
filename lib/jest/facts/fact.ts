import type { Network } from '../../analysis';
import type { Audit } from '../../audit';
import type { Resource } from '../../inventory';
import type { Names } from '../names';

/** One thing that a platform permits or leaves open, as one line of a posture file. */
export interface Fact {
  /** The line; its first word is the kind. */
  readonly line: string;
  /** What states it: failure messages name its construct path and source line. */
  readonly resource?: Resource;
}

/** How a kind of facts bears on security. */
export interface FactKind {
  /** First word of its lines. */
  readonly word: string;
  /** `added` where a new line permits more, `removed` where a missing one does. A changed line is one of each. */
  readonly widens: 'added' | 'removed';
}

/** Computes facts of some kinds from an audited inventory. It must depend on that input alone. */
export interface FactProducer {
  readonly kinds: readonly FactKind[];
  produce(audit: Audit, names: Names, network: () => Network): Iterable<Fact>;
}
