import type { Repair } from './control';
import { imageControls } from './image';
import { podControls } from './pod';
import { resourceControls } from './resources';

/** What the controls know to fill in, in catalogue order. */
export const REPAIRS: readonly Repair[] = [...podControls, ...imageControls, ...resourceControls]
  .map((control) => control.repair as Repair | undefined)
  .filter((repair) => repair !== undefined);
