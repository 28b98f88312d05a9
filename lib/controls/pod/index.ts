import type { AnyControl } from '../control';
import { addCapabilities } from './add-capabilities';
import { allowPrivilegeEscalation } from './allow-privilege-escalation';
import { dropAllCapabilities } from './drop-all-capabilities';
import { fsGroup } from './fs-group';
import { highGroup } from './high-group';
import { highUser } from './high-user';
import { hostIpc } from './host-ipc';
import { hostNetwork } from './host-network';
import { hostPath } from './host-path';
import { hostPid } from './host-pid';
import { privileged } from './privileged';
import { readOnlyRoot } from './read-only-root';
import { runAsNonRoot } from './run-as-non-root';
import { runAsUser } from './run-as-user';
import { seccompProfile } from './seccomp-profile';
import { serviceAccount } from './service-account';
import { serviceAccountToken } from './service-account-token';
import { serviceLinks } from './service-links';
import { supplementalGroups } from './supplemental-groups';
import { volumeTypes } from './volume-types';

export const podControls: readonly AnyControl[] = [
  privileged,
  allowPrivilegeEscalation,
  runAsNonRoot,
  runAsUser,
  highUser,
  highGroup,
  readOnlyRoot,
  dropAllCapabilities,
  addCapabilities,
  seccompProfile,
  hostNetwork,
  hostPid,
  hostIpc,
  hostPath,
  volumeTypes,
  supplementalGroups,
  fsGroup,
  serviceAccountToken,
  serviceAccount,
  serviceLinks,
];
