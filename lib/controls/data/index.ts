import type { AnyControl } from '../control';
import { approvedUpstreams } from './approved-upstreams';
import { blockPublicAccess } from './block-public-access';
import { bucketEncryption } from './bucket-encryption';
import { bucketLogs } from './bucket-logs';
import { bucketTls } from './bucket-tls';
import { bucketVersions } from './bucket-versions';
import { imageEncryption } from './image-encryption';
import { imageExpiry } from './image-expiry';
import { imageScanning } from './image-scanning';
import { imageSigning } from './image-signing';
import { immutableTags } from './immutable-tags';
import { repositoryPrincipals } from './repository-principals';

export const dataControls: readonly AnyControl[] = [
  immutableTags,
  imageScanning,
  imageEncryption,
  imageExpiry,
  repositoryPrincipals,
  imageSigning,
  approvedUpstreams,
  blockPublicAccess,
  bucketTls,
  bucketEncryption,
  bucketVersions,
  bucketLogs,
];
