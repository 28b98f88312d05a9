import type { AnyControl } from '../control';
import { credentialPath } from './credential-path';
import { identitiesMatch } from './identities-match';
import { noTokens } from './no-tokens';
import { sameVersion } from './same-version';

export const joinControls: readonly AnyControl[] = [noTokens, identitiesMatch, credentialPath, sameVersion];
