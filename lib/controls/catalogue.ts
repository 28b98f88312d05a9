import { apiControls } from './api';
import { availabilityControls } from './availability';
import type { AnyControl } from './control';
import { dataControls } from './data';
import { eksControls } from './eks';
import { hygieneControls } from './hygiene';
import { iamControls } from './iam';
import { imageControls } from './image';
import { joinControls } from './join';
import { kmsControls } from './kms';
import { namespaceControls } from './namespace';
import { networkControls } from './network';
import { nodeControls } from './nodes';
import { podControls } from './pod';
import { rbacControls } from './rbac';
import { resourceControls } from './resources';
import { secretControls } from './secrets';
import { vpcControls } from './vpc';

/** Every control there is, in the order of its id. */
export const allControls: readonly AnyControl[] = [
  ...podControls,
  ...imageControls,
  ...resourceControls,
  ...availabilityControls,
  ...secretControls,
  ...namespaceControls,
  ...rbacControls,
  ...networkControls,
  ...apiControls,
  ...hygieneControls,
  ...eksControls,
  ...nodeControls,
  ...iamControls,
  ...vpcControls,
  ...kmsControls,
  ...dataControls,
  ...joinControls,
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The control with this id or alias, whatever its case. */
export function find(id: string): AnyControl | undefined {
  const wanted = id.toUpperCase();
  return allControls.find((control) => control.id === wanted || control.aliases?.includes(wanted));
}
