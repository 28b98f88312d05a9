import { word } from '../names';
import type { FactProducer } from './fact';

/** `undecided CONTROL resource`: what was read does not tell whether the control holds. One that an exemption covers is in the `exempt` line. */
export const undecided: FactProducer = {
  kinds: [{ word: 'undecided', widens: 'added' }],
  *produce({ judgements }, names) {
    for (const { control, resource, verdict } of judgements) {
      if (verdict !== 'undecided') continue;
      yield { line: `undecided ${control.id} ${resource === undefined ? 'everything' : word(names.of(resource))}`, resource };
    }
  },
};
