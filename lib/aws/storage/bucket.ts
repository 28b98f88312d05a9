import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
  Bucket as StockBucket,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { InputError } from '../../error';
import { EncryptionKey } from '../encryption/encryption-key';
import { Lifecycle } from '../lifecycle';

/** Properties of a `Bucket`. */
export interface BucketProps {
  /**
   * How long the bucket and what is in it live.
   * @default Lifecycle.production()
   */
  readonly lifecycle?: Lifecycle;
  /**
   * Key that encrypts the objects.
   * @default - a key of its own
   */
  readonly encryptionKey?: EncryptionKey;
  /**
   * Bucket that receives the access logs.
   * @default - one bucket a stack, `AccessLogs`, made on first use; another for what is ephemeral
   */
  readonly accessLogs?: IBucket;
}

/**
 * An object store that only this account reads, over TLS, encrypted with a customer key, versioned, its accesses logged. Grants are the stock ones of
 * aws-s3: `grantRead(role)` includes the key.
 *
 * Throws `AccessLogsTaken`.
 *
 * @satisfies A-S3-01 A-S3-02 A-S3-03 A-S3-04 A-S3-05 A-KMS-01 A-KMS-02 A-KMS-03 A-KMS-05
 */
export class Bucket extends StockBucket {
  constructor(scope: Construct, id: string, props: BucketProps = {}) {
    const lifecycle = props.lifecycle ?? Lifecycle.production();
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      encryption: BucketEncryption.KMS,
      // The key stands beside the bucket and not below it: a child would need the bucket to exist before its own props.
      encryptionKey:
        props.encryptionKey ?? new EncryptionKey(scope, `${id}Key`, { lifecycle, description: `objects of ${scope.node.path}/${id}` }),
      bucketKeyEnabled: true,
      lifecycleRules: [
        { id: 'old-versions', noncurrentVersionExpiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      removalPolicy: lifecycle.removalPolicy,
    });
    // Written on the resource: the prop of the stock bucket grants by ACL unless a feature flag of the user's app says otherwise.
    const logs = props.accessLogs ?? accessLogsOf(scope, lifecycle);
    const place = this.node.scopes.slice(Stack.of(this).node.scopes.length).map((construct) => construct.node.id);
    (this.node.defaultChild as CfnBucket).loggingConfiguration = {
      destinationBucketName: logs.bucketName,
      logFilePrefix: `${place.join('/')}/`,
    };
  }
}

const madeIn = new WeakMap<Stack, Map<string, IBucket>>();

/**
 * The stack's one bucket for access logs that stay, or for those that go with it. S3 delivers them only to buckets encrypted with its own keys.
 */
function accessLogsOf(scope: Construct, lifecycle: Lifecycle): IBucket {
  const stack = Stack.of(scope);
  const id = lifecycle.removalPolicy === RemovalPolicy.DESTROY ? 'EphemeralAccessLogs' : 'AccessLogs';
  const made = madeIn.get(stack) ?? new Map<string, IBucket>();
  madeIn.set(stack, made);
  const found = made.get(id);
  if (found !== undefined) return found;
  if (stack.node.tryFindChild(id) !== undefined) {
    throw new InputError(
      'AccessLogsTaken',
      `the stack has a construct '${id}', the id of its bucket for access logs; give it another id, or pass accessLogs`,
      {
        path: `${stack.node.path}/${id}`,
      },
    );
  }
  const logs = new StockBucket(stack, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    encryption: BucketEncryption.S3_MANAGED,
    lifecycleRules: [
      {
        id: 'retention',
        expiration: Duration.days(365),
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      },
    ],
    removalPolicy: lifecycle.removalPolicy,
  });
  logs.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AccessLogs',
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [logs.arnForObjects('*')],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  made.set(id, logs);
  return logs;
}
