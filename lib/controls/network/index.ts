import type { AnyControl } from '../control';
import { defaultDeny } from './default-deny';

export const networkControls: readonly AnyControl[] = [defaultDeny];
