import type { AnyControl } from '../control';
import { accessEntriesOnly } from './access-entries-only';
import { addOnIdentity } from './add-on-identity';
import { addOnOrder } from './add-on-order';
import { addOnVersion } from './add-on-version';
import { administratorExists } from './administrator-exists';
import { administratorsArePeople } from './administrators-are-people';
import { controlPlaneLogs } from './control-plane-logs';
import { creationOrder } from './creation-order';
import { dataEncryption } from './data-encryption';
import { deletionProtection } from './deletion-protection';
import { logGroup } from './log-group';
import { networkPolicyEnforced } from './network-policy';
import { noCreatorAdmin } from './no-creator-admin';
import { noKubectlProvider } from './no-kubectl-provider';
import { noSelfManagedAddOns } from './no-self-managed-add-ons';
import { privateControlPlane } from './private-control-plane';
import { privateEndpoint } from './private-endpoint';
import { publicEndpoint } from './public-endpoint';
import { scopedAccessPolicies } from './scoped-access-policies';
import { supportedVersion } from './supported-version';

export const eksControls: readonly AnyControl[] = [
  publicEndpoint,
  privateEndpoint,
  controlPlaneLogs,
  logGroup,
  dataEncryption,
  accessEntriesOnly,
  noCreatorAdmin,
  administratorExists,
  administratorsArePeople,
  scopedAccessPolicies,
  deletionProtection,
  supportedVersion,
  noSelfManagedAddOns,
  addOnOrder,
  creationOrder,
  networkPolicyEnforced,
  addOnIdentity,
  noKubectlProvider,
  privateControlPlane,
  addOnVersion,
];
