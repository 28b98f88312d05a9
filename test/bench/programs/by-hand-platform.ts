import { App, type CfnResource, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';

const NAME = 'platform-cluster';

/**
 * The CloudFormation half of the quickstart, written by hand: the same types of resources as often, with the same settings where they cost anything.
 *
 * Fair, because it is what somebody writes who knows what it has to become: stock constructs where one makes the resources in one go (VPC, NACLs, flow log,
 * endpoints, security groups, keys, roles, buckets, cluster), resources of CloudFormation where none does (add-ons, launch template, nodes). Resources alone,
 * read from a template, would be a faster peer that nobody writes: without grants, references and rules between groups the program says nothing any more.
 */
export function platform(outdir: string): App {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Platform', { env: { account: '111122223333', region: 'eu-west-1' } });
  const retain = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
  const key = (id: string, description: string) =>
    new kms.Key(stack, id, {
      description,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: retain,
      policy: keyPolicy(),
    });

  const vpc = network(stack);
  const logKey = key('LogKey', 'logs of the platform');
  logKey.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'CloudWatchLogs',
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: USE,
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: '*' }) } },
    }),
  );
  const flowLogs = new logs.LogGroup(stack, 'FlowLogs', {
    encryptionKey: logKey,
    retention: logs.RetentionDays.ONE_YEAR,
    removalPolicy: retain,
  });
  vpc.addFlowLog('FlowLog', {
    destination: ec2.FlowLogDestination.toCloudWatchLogs(flowLogs),
    trafficType: ec2.FlowLogTrafficType.ALL,
    maxAggregationInterval: ec2.FlowLogMaxAggregationInterval.ONE_MINUTE,
  });

  const group = (id: string, description: string) => new ec2.SecurityGroup(stack, id, { vpc, description, allowAllOutbound: false });
  const endpointGroup = group('EndpointGroup', 'interface endpoints of AWS APIs');
  const controlPlane = group('ControlPlaneGroup', `control plane of ${NAME}`);
  const nodeGroup = group('NodeGroup', `nodes and pods of ${NAME}`);
  const endpoints = endpointsOf(stack, vpc, endpointGroup);
  const flow = (purpose: string, from: ec2.SecurityGroup, to: ec2.SecurityGroup, port: ec2.Port) => {
    to.addIngressRule(from, port, purpose);
    from.addEgressRule(to, port, purpose);
  };
  flow('kubelets and pods call the Kubernetes API', nodeGroup, controlPlane, ec2.Port.tcp(443));
  flow('logs, exec, port forwarding and metrics of pods', controlPlane, nodeGroup, ec2.Port.tcp(10250));
  for (const port of [443, 4443, 8443, 9443, 10251])
    flow('admission webhooks and aggregated APIs', controlPlane, nodeGroup, ec2.Port.tcp(port));
  flow('pods to pods', nodeGroup, nodeGroup, ec2.Port.tcpRange(0, 65535));
  flow('pods to pods, DNS among it', nodeGroup, nodeGroup, ec2.Port.udpRange(0, 65535));
  flow('AWS APIs by interface endpoints', nodeGroup, endpointGroup, ec2.Port.tcp(443));
  nodeGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'images and APIs outside AWS, over TLS');

  const dataKey = key('DataKey', `API data of ${NAME}`);
  const volumeKey = key('VolumeKey', `volumes of ${NAME}`);
  allowAutoScaling(volumeKey, stack);
  const clusterArn = stack.formatArn({ service: 'eks', resource: 'cluster', resourceName: NAME });
  const role = new iam.Role(stack, 'ClusterRole', {
    description: `control plane of ${NAME}`,
    assumedBy: new iam.ServicePrincipal('eks.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': clusterArn } },
    }),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonEKSClusterPolicy')],
  });
  dataKey.grant(role, 'kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:ListGrants');
  const cluster = new eks.Cluster(stack, 'Cluster', {
    clusterName: NAME,
    version: eks.KubernetesVersion.V1_35,
    role,
    vpc,
    vpcSubnets: [{ subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    securityGroup: controlPlane,
    endpointAccess: eks.EndpointAccess.PRIVATE,
    secretsEncryptionKey: dataKey,
    clusterLogging: Object.values(eks.ClusterLoggingTypes),
    bootstrapClusterCreatorAdminPermissions: false,
    bootstrapSelfManagedAddons: false,
    defaultCapacityType: eks.DefaultCapacityType.NODEGROUP,
    defaultCapacity: 0,
    outputConfigCommand: false,
    removalPolicy: retain,
  });
  cluster.node.tryRemoveChild('KubectlReadyBarrier');
  const raw = cluster.node.defaultChild as eks.CfnCluster;
  raw.deletionProtection = true;
  raw.upgradePolicy = { supportType: 'STANDARD' };
  raw.zonalShiftConfig = { enabled: true };
  const clusterLogs = new logs.LogGroup(stack, 'ClusterLogs', {
    logGroupName: `/aws/eks/${NAME}/cluster`,
    encryptionKey: logKey,
    retention: logs.RetentionDays.ONE_YEAR,
    removalPolicy: retain,
  });
  raw.node.addDependency(clusterLogs);
  new eks.AccessEntry(stack, 'Admins', {
    cluster,
    principal: iam.Role.fromRoleName(stack, 'AdminRole', 'platform-admins').roleArn,
    accessPolicies: [
      eks.AccessPolicy.fromAccessPolicyName('AmazonEKSClusterAdminPolicy', { accessScopeType: eks.AccessScopeType.CLUSTER }),
    ],
  });

  const principal = (namespace: string, serviceAccount: string) =>
    new iam.PrincipalWithConditions(new iam.SessionTagsPrincipal(new iam.ServicePrincipal('pods.eks.amazonaws.com')), {
      StringEquals: {
        'aws:SourceAccount': stack.account,
        'aws:RequestTag/eks-cluster-arn': clusterArn,
        'aws:RequestTag/kubernetes-namespace': namespace,
        'aws:RequestTag/kubernetes-service-account': serviceAccount,
      },
    });
  const addOnRole = (id: string, serviceAccount: string, policy: string) =>
    new iam.Role(stack, id, {
      description: `add-on ${serviceAccount} of ${NAME}`,
      assumedBy: principal('kube-system', serviceAccount),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName(policy)],
    });
  const cni = addOnRole('CniRole', 'aws-node', 'AmazonEKS_CNI_Policy');
  const csi = addOnRole('CsiRole', 'ebs-csi-controller-sa', 'service-role/AmazonEBSCSIDriverPolicy');
  volumeKey.grantEncryptDecrypt(csi);
  csi.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: ['kms:CreateGrant'],
      resources: [volumeKey.keyArn],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  );
  const addOn = (addonName: string, more: Partial<eks.CfnAddonProps> = {}) =>
    new eks.CfnAddon(stack, addonName, { addonName, clusterName: cluster.clusterName, resolveConflicts: 'OVERWRITE', ...more });
  const agent = addOn('eks-pod-identity-agent');
  const vpcCni = addOn('vpc-cni', {
    configurationValues: JSON.stringify({ enableNetworkPolicy: 'true' }),
    podIdentityAssociations: [{ serviceAccount: 'aws-node', roleArn: cni.roleArn }],
  });
  vpcCni.addDependency(agent);
  const before = [agent, vpcCni, addOn('kube-proxy')];
  const nodes = nodesOf(stack, cluster, vpc, nodeGroup, volumeKey);
  nodes.node.addDependency(vpc, ...before, ...endpoints, ...rulesOf(endpointGroup, controlPlane, nodeGroup));
  const csiDriver = addOn('aws-ebs-csi-driver', {
    podIdentityAssociations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: csi.roleArn }],
  });
  for (const late of [addOn('coredns'), csiDriver, addOn('metrics-server')]) late.addDependency(nodes);

  const statements = statementsOf(stack, key('StatementsKey', 'objects of Platform/Statements'), retain);
  const api = new iam.Role(stack, 'Api', { roleName: `${NAME}.payments.api`, assumedBy: principal('payments', 'api') });
  new eks.CfnPodIdentityAssociation(stack, 'ApiAssociation', {
    clusterName: cluster.clusterName,
    namespace: 'payments',
    serviceAccount: 'api',
    roleArn: api.roleArn,
  });
  const issuerUrl = cluster.clusterOpenIdConnectIssuerUrl;
  const oidc = new eks.OidcProviderNative(stack, 'Oidc', { url: issuerUrl });
  const batch = new iam.Role(stack, 'Batch', { roleName: `${NAME}.payments.batch`, assumedBy: principal('payments', 'batch') });
  (batch.node.defaultChild as iam.CfnRole).assumeRolePolicyDocument = Fn.sub(TRUST, {
    Provider: oidc.oidcProviderArn,
    Issuer: Fn.select(1, Fn.split('https://', issuerUrl)),
  });
  statements.grantRead(api);
  statements.grantRead(batch);
  return app;
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
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: '${Provider}' },
      Condition: { StringEquals: { '${Issuer}:aud': 'sts.amazonaws.com', '${Issuer}:sub': 'system:serviceaccount:payments:batch' } },
    },
  ],
});

