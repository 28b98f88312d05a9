import type { AnyControl } from '../control';
import { keyRotation } from './rotation';

export const kmsControls: readonly AnyControl[] = [keyRotation];
