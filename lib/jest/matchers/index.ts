import { toMatchBlueprint } from './blueprint';
import { toHaveNoFindings, toHold } from './findings';
import { toKeepIdentity } from './identity';
import { toMatchPosture } from './posture';
import { toReach } from './reach';

/** The matchers by the names that `expect` knows them by. */
export const matchers = { toHold, toHaveNoFindings, toMatchPosture, toMatchBlueprint, toKeepIdentity, toReach };
