import type { AnyControl } from '../control';
import { gracefulUpdates } from './graceful-updates';
import { imdsHopLimit } from './imds-hop-limit';
import { imdsV2 } from './imds-v2';
import { noPublicAddress } from './no-public-address';
import { noRemoteAccess } from './no-remote-access';
import { nodeRepair } from './node-repair';
import { nodeRole } from './node-role';
import { nodeSettings } from './node-settings';
import { operatingSystem } from './operating-system';
import { ownGroups } from './own-groups';
import { ownLaunchTemplate } from './own-launch-template';
import { volumeEncryption } from './volume-encryption';

export const nodeControls: readonly AnyControl[] = [
  operatingSystem,
  imdsV2,
  imdsHopLimit,
  volumeEncryption,
  noRemoteAccess,
  noPublicAddress,
  nodeSettings,
  nodeRole,
  gracefulUpdates,
  ownLaunchTemplate,
  nodeRepair,
  ownGroups,
];
