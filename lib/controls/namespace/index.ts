import type { AnyControl } from '../control';
import { defaultNamespace } from './default-namespace';
import { podSecurityLabels } from './pod-security-labels';

export const namespaceControls: readonly AnyControl[] = [defaultNamespace, podSecurityLabels];
