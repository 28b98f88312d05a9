import type { Framework } from './framework';
import { pssBaseline, pssRestricted } from './pss';

export { controlIds, counts, type Framework, isAsked, type Lenience, type Requirement } from './framework';

/** Every framework there is, in the order of its id. */
export const allFrameworks: readonly Framework[] = [pssBaseline, pssRestricted];
