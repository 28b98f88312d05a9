import type { AnyControl } from '../control';
import { blockPublicAccess } from './block-public-access';
import { immutableTags } from './immutable-tags';

export const dataControls: readonly AnyControl[] = [immutableTags, blockPublicAccess];
