import type { AnyControl } from '../control';
import { irsaTrust } from './irsa-trust';
import { namedKeys } from './named-keys';
import { noEscalation } from './no-escalation';
import { noFullAccess } from './no-full-access';
import { noServiceWildcard } from './no-service-wildcard';
import { noUsers } from './no-users';
import { oneServiceAccount } from './one-service-account';
import { pipelineTrust } from './pipeline-trust';
import { podIdentityTrust } from './pod-identity-trust';
import { sessionTags } from './session-tags';

export const iamControls: readonly AnyControl[] = [
  irsaTrust,
  podIdentityTrust,
  oneServiceAccount,
  noFullAccess,
  noServiceWildcard,
  noEscalation,
  namedKeys,
  sessionTags,
  pipelineTrust,
  noUsers,
];
