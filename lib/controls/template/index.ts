import type { AnyControl } from '../control';
import { noSecrets } from './no-secrets';
import { openPartition } from './open-partition';

export const templateControls: readonly AnyControl[] = [noSecrets, openPartition];
