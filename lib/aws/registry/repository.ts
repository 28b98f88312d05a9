import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RepositoryEncryption, Repository as StockRepository, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { InputError } from '../../error';
import { EncryptionKey } from '../encryption/encryption-key';
import { Lifecycle } from '../lifecycle';

/** Properties of a `Repository`. */
export interface RepositoryProps {
  /**
   * Physical name, `team/app`.
   * @default - made by CloudFormation
   */
  readonly repositoryName?: string;
  /**
   * How long the images live.
   * @default Lifecycle.production()
   */
  readonly lifecycle?: Lifecycle;
  /**
   * Key that encrypts the images.
   * @default - a key of its own
   */
  readonly encryptionKey?: EncryptionKey;
  /**
   * How many tagged images are kept; older ones are deleted.
   * @default 100
   */
  readonly keep?: number;
}

/**
 * An image repository whose tags never move: images are scanned when they arrive, encrypted with a customer key, and old ones are deleted.
 *
 * @satisfies A-ECR-01 A-ECR-02 A-ECR-03 A-ECR-04 A-ECR-05 A-KMS-01 A-KMS-02 A-KMS-03 A-KMS-05
 */
export class Repository extends StockRepository {
  constructor(scope: Construct, id: string, props: RepositoryProps = {}) {
    const lifecycle = props.lifecycle ?? Lifecycle.production();
    const keep = props.keep ?? 100;
    if (!Number.isInteger(keep) || keep < 1) {
      throw new InputError('KeepInvalid', `keep is ${keep}, not a positive number of images; give 1 or more`, {
        path: `${scope.node.path}/${id}`,
      });
    }
    super(scope, id, {
      repositoryName: props.repositoryName,
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: RepositoryEncryption.KMS,
      encryptionKey:
        props.encryptionKey ?? new EncryptionKey(scope, `${id}Key`, { lifecycle, description: `images of ${scope.node.path}/${id}` }),
      lifecycleRules: [
        { rulePriority: 1, description: 'untagged images after a week', tagStatus: TagStatus.UNTAGGED, maxImageAge: Duration.days(7) },
        { rulePriority: 2, description: `the newest ${keep} images`, tagStatus: TagStatus.ANY, maxImageCount: keep },
      ],
      removalPolicy: lifecycle.removalPolicy,
      emptyOnDelete: lifecycle.removalPolicy === RemovalPolicy.DESTROY,
    });
  }
}
