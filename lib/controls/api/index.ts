import type { AnyControl } from '../control';
import { deprecatedApi } from './deprecated';
import { removedApi } from './removed';

export const apiControls: readonly AnyControl[] = [removedApi, deprecatedApi];
