import type { AnyControl } from '../control';
import { commonLabels } from './common-labels';
import { defaultNamespace } from './default-namespace';
import { podSecurityLabels } from './pod-security-labels';
import { systemNamespace } from './system-namespace';

export const namespaceControls: readonly AnyControl[] = [defaultNamespace, systemNamespace, podSecurityLabels, commonLabels];
