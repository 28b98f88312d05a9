import type { AnyControl } from '../control';
import { addCapabilities } from './add-capabilities';
import { allowPrivilegeEscalation } from './allow-privilege-escalation';
import { appArmor } from './app-armor';
import { defaultCapabilities } from './default-capabilities';
import { dropAllCapabilities } from './drop-all-capabilities';
import { fsGroup } from './fs-group';
import { highGroup } from './high-group';
import { highUser } from './high-user';
import { hostAliases } from './host-aliases';
import { hostIpc } from './host-ipc';
import { hostNetwork } from './host-network';
import { hostPath } from './host-path';
import { hostPid } from './host-pid';
import { hostPorts } from './host-ports';
import { noNetAdmin } from './no-net-admin';
import { noNetRaw } from './no-net-raw';
import { noSysAdmin } from './no-sys-admin';
import { noSysModule } from './no-sys-module';
import { privileged } from './privileged';
import { probeHost } from './probe-host';
import { procMount } from './proc-mount';
import { processNamespace } from './process-namespace';
import { projectedToken } from './projected-token';
import { readOnlyHostPath } from './read-only-host-path';
import { readOnlyRoot } from './read-only-root';
import { runAsNonRoot } from './run-as-non-root';
import { runAsUser } from './run-as-user';
import { runtimeSocket } from './runtime-socket';
import { seLinux } from './se-linux';
import { seccompProfile } from './seccomp-profile';
import { seccompUnconfined } from './seccomp-unconfined';
import { securityContext } from './security-context';
import { serviceAccount } from './service-account';
import { serviceAccountExists } from './service-account-exists';
import { serviceAccountField } from './service-account-field';
import { serviceAccountToken } from './service-account-token';
import { serviceLinks } from './service-links';
import { supplementalGroups } from './supplemental-groups';
import { sysctls } from './sysctls';
import { userNamespace } from './user-namespace';
import { volumeTypes } from './volume-types';
import { windowsHostProcess } from './windows-host-process';

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
  hostPorts,
  defaultCapabilities,
  noSysAdmin,
  noNetRaw,
  noSysModule,
  noNetAdmin,
  seccompUnconfined,
  appArmor,
  seLinux,
  procMount,
  probeHost,
  securityContext,
  userNamespace,
  readOnlyHostPath,
  runtimeSocket,
  sysctls,
  windowsHostProcess,
  processNamespace,
  hostAliases,
  serviceAccountExists,
  serviceAccountField,
  projectedToken,
];
