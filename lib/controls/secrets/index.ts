import type { AnyControl } from '../control';
import { credentialsInConfigMap } from './config-map';
import { secretsInEnvironment } from './environment';
import { immutableSecret } from './immutable';
import { literalCredentials } from './literal';
import { secretManifest } from './secret-manifest';
import { storageEncryption } from './storage-encryption';

export const secretControls: readonly AnyControl[] = [
  secretsInEnvironment,
  literalCredentials,
  credentialsInConfigMap,
  secretManifest,
  storageEncryption,
  immutableSecret,
];
