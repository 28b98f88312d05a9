import type { AnyControl } from '../control';
import { cpuLimit } from './cpu-limit';
import { cpuRequest } from './cpu-request';
import { ephemeralStorage } from './ephemeral-storage';
import { memoryLimit } from './memory-limit';
import { memoryRequest } from './memory-request';

export const resourceControls: readonly AnyControl[] = [cpuRequest, cpuLimit, memoryRequest, memoryLimit, ephemeralStorage];
