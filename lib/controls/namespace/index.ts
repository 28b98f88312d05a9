import type { AnyControl } from '../control';
import { defaultNamespace } from './default-namespace';
import { podSecurityLabels } from './pod-security-labels';
import { recommendedLabels } from './recommended-labels';
import { systemNamespace } from './system-namespace';

export const namespaceControls: readonly AnyControl[] = [defaultNamespace, systemNamespace, podSecurityLabels, recommendedLabels];
