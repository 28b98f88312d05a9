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
  {
    judge: 'cfn-guard',
    rule: 'kms_create_grant_aws_service_check',
    reason:
      'it asks for a statement that denies grants outside of services; EKS makes its grant on the data key with the rights of whoever makes the cluster, and a denial that is wrong keeps the cluster from coming up',
  },
  {
    judge: 'cfn-guard',
    rule: 's3_bucket_default_encryption_kms_check',
    resource: /AccessLogs/,
    reason: 'the log delivery of S3 writes to buckets with SSE-S3 without further grants; every other bucket has a key',
  },
  {
    judge: 'cfn-guard',
    rule: 's3_bucket_logging_enabled_check',
    resource: /AccessLogs/,
    reason: 'this bucket holds the access logs of the others; logging itself would never end',
  },
  {
    judge: 'cfn-guard',
    rule: 's3_event_notifications_enabled_check',
    reason: 'an event needs somebody who acts on it, whom only the owner of the data knows',
  },
  {
    judge: 'cfn-guard',
    rule: 's3_bucket_object_lock_enabled_check',
    reason: 'object lock makes data undeletable for a time that only its owner knows; versions are kept',
  },
  {
    judge: 'cfn-guard',
    rule: 'eks_endpoint_no_public_access_check',
    resource: /^Cluster/,
    reason: 'the public endpoint of one environment, limited to one range, is the recorded decision that the example shows',
  },
  {
    judge: 'trivy',
    rule: /^AVD-AWS-004[01]$/,
    resource: /^Cluster/,
    reason: 'the public endpoint of one environment, limited to one range, is the recorded decision that the example shows',
  },
  {
    judge: 'trivy',
    rule: 's3-bucket-logging',
    resource: /AccessLogs/,
    reason: 'this bucket holds the access logs of the others; logging itself would never end',
  },
  {
    judge: 'trivy',
    rule: 'AVD-AWS-0132',
    resource: /AccessLogs/,
    reason: 'the log delivery of S3 writes to buckets with SSE-S3 without further grants; every other bucket has a key',
  },
  {
    judge: 'trivy',
    rule: 'aws-vpc-no-excessive-port-access',
    resource: /^NetworkAcls/,
    reason:
      'these entries are for the ranges of the VPC itself, where security groups decide by port; network ACLs are a coarse second line',
  },
  {
    judge: 'trivy',
    rule: 'aws-vpc-no-public-egress-sgr',
    resource: /^ClusterNodeGroup/,
    reason:
      'nodes pull images and call APIs over TLS, on port 443 alone, at addresses that nobody can list; pods are closed by NetworkPolicy',
  },
  {
    judge: 'trivy',
    rule: /^KSV0(39|40)$/,
    reason:
      'trivy asks it of every document by itself; each namespace has one LimitRange with defaults and one ResourceQuota, in the same file',
  },
  {
    judge: 'trivy',
    rule: 'KSV0125',
    reason:
      "the examples name registry.example.com, which is in no list of well-known registries; one of them is not safer than a registry of one's own",
  },
  {
    judge: 'kubesec',
    rule: 'SeccompAny',
    reason: 'it looks for the annotation of before Kubernetes 1.19; the pods have the field, RuntimeDefault',
  },
  {
    judge: 'kubesec',
    rule: 'ApparmorAny',
    reason: 'it looks for the annotation of before Kubernetes 1.30; Bottlerocket, on which the pods run, has SELinux and no AppArmor',
  },
  {
    judge: 'polaris',
    rule: 'missingNetworkPolicy',
    reason:
      'it wants one policy that names the pod and allows both directions; here one denies all of both for every pod of the namespace, and each allowed flow is a policy of its own',
  },
  {
    judge: 'polaris',
    rule: 'priorityClassNotSet',
    reason: 'a PriorityClass is of the cluster, and who may evict whom is decided there; nothing is above the default without a decision',
  },
  {
    judge: 'polaris',
    rule: 'topologySpreadConstraint',
    resource: /^StatefulSet storefront\/catalog$/,
    reason: 'it has one replica, which has nothing to spread from',
  },
];
