import { cisEks } from './cis-eks';
import type { Framework } from './framework';
import { fsbp } from './fsbp';
import { pssBaseline, pssRestricted } from './pss';

export { controlIds, counts, type Framework, isAsked, type Lenience, type Requirement } from './framework';

/** Every framework there is, in the order of its id. */
export const allFrameworks: readonly Framework[] = [cisEks, fsbp, pssBaseline, pssRestricted];
