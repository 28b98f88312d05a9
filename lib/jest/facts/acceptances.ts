import { word } from '../names';
import type { FactProducer } from './fact';

/**
 * `exempt CONTROL where owner= until=` and `decide CONTROL where owner= review=`, as they were written: also those that have ended, so that the
 * clock never changes a posture file.
 */
export const acceptances: FactProducer = {
  kinds: [
    { word: 'exempt', widens: 'added' },
    { word: 'decide', widens: 'added' },
  ],
  *produce({ inventory }, names) {
    for (const { kind, control, owner, until, scope } of inventory.acceptances) {
      const where = scope.object === undefined ? names.path(scope.path ?? '') : names.of(scope.object);
      const rest = `${control} ${word(where)} owner=${word(owner)}`;
      yield {
        line: kind === 'exemption' ? `exempt ${rest} until=${until}` : `decide ${rest} review=${until}`,
        resource: scope.object ?? inventory.cloudformation.find(({ source }) => names.path(source.path ?? '') === where),
      };
    }
  },
};
