/** Why a finding of a judge is left as it is. */
export interface Reason {
  readonly judge: string;
  readonly rule: string | RegExp;
  /** Which resources it is about; every one where it is missing. */
  readonly resource?: RegExp;
  readonly reason: string;
}

/** One entry a cause. One that no finding needs any more fails the judges, so that none outlives its cause. */
export const REASONS: readonly Reason[] = [
  {
    judge: 'checkov',
    rule: 'CKV_AWS_33',
    resource: /VolumeKey/,
    reason:
      "the statement is for Auto Scaling's service-linked role alone, by a condition on aws:PrincipalArn; KMS refuses a policy that names the role in an account that has none yet",
  },
  {
    judge: 'checkov',
    rule: 'CKV_AWS_18',
    resource: /AccessLogs/,
    reason: 'this bucket holds the access logs of the others; logging itself would never end',
  },
  {
    judge: 'checkov',
    rule: 'CKV_K8S_43',
    reason:
      'the examples name released versions for the reader, in repositories whose tags are immutable (A-ECR-01); Image.digest pins the content',
  },
  {
    judge: 'kube-score',
    rule: 'pod-probes-identical',
    reason:
      'the default probes open the same port and differ in patience: not ready after 30 seconds, restarted after two minutes; a workload with a health page gives its own',
  },
  {
    judge: 'cdk-nag',
    rule: 'AwsSolutions-VPC3',
    reason: 'the rule advises against network ACLs; here they are a second line behind the security groups, wanted by A-VPC-03',
  },
  {
    judge: 'cdk-nag',
    rule: /^AwsSolutions-IAM4\[Policy::.*\/(AmazonEKSClusterPolicy|AmazonEKSWorkerNodePolicy|AmazonEC2ContainerRegistryPullOnly|AmazonEKS_CNI_Policy|service-role\/AmazonEBSCSIDriverPolicy)\]$/,
    reason: 'AWS keeps these policies in step with what EKS and its add-ons call; a copy would break a cluster on the day they change',
  },
  {
    judge: 'cdk-nag',
    rule: /^AwsSolutions-IAM5\[Action::(kms:ReEncrypt|kms:GenerateDataKey|s3:GetObject|s3:GetBucket|s3:List)\*\]$/,
    reason: 'the stock grants of aws-cdk-lib name families of read and encryption actions, on one bucket or key',
  },
  {
    judge: 'cdk-nag',
    rule: /^AwsSolutions-IAM5\[Resource::<Statements.*\.Arn>\/\*\]$/,
    reason: 'the objects of one bucket',
  },
  {
    judge: 'cdk-nag',
    rule: /^AwsSolutions-IAM5\[Resource::.*:logs:.*:log-group:\*\]$/,
    reason: 'DescribeLogGroups of the flow log takes no narrower resource; writing is bound to one group',
  },
  {
    judge: 'cdk-nag',
    rule: /VPCDefaultSecurityGroupClosed$/,
    reason: 'CloudFormation cannot change the default group and this library deploys no lambda that could; nothing is put into it',
  },
  {
    judge: 'cdk-nag',
    rule: /VPCNoUnrestrictedRouteToIGW$/,
    resource: /Public/,
    reason: 'NAT gateways stand in the public tier and nothing else does; nodes and control plane have no route to the internet gateway',
  },
  {
    judge: 'cdk-nag',
    rule: /IAMNoInlinePolicy$/,
    reason: 'stock grants write a policy that lives and dies with its one role, which no other identity can be given',
  },
  {
    judge: 'cdk-nag',
    rule: /S3BucketReplicationEnabled$/,
    reason: 'a second region is a decision of the platform about its data, not a default of a bucket',
  },
  {
    judge: 'cdk-nag',
    rule: /S3BucketDefaultLockEnabled$/,
    reason: 'object lock makes data undeletable for a time that only its owner knows; versions are kept',
  },
  {
    judge: 'cdk-nag',
    rule: /S3DefaultEncryptionKMS$/,
    resource: /AccessLogs/,
    reason: 'the log delivery of S3 writes to buckets with SSE-S3 without further grants; every other bucket has a key',
  },
];
