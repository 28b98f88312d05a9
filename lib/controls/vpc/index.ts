import type { AnyControl } from '../control';
import { dataSubnetsClosed } from './data-subnets';
import { defaultGroup } from './default-group';
import { flowLogs } from './flow-logs';
import { guardedEndpoints } from './guarded-endpoints';
import { noPublicAddresses } from './no-public-addresses';
import { openEgress } from './open-egress';
import { openIngress } from './open-ingress';
import { ownNetworkAcl } from './own-network-acl';
import { pinnedZones } from './pinned-zones';
import { remoteLogin } from './remote-login';
import { severalZones } from './several-zones';

export const vpcControls: readonly AnyControl[] = [
  flowLogs,
  noPublicAddresses,
  openIngress,
  remoteLogin,
  openEgress,
  ownNetworkAcl,
  guardedEndpoints,
  defaultGroup,
  pinnedZones,
  severalZones,
  dataSubnetsClosed,
];
