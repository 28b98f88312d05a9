import type { AnyControl } from '../control';

export const templateControls: readonly AnyControl[] = [];
