import type { AnyControl } from '../control';
import { duplicateVariables } from './duplicate-variables';
import { statefulService } from './stateful-service';

export const hygieneControls: readonly AnyControl[] = [duplicateVariables, statefulService];
