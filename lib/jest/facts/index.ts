import type { Network } from '../../analysis';
import type { Audit } from '../../audit';
import { Names } from '../names';
import { acceptances } from './acceptances';
import { administration } from './administration';
import { exposure } from './exposure';
import type { Fact, FactKind, FactProducer } from './fact';
import { permissions } from './permissions';
import { rbac } from './rbac';
import { reach } from './reach';
import { resourcePolicies } from './resource-policies';
import { trust } from './trust';
import { undecided } from './undecided';

export type { Fact, FactKind, FactProducer } from './fact';

/** Everything a posture file is made of. A new producer brings a section of its own and rewrites none. */
export const PRODUCERS: readonly FactProducer[] = [
  acceptances,
  administration,
  exposure,
  permissions,
  rbac,
  reach,
  resourcePolicies,
  trust,
  undecided,
];

/** Every kind of facts that this version computes, by its first word. */
export const KINDS: ReadonlyMap<string, FactKind> = new Map(
  PRODUCERS.flatMap(({ kinds }) => kinds)
    .sort((a, b) => (a.word < b.word ? -1 : 1))
    .map((kind) => [kind.word, kind]),
);

/** Every fact by its line, in order. Where two resources state the same, the first one is kept. */
export function factsOf(audit: Audit, network: () => Network, producers: readonly FactProducer[] = PRODUCERS): ReadonlyMap<string, Fact> {
  const names = new Names(audit.inventory);
  const found = new Map<string, Fact>();
  for (const producer of producers) {
    for (const fact of producer.produce(audit, names, network)) {
      const line = fact.line.replace(/\s*\n\s*/g, ' ').trim();
      if (!found.has(line)) found.set(line, { ...fact, line });
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