function keyPolicy(): iam.PolicyDocument {
  const principals = [new iam.AccountRootPrincipal()];
  const grants = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({ sid: 'Administration', principals, actions: ADMINISTER, resources: ['*'] }),
      new iam.PolicyStatement({ sid: 'Use', principals, actions: USE, resources: ['*'] }),
      new iam.PolicyStatement({ sid: 'Grants', principals, actions: ['kms:CreateGrant'], resources: ['*'], conditions: grants }),
    ],
  });
}

function allowAutoScaling(key: kms.Key, { account, partition }: Stack): void {
  const service = `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const conditions = { StringEquals: { 'kms:CallerAccount': account }, ArnEquals: { 'aws:PrincipalArn': service } };
  const principals = [new iam.AnyPrincipal()];
  key.addToResourcePolicy(new iam.PolicyStatement({ principals, actions: USE, resources: ['*'], conditions }));
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals,
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { ...conditions, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  );
}

/** Three tiers over three zones, one NAT gateway each, and a network ACL for each tier. */
function network(stack: Stack): ec2.Vpc {
  const { PUBLIC, PRIVATE_WITH_EGRESS, PRIVATE_ISOLATED } = ec2.SubnetType;
  const vpc = new ec2.Vpc(stack, 'Network', {
    ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'),
    availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    natGateways: 3,
    subnetConfiguration: [
      { name: 'Private', subnetType: PRIVATE_WITH_EGRESS, cidrMask: 18 },
      { name: 'Public', subnetType: PUBLIC, cidrMask: 21, mapPublicIpOnLaunch: false },
      { name: 'Isolated', subnetType: PRIVATE_ISOLATED, cidrMask: 21 },
    ],
  });
  const { INGRESS, EGRESS } = ec2.TrafficDirection;
  const inside = ec2.AclTraffic.allTraffic();
  const answers = [ec2.AclTraffic.tcpPortRange(1024, 3388), ec2.AclTraffic.tcpPortRange(3390, 65535)];
  const tooBig = ec2.AclTraffic.icmp({ type: 3, code: 4 });
  const here = ec2.AclCidr.ipv4('10.0.0.0/16');
  const any = ec2.AclCidr.anyIpv4();
  const acl = (tier: string, subnetType: ec2.SubnetType) => {
    const made = new ec2.NetworkAcl(stack, `${tier}Acl`, { vpc, subnetSelection: { subnetType } });
    let number = 100;
    return (direction: ec2.TrafficDirection, cidr: ec2.AclCidr, traffic: ec2.AclTraffic, ruleAction = ec2.Action.ALLOW) => {
      made.addEntry(`Entry${number}`, { ruleNumber: number, direction, cidr, traffic, ruleAction });
      number += 10;
    };
  };
  const open = acl('Public', PUBLIC);
  open(INGRESS, here, inside);
  for (const traffic of [ec2.AclTraffic.tcpPort(443), ...answers, tooBig]) open(INGRESS, any, traffic);
  open(EGRESS, here, inside);
  for (const traffic of [ec2.AclTraffic.tcpPortRange(0, 65535), tooBig]) open(EGRESS, any, traffic);
  const nodes = acl('Private', PRIVATE_WITH_EGRESS);
  nodes(INGRESS, here, inside);
  for (const traffic of [...answers, tooBig]) nodes(INGRESS, any, traffic);
  nodes(EGRESS, here, inside);
  nodes(EGRESS, any, ec2.AclTraffic.tcpPortRange(0, 65535));
  const closed = acl('Isolated', PRIVATE_ISOLATED);
  for (const { ipv4CidrBlock } of vpc.publicSubnets) closed(INGRESS, ec2.AclCidr.ipv4(ipv4CidrBlock), inside, ec2.Action.DENY);
  closed(INGRESS, here, inside);
  closed(EGRESS, here, inside);
  return vpc;
}

function endpointsOf(stack: Stack, vpc: ec2.Vpc, group: ec2.SecurityGroup): ec2.InterfaceVpcEndpoint[] {
  const { ECR, ECR_DOCKER, S3, STS, EC2, EKS, EKS_AUTH, CLOUDWATCH_LOGS, KMS } = ec2.InterfaceVpcEndpointAwsService;
  return [ECR, ECR_DOCKER, S3, STS, EC2, EKS, EKS_AUTH, CLOUDWATCH_LOGS, KMS].map((service) => {
    const endpoint = vpc.addInterfaceEndpoint(service.shortName, {
      service,
      subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      securityGroups: [group],
      privateDnsEnabled: true,
      open: false,
    });
    endpoint.addToPolicy(
      new iam.PolicyStatement({
        principals: [new iam.AnyPrincipal()],
        actions: ['*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:PrincipalAccount': stack.account } },
      }),
    );
    return endpoint;
  });
}

const rulesOf = (...groups: ec2.SecurityGroup[]) =>
  groups.flatMap((group) => group.node.children.filter((child) => child !== group.node.defaultChild));

function nodesOf(stack: Stack, cluster: eks.Cluster, vpc: ec2.Vpc, group: ec2.SecurityGroup, volumeKey: kms.Key): CfnResource {
  const role = new iam.Role(stack, 'NodeRole', {
    description: `nodes of ${NAME}`,
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'].map((name) =>
      iam.ManagedPolicy.fromAwsManagedPolicyName(name),
    ),
  });
  const volume = (deviceName: string, volumeSize?: number) => ({
    deviceName,
    ebs: { volumeType: 'gp3', volumeSize, encrypted: true, kmsKeyId: volumeKey.keyArn, deleteOnTermination: true },
  });
  const template = new ec2.CfnLaunchTemplate(stack, 'NodeTemplate', {
    launchTemplateData: {
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [volume('/dev/xvda'), volume('/dev/xvdb', 50)],
      networkInterfaces: [{ deviceIndex: 0, associatePublicIpAddress: false, deleteOnTermination: true, groups: [group.securityGroupId] }],
      monitoring: { enabled: true },
      userData: Fn.base64('[settings.kubernetes]\nseccomp-default = true\npod-pids-limit = 1024\n'),
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags: [{ key: 'Name', value: 'Platform/Nodes' }] })),
    },
  });
  return new eks.CfnNodegroup(stack, 'Nodes', {
    clusterName: cluster.clusterName,
    amiType: 'BOTTLEROCKET_x86_64',
    instanceTypes: ['m6i.large'],
    capacityType: 'ON_DEMAND',
    nodeRole: role.roleArn,
    subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId),
    scalingConfig: { minSize: 2, maxSize: 6, desiredSize: 2 },
    launchTemplate: { id: template.ref, version: template.attrLatestVersionNumber },
    updateConfig: { maxUnavailablePercentage: 33 },
    nodeRepairConfig: { enabled: true },
  });
}

function statementsOf(stack: Stack, encryptionKey: kms.Key, removalPolicy: RemovalPolicy): s3.Bucket {
  const common: s3.BucketProps = {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    removalPolicy,
  };
  const accessLogs = new s3.Bucket(stack, 'AccessLogs', {
    ...common,
    encryption: s3.BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ id: 'retention', expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(30) }],
  });
  accessLogs.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [accessLogs.arnForObjects('*')],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  const bucket = new s3.Bucket(stack, 'Statements', {
    ...common,
    encryption: s3.BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: true,
    lifecycleRules: [{ id: 'old-versions', noncurrentVersionExpiration: Duration.days(90) }],
  });
  (bucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
    destinationBucketName: accessLogs.bucketName,
    logFilePrefix: 'Statements/',
  };
  return bucket;
}
