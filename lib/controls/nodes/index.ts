import type { AnyControl } from '../control';
import { imdsHopLimit } from './imds-hop-limit';
import { imdsV2 } from './imds-v2';
import { noRemoteAccess } from './no-remote-access';
import { operatingSystem } from './operating-system';
import { volumeEncryption } from './volume-encryption';

export const nodeControls: readonly AnyControl[] = [operatingSystem, imdsV2, imdsHopLimit, volumeEncryption, noRemoteAccess];
