import type { AnyControl } from '../control';
import { fargateExecutionRole } from './execution-role';
import { fargatePrivateSubnets } from './private-subnets';
import { fargateSelectors } from './selectors';

export const fargateControls: readonly AnyControl[] = [fargatePrivateSubnets, fargateExecutionRole, fargateSelectors];
