import type { AnyControl } from '../control';
import { accessEntriesOnly } from './access-entries-only';
import { addOnOrder } from './add-on-order';
import { administratorExists } from './administrator-exists';
import { controlPlaneLogs } from './control-plane-logs';
import { dataEncryption } from './data-encryption';
import { logGroup } from './log-group';
import { noCreatorAdmin } from './no-creator-admin';
import { noSelfManagedAddOns } from './no-self-managed-add-ons';
import { privateEndpoint } from './private-endpoint';
import { publicEndpoint } from './public-endpoint';

export const eksControls: readonly AnyControl[] = [
  publicEndpoint,
  privateEndpoint,
  controlPlaneLogs,
  logGroup,
  dataEncryption,
  accessEntriesOnly,
  noCreatorAdmin,
  administratorExists,
  noSelfManagedAddOns,
  addOnOrder,
];
