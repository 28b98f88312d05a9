import type { CloudFormationResource, Inventory } from '../inventory/model';

/** Something that AWS leaves open or off and that no CloudFormation resource closes or switches on. */
export interface ProviderDefault {
  /** Stable, lower case: `cluster-security-group`. */
  readonly id: string;
  /** What it is about, as a reader finds it: a construct path, a stack with logical id, or `account and region`. */
  readonly of: string;
  /** What is open, as a plain sentence in lower case. */
  readonly open: string;
  /** The command that closes it, with capitals for what only deployment knows. */
  readonly call: string;
}

interface Row {
  readonly id: string;
  readonly open: string;
  readonly call: (name: string) => string;
}

/** Takes every rule of a direction out of a group that is looked up by its owner. */
const revoke = (lookUp: string, direction: 'ingress' | 'egress'): string =>
  `GROUP=$(${lookUp} --output text); aws ec2 revoke-security-group-${direction} --group-id $GROUP --security-group-rule-ids $(aws ec2 describe-security-group-rules --filters Name=group-id,Values=$GROUP --query 'SecurityGroupRules[?IsEgress==\`${direction === 'egress'}\`].SecurityGroupRuleId' --output text)`;

const ofCluster = (name: string): string =>
  `aws eks describe-cluster --name ${name} --query cluster.resourcesVpcConfig.clusterSecurityGroupId`;
const ofVpc = (vpc: string): string =>
  `aws ec2 describe-security-groups --filters Name=vpc-id,Values=${vpc} Name=group-name,Values=default --query 'SecurityGroups[0].GroupId'`;

/** Of each cluster. Nodes of this library are not in that group; interfaces of the control plane and pods on Fargate are. */
export const OF_CLUSTERS: readonly Row[] = [
  {
    id: 'cluster-security-group-ingress',
    open: 'the security group that EKS makes lets in everything from itself; EKS writes the rule again when the cluster is updated',
    call: (name) => revoke(ofCluster(name), 'ingress'),
  },
  {
    id: 'cluster-security-group-egress',
    open: 'the security group that EKS makes lets out everything',
    call: (name) => revoke(ofCluster(name), 'egress'),
  },
];

/** Of each VPC. */
export const OF_VPCS: readonly Row[] = [
  {
    id: 'default-security-group-ingress',
    open: 'the default security group lets in everything from itself',
    call: (vpc) => revoke(ofVpc(vpc), 'ingress'),
  },
  {
    id: 'default-security-group-egress',
    open: 'the default security group lets out everything',
    call: (vpc) => revoke(ofVpc(vpc), 'egress'),
  },
];

/** Of the account and region that a cluster stands in. */
export const OF_ACCOUNTS: readonly Row[] = [
  {
    id: 'ebs-encryption-by-default',
    open: 'volumes that are made without saying so are not encrypted',
    call: () => 'aws ec2 enable-ebs-encryption-by-default',
  },
  {
    id: 'instance-metadata-defaults',
    open: 'instances that say nothing answer metadata requests without a session',
    call: () => 'aws ec2 modify-instance-metadata-defaults --http-tokens required --http-put-response-hop-limit 1',
  },
  {
    id: 's3-account-public-access',
    open: 'buckets may be made public one by one',
    call: () =>
      'aws s3control put-public-access-block --account-id ACCOUNT --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
  },
  {
    id: 'inspector-scanning',
    open: 'nodes and images are not scanned by Inspector',
    call: () => 'aws inspector2 enable --resource-types EC2 ECR',
  },
  {
    id: 'backup-opt-in',
    open: 'AWS Backup leaves out services that the region did not opt in',
    call: () => 'aws backup update-region-settings --resource-type-opt-in-preference EBS=true,EFS=true,EKS=true,S3=true',
  },
  {
    id: 'password-policy',
    open: 'passwords of IAM users may be short and stay for ever',
    call: () =>
      'aws iam update-account-password-policy --minimum-password-length 14 --require-symbols --require-numbers --require-uppercase-characters --require-lowercase-characters --password-reuse-prevention 24',
  },
  {
    id: 'root-second-factor',
    open: 'the root user may have no second factor, which only its owner can add in the console',
    call: () => 'aws iam get-account-summary --query SummaryMap.AccountMFAEnabled',
  },
  {
    id: 'shield-advanced',
    open: 'attacks on public addresses are held off by Shield Standard alone; the subscription to Advanced costs every month, for a year',
    call: () => 'aws shield create-subscription',
  },
];

const placeOf = ({ source, stack, logicalId }: CloudFormationResource): string => source.path ?? `${stack}/${logicalId}`;

/** What stays open of the clusters and VPCs of an inventory, and of the accounts they stand in; none where there are none. */
export function providerDefaults(inventory: Inventory): readonly ProviderDefault[] {
  const clusters = inventory.ofType('AWS::EKS::Cluster');
  const vpcs = inventory.ofType('AWS::EC2::VPC');
  if (clusters.length === 0 && vpcs.length === 0) return [];
  const nameOf = ({ properties: { Name: name } }: CloudFormationResource): string => (typeof name === 'string' ? name : 'CLUSTER');
  const row = (of: string, name: string) => (one: Row) => ({ id: one.id, of, open: one.open, call: one.call(name) });
  return [
    ...clusters.flatMap((cluster) => OF_CLUSTERS.map(row(placeOf(cluster), nameOf(cluster)))),
    ...vpcs.flatMap((vpc) => OF_VPCS.map(row(placeOf(vpc), 'VPC'))),
    ...OF_ACCOUNTS.map(row('account and region', '')),
  ];
}
