import type { AnyControl } from '../control';
import { flowLogs } from './flow-logs';
import { openIngress } from './open-ingress';

export const vpcControls: readonly AnyControl[] = [flowLogs, openIngress];
