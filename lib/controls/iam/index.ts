import type { AnyControl } from '../control';
import { irsaTrust } from './irsa-trust';
import { noFullAccess } from './no-full-access';
import { podIdentityTrust } from './pod-identity-trust';

export const iamControls: readonly AnyControl[] = [irsaTrust, podIdentityTrust, noFullAccess];
