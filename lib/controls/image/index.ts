import type { AnyControl } from '../control';
import { pullPolicy } from './pull-policy';
import { imageTag } from './tag';

export const imageControls: readonly AnyControl[] = [imageTag, pullPolicy];
