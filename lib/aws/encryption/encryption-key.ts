import { Aws, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { Lifecycle } from '../lifecycle';

/** Properties of an `EncryptionKey`. */
export interface EncryptionKeyProps {
  /**
   * What the key protects, shown in the console.
   * @default - the construct path
   */
  readonly description?: string;
  /**
   * How long the key lives.
   * @default Lifecycle.production()
   */
  readonly lifecycle?: Lifecycle;
}

const ADMINISTER = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:Describe*',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:Get*',
  'kms:List*',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];
const USE = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/**
 * A customer-managed key for one domain (logs, API data, volumes, objects, images): it rotates every year, waits before it is deleted, and its policy
 * separates administration from use. Use is granted by IAM policies of the account (the stock `grant*` methods), never by administration.
 *
 * @satisfies A-KMS-01 A-KMS-02 A-KMS-03 A-KMS-04 A-KMS-05 A-PAR-01
 */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    const lifecycle = props.lifecycle ?? Lifecycle.production();
    const root = new AccountRootPrincipal();
    super(scope, id, {
      description: props.description ?? `${scope.node.path}/${id}`,
      enableKeyRotation: true,
      pendingWindow: lifecycle.keyPendingWindow,
      removalPolicy: lifecycle.removalPolicy,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({ sid: 'Administration', principals: [root], actions: ADMINISTER, resources: ['*'] }),
          new PolicyStatement({ sid: 'UseByIamPolicy', principals: [root], actions: USE, resources: ['*'] }),
          new PolicyStatement({
            sid: 'GrantsByServicesOnly',
            principals: [root],
            actions: ['kms:CreateGrant'],
            resources: ['*'],
            conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
          }),
        ],
      }),
    });
    lifecycle._mark(this.node.defaultChild as CfnKey);
  }

  /**
   * Lets whoever creates a cluster, and may by an IAM policy, give EKS the grant it needs on the key of its API data. EKS does not support the condition
   * that grants be for AWS resources here: with it, the cluster is refused.
   */
  public allowClusters(): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ClusterGrants',
        principals: [new AccountRootPrincipal()],
        actions: ['kms:CreateGrant'],
        resources: ['*'],
      }),
    );
  }

  /** Lets CloudWatch Logs encrypt log groups of this account and region with the key, and nothing else. */
  public allowLogs(): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CloudWatchLogs',
        principals: [new ServicePrincipal(`logs.${Stack.of(this).region}.${Aws.URL_SUFFIX}`)],
        actions: USE,
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Stack.of(this).formatArn({ service: 'logs', resource: '*' }) } },
      }),
    );
  }

  /**
   * Lets the Auto Scaling of this account attach volumes encrypted with the key; without it managed nodes never start. The service-linked role is named in
   * a condition and not as the principal, because KMS refuses a policy whose principal does not exist yet in a new account.
   */
  public allowAutoScaling(): void {
    const { account, partition } = Stack.of(this);
    const conditions = {
      StringEquals: { 'kms:CallerAccount': account },
      ArnEquals: {
        'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
      },
    };
    const principals = [new AnyPrincipal()];
    this.addToResourcePolicy(
      new PolicyStatement({ sid: 'AutoScalingUse', effect: Effect.ALLOW, principals, actions: USE, resources: ['*'], conditions }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AutoScalingGrants',
        principals,
        actions: ['kms:CreateGrant'],
        resources: ['*'],
        conditions: { ...conditions, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    );
  }
}
