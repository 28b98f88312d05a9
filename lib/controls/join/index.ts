import type { AnyControl } from '../control';
import { credentialPath } from './credential-path';
import { identitiesMatch } from './identities-match';
import { noTokens } from './no-tokens';

export const joinControls: readonly AnyControl[] = [noTokens, identitiesMatch, credentialPath];
