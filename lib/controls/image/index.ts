import type { AnyControl } from '../control';
import { imageDigest } from './digest';
import { frozenRegistry } from './frozen-registry';
import { pullPolicy } from './pull-policy';
import { imageRegistry } from './registry';
import { noSsh } from './ssh';
import { noSudo } from './sudo';
import { imageTag } from './tag';

export const imageControls: readonly AnyControl[] = [imageTag, imageDigest, imageRegistry, pullPolicy, frozenRegistry, noSsh, noSudo];
