import type { AnyControl } from '../control';
import { rbacWildcards } from './wildcards';

export const rbacControls: readonly AnyControl[] = [rbacWildcards];
