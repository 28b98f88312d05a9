import type { AnyControl } from '../control';
import { boundServices } from './bound-services';
import { keyPrincipals } from './named-principals';
import { keyRotation } from './rotation';
import { separateUse } from './separate-use';
import { keySurvival } from './survival';

export const kmsControls: readonly AnyControl[] = [keyRotation, keyPrincipals, separateUse, boundServices, keySurvival];
