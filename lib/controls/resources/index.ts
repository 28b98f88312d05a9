import type { AnyControl } from '../control';
import { cpuLimit } from './cpu-limit';
import { cpuRequest } from './cpu-request';
import { ephemeralStorage } from './ephemeral-storage';
import { limitRange } from './limit-range';
import { memoryLimit } from './memory-limit';
import { memoryOvercommit } from './memory-overcommit';
import { memoryRequest } from './memory-request';
import { resourceQuota } from './quota';

export const resourceControls: readonly AnyControl[] = [
  cpuRequest,
  cpuLimit,
  memoryRequest,
  memoryLimit,
  memoryOvercommit,
  ephemeralStorage,
  limitRange,
  resourceQuota,
];
