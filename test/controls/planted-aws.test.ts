import { Template } from 'aws-cdk-lib/assertions';
import { audit } from '../../lib/audit';
import { allControls } from '../../lib/controls/catalogue';
import { inventoryOf } from '../../lib/inventory';
import type { JsonObject } from '../../lib/inventory/value';
import { platform, stackIn } from '../aws/scene';
import { AS_OF } from './judged';

/** A template that is being changed. */
// biome-ignore lint/suspicious/noExplicitAny: templates are open JSON.
type Open = any;
interface Body {
  readonly Resources: { [logicalId: string]: Open };
}

const versions = ['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent', 'coredns', 'aws-ebs-csi-driver', 'metrics-server'];
/** One of everything, with zones and versions pinned. */
const finished: Body = Template.fromStack(
  platform(stackIn(), {
    network: { zoneIds: ['euw1-az1', 'euw1-az2', 'euw1-az3'] },
    cluster: { addOnVersions: Object.fromEntries(versions.map((name) => [name, 'v1.0.0-eksbuild.1'])) },
  }).stack,
).toJSON() as Body;

/** The first resource of a type whose logical id fits. */
function one({ Resources }: Body, type: string, id = /./): Open {
  const found = Object.entries(Resources).find(([logicalId, { Type }]) => Type === type && id.test(logicalId));
  if (found === undefined) throw new Error(`no ${type} ${id}`);
  return found[1];
}
const properties = (body: Body, type: string, id?: RegExp): Open => {
  const found = one(body, type, id);
  found.Properties ??= {};
  return found.Properties;
};
const cluster = (body: Body): Open => properties(body, 'AWS::EKS::Cluster');
const nodes = (body: Body): Open => properties(body, 'AWS::EKS::Nodegroup');
const launch = (body: Body): Open => properties(body, 'AWS::EC2::LaunchTemplate').LaunchTemplateData;
const addOn = (body: Body, name: string): Open =>
  Object.values(body.Resources).find(({ Type, Properties }) => Type === 'AWS::EKS::Addon' && Properties.AddonName === name);
const userData = (body: Body, from: string | RegExp, to: string): void => {
  const data = launch(body).UserData;
  const before = data['Fn::Base64'];
  data['Fn::Base64'] = before.replace(from, to);
  if (data['Fn::Base64'] === before) throw new Error(`the user data has no ${from}`);
};
const statement = (body: Body, id: RegExp, change: (statement: Open) => void): void =>
  change(properties(body, 'AWS::IAM::Policy', id).PolicyDocument.Statement[0]);
const keyStatement = (body: Body, sid: string): Open =>
  Object.values(body.Resources)
    .filter(({ Type }) => Type === 'AWS::KMS::Key')
    .flatMap(({ Properties }) => Properties.KeyPolicy.Statement)
    .find(({ Sid }: Open) => Sid === sid);
const subnet = (body: Body, id: RegExp): string =>
  Object.keys(body.Resources).find((key) => body.Resources[key].Type === 'AWS::EC2::Subnet' && id.test(key)) as string;
const route = (body: Body, id: RegExp): Open => one(body, 'AWS::EC2::Route', id);

/** One fault a line: a finished platform with one thing made wrong, and the control that must see it. */
const FAULTS: readonly (readonly [control: string, fault: string, plant: (body: Body) => void])[] = [
  [
    'A-EKS-01',
    'a public endpoint',
    (body) => {
      cluster(body).ResourcesVpcConfig.EndpointPublicAccess = true;
    },
  ],
  [
    'A-EKS-02',
    'no private endpoint',
    (body) => {
      cluster(body).ResourcesVpcConfig.EndpointPrivateAccess = false;
    },
  ],
  [
    'A-EKS-03',
    'a log type less',
    (body) => {
      cluster(body).Logging.ClusterLogging.EnabledTypes.pop();
    },
  ],
  [
    'A-EKS-04',
    'logs of a month',
    (body) => {
      properties(body, 'AWS::Logs::LogGroup', /^ClusterLogs/).RetentionInDays = 30;
    },
  ],
  [
    'A-EKS-05',
    'no key',
    (body) => {
      delete cluster(body).EncryptionConfig;
    },
  ],
  [
    'A-EKS-06',
    'aws-auth',
    (body) => {
      cluster(body).AccessConfig.AuthenticationMode = 'API_AND_CONFIG_MAP';
    },
  ],
  [
    'A-EKS-07',
    'the creator',
    (body) => {
      cluster(body).AccessConfig.BootstrapClusterCreatorAdminPermissions = true;
    },
  ],
  [
    'A-EKS-08',
    'nobody',
    (body) => {
      for (const [id, { Type }] of Object.entries(body.Resources)) if (Type === 'AWS::EKS::AccessEntry') delete body.Resources[id];
    },
  ],
  [
    'A-EKS-09',
    'a user',
    (body) => {
      properties(body, 'AWS::EKS::AccessEntry').PrincipalArn = 'arn:aws:iam::111122223333:user/jo';
    },
  ],
  [
    'A-EKS-10',
    'an editor of everything',
    (body) => {
      properties(body, 'AWS::EKS::AccessEntry').AccessPolicies[0].PolicyArn = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy';
    },
  ],
  [
    'A-EKS-11',
    'no protection',
    (body) => {
      cluster(body).DeletionProtection = false;
    },
  ],
  [
    'A-EKS-12',
    'extended support',
    (body) => {
      cluster(body).UpgradePolicy.SupportType = 'EXTENDED';
    },
  ],
  [
    'A-EKS-12',
    'an old version',
    (body) => {
      cluster(body).Version = '1.32';
    },
  ],
  [
    'A-EKS-13',
    'add-ons of EKS',
    (body) => {
      cluster(body).BootstrapSelfManagedAddons = true;
    },
  ],
  [
    'A-EKS-14',
    'nodes that wait for nothing',
    (body) => {
      delete one(body, 'AWS::EKS::Nodegroup').DependsOn;
    },
  ],
  [
    'A-EKS-15',
    'a late log group',
    (body) => {
      delete one(body, 'AWS::EKS::Cluster').DependsOn;
    },
  ],
  [
    'A-EKS-15',
    'DNS that waits for no node',
    (body) => {
      delete addOn(body, 'coredns').DependsOn;
    },
  ],
  [
    'A-EKS-16',
    'policies that nobody enforces',
    (body) => {
      addOn(body, 'vpc-cni').Properties.ConfigurationValues = '{}';
    },
  ],
  [
    'A-EKS-17',
    'the node role for volumes',
    (body) => {
      delete addOn(body, 'aws-ebs-csi-driver').Properties.PodIdentityAssociations;
    },
  ],
  [
    'A-EKS-18',
    'a function that applies manifests',
    (body) => {
      body.Resources.Manifest = { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { Manifest: '[]' } };
    },
  ],
  [
    'A-EKS-19',
    'a public subnet',
    (body) => {
      cluster(body).ResourcesVpcConfig.SubnetIds[0] = { Ref: subnet(body, /Public0/) };
    },
  ],
  [
    'A-EKS-20',
    'no version',
    (body) => {
      delete addOn(body, 'coredns').Properties.AddonVersion;
    },
  ],
  [
    'A-NOD-01',
    'another system',
    (body) => {
      nodes(body).AmiType = 'AL2023_x86_64_STANDARD';
    },
  ],
  [
    'A-NOD-02',
    'IMDSv1',
    (body) => {
      launch(body).MetadataOptions.HttpTokens = 'optional';
    },
  ],
  [
    'A-NOD-03',
    'two hops',
    (body) => {
      launch(body).MetadataOptions.HttpPutResponseHopLimit = 2;
    },
  ],
  [
    'A-NOD-04',
    'a plain volume',
    (body) => {
      launch(body).BlockDeviceMappings[1].Ebs.Encrypted = false;
    },
  ],
  [
    'A-NOD-05',
    'a key pair',
    (body) => {
      launch(body).KeyName = 'ops';
    },
  ],
  [
    'A-NOD-06',
    'a public address',
    (body) => {
      launch(body).NetworkInterfaces[0].AssociatePublicIpAddress = true;
    },
  ],
  ['A-NOD-07', 'an open kernel', (body) => userData(body, '"integrity"', '"none"')],
  ['A-NOD-07', 'the admin container', (body) => userData(body, /(admin\]\n)enabled = false/, '$1enabled = true')],
  ['A-NOD-07', 'no seccomp profile', (body) => userData(body, 'seccomp-default = true', 'seccomp-default = false')],
  ['A-NOD-07', 'no limit of processes', (body) => userData(body, /pod-pids-limit = \d+\n/, '')],
  ['A-NOD-07', 'certificates that stay', (body) => userData(body, 'server-tls-bootstrap = true', 'server-tls-bootstrap = false')],
  [
    'A-NOD-08',
    'the CNI policy',
    (body) => {
      properties(body, 'AWS::IAM::Role', /Nodes0Role/).ManagedPolicyArns.push('arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy');
    },
  ],
  [
    'A-NOD-09',
    'forced updates',
    (body) => {
      nodes(body).ForceUpdateEnabled = true;
    },
  ],
  [
    'A-NOD-10',
    'no launch template',
    (body) => {
      delete nodes(body).LaunchTemplate;
    },
  ],
  [
    'A-NOD-11',
    'no repair',
    (body) => {
      nodes(body).NodeRepairConfig.Enabled = false;
    },
  ],
  [
    'A-NOD-12',
    'the group of EKS',
    (body) => {
      launch(body).NetworkInterfaces[0].Groups.push({
        'Fn::GetAtt': [Object.keys(body.Resources).find((id) => body.Resources[id].Type === 'AWS::EKS::Cluster'), 'ClusterSecurityGroupId'],
      });
    },
  ],
  [
    'A-FGT-01',
    'a profile in a public subnet',
    (body) => {
      body.Resources.Profile = { Type: 'AWS::EKS::FargateProfile', Properties: { Subnets: [{ Ref: subnet(body, /Public0/) }] } };
    },
  ],
  [
    'A-FGT-02',
    'a role for every cluster',
    (body) => {
      body.Resources.Pods = {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'eks-fargate-pods.amazonaws.com' } }],
          },
        },
      };
    },
  ],
  [
    'A-FGT-03',
    'a whole namespace',
    (body) => {
      body.Resources.Profile = { Type: 'AWS::EKS::FargateProfile', Properties: { Selectors: [{ Namespace: 'shop' }] } };
    },
  ],
  [
    'A-IAM-01',
    'every service account',
    (body) => {
      const role = Object.values(body.Resources).find(
        ({ Type, Properties }) => Type === 'AWS::IAM::Role' && Properties.AssumeRolePolicyDocument['Fn::Sub'] !== undefined,
      ) as Open;
      const sub = role.Properties.AssumeRolePolicyDocument['Fn::Sub'];
      sub[0] = sub[0].replace(/,?"\$\{Issuer\}:sub":"[^"]*"/, '');
    },
  ],
  [
    'A-IAM-02',
    'any namespace',
    (body) => {
      const role = Object.values(body.Resources).find(
        ({ Type, Properties }) =>
          Type === 'AWS::IAM::Role' && JSON.stringify(Properties.AssumeRolePolicyDocument).includes('kubernetes-namespace'),
      ) as Open;
      delete role.Properties.AssumeRolePolicyDocument.Statement[0].Condition.StringEquals['aws:RequestTag/kubernetes-namespace'];
    },
  ],
  [
    'A-IAM-03',
    'two accounts',
    (body) => {
      const first = properties(body, 'AWS::EKS::PodIdentityAssociation');
      body.Resources.Second = { Type: 'AWS::EKS::PodIdentityAssociation', Properties: { ...first, ServiceAccount: 'other' } };
    },
  ],
  [
    'A-IAM-04',
    'everything',
    (body) =>
      statement(body, /./, (found) => {
        found.Action = '*';
        found.Resource = '*';
      }),
  ],
  [
    'A-IAM-05',
    'a service',
    (body) =>
      statement(body, /./, (found) => {
        found.Action = 's3:*';
      }),
  ],
  [
    'A-IAM-06',
    'any policy',
    (body) =>
      statement(body, /./, (found) => {
        found.Action = 'iam:PutRolePolicy';
        found.Resource = '*';
      }),
  ],
  [
    'A-IAM-07',
    'every key',
    (body) =>
      statement(body, /./, (found) => {
        found.Action = ['kms:Decrypt'];
        found.Resource = '*';
      }),
  ],
  [
    'A-IAM-08',
    'no tags',
    (body) => {
      properties(body, 'AWS::EKS::PodIdentityAssociation').DisableSessionTags = true;
    },
  ],
  [
    'A-IAM-09',
    'every branch',
    (body) => {
      body.Resources.Pipeline = {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRoleWithWebIdentity',
                Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
                Condition: {
                  StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
                  StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/platform:*' },
                },
              },
            ],
          },
        },
      };
    },
  ],
  [
    'A-IAM-10',
    'a user',
    (body) => {
      body.Resources.Jo = { Type: 'AWS::IAM::User' };
    },
  ],
  [
    'A-VPC-01',
    'rejected traffic alone',
    (body) => {
      properties(body, 'AWS::EC2::FlowLog').TrafficType = 'REJECT';
    },
  ],
  [
    'A-VPC-02',
    'public addresses',
    (body) => {
      properties(body, 'AWS::EC2::Subnet', /Public0/).MapPublicIpOnLaunch = true;
    },
  ],
  [
    'A-VPC-03',
    'an open port',
    (body) => {
      const rule = properties(body, 'AWS::EC2::SecurityGroupIngress');
      delete rule.SourceSecurityGroupId;
      rule.CidrIp = '0.0.0.0/0';
    },
  ],
  [
    'A-VPC-04',
    'remote login',
    (body) => {
      Object.assign(properties(body, 'AWS::EC2::SecurityGroupIngress'), { CidrIp: '0.0.0.0/0', FromPort: '20', ToPort: '25' });
    },
  ],
  [
    'A-VPC-04',
    'remote login by a network ACL',
    (body) => {
      body.Resources.Entry = {
        Type: 'AWS::EC2::NetworkAclEntry',
        Properties: { CidrBlock: '0.0.0.0/0', Protocol: -1, RuleAction: 'allow', RuleNumber: 90, NetworkAclId: 'acl-1' },
      };
    },
  ],
  [
    'A-VPC-05',
    'everything out',
    (body) => {
      Object.assign(properties(body, 'AWS::EC2::SecurityGroupEgress'), { CidrIp: '0.0.0.0/0', IpProtocol: '-1' });
    },
  ],
  [
    'A-VPC-06',
    'a subnet without ACL',
    (body) => {
      const id = Object.keys(body.Resources).find((key) => body.Resources[key].Type === 'AWS::EC2::SubnetNetworkAclAssociation') as string;
      delete body.Resources[id];
    },
  ],
  [
    'A-VPC-07',
    'no policy',
    (body) => {
      delete properties(body, 'AWS::EC2::VPCEndpoint').PolicyDocument;
    },
  ],
  [
    'A-VPC-07',
    'names that lead outside',
    (body) => {
      properties(body, 'AWS::EC2::VPCEndpoint').PrivateDnsEnabled = false;
    },
  ],
  [
    'A-VPC-08',
    'the default group',
    (body) => {
      const vpc = Object.keys(body.Resources).find((id) => body.Resources[id].Type === 'AWS::EC2::VPC');
      launch(body).NetworkInterfaces[0].Groups.push({ 'Fn::GetAtt': [vpc, 'DefaultSecurityGroup'] });
    },
  ],
  [
    'A-VPC-09',
    'any zone',
    (body) => {
      const found = properties(body, 'AWS::EC2::Subnet');
      delete found.AvailabilityZoneId;
      found.AvailabilityZone = { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] };
    },
  ],
  [
    'A-VPC-10',
    'one zone',
    (body) => {
      for (const { Type, Properties } of Object.values(body.Resources))
        if (Type === 'AWS::EC2::Subnet') Properties.AvailabilityZoneId = 'euw1-az1';
    },
  ],
  [
    'A-VPC-11',
    'a way out',
    (body) => {
      const table = Object.keys(body.Resources).find((id) => /Isolated0Table/.test(id));
      body.Resources.Out = { Type: 'AWS::EC2::Route', Properties: { ...route(body, /Private0/).Properties, RouteTableId: { Ref: table } } };
    },
  ],
  [
    'A-KMS-01',
    'no rotation',
    (body) => {
      properties(body, 'AWS::KMS::Key').EnableKeyRotation = false;
    },
  ],
  [
    'A-KMS-02',
    'everyone',
    (body) => {
      delete keyStatement(body, 'AutoScalingUse').Condition;
    },
  ],
  [
    'A-KMS-03',
    'use by administrators',
    (body) => {
      keyStatement(body, 'Administration').Action.push('kms:Decrypt');
    },
  ],
  [
    'A-KMS-04',
    'logs of everyone',
    (body) => {
      delete keyStatement(body, 'CloudWatchLogs').Condition;
    },
  ],
  [
    'A-KMS-05',
    'a key that goes',
    (body) => {
      one(body, 'AWS::KMS::Key').DeletionPolicy = 'Delete';
    },
  ],
  [
    'A-ECR-01',
    'tags that move',
    (body) => {
      properties(body, 'AWS::ECR::Repository').ImageTagMutability = 'MUTABLE';
    },
  ],
  [
    'A-ECR-02',
    'no scan',
    (body) => {
      properties(body, 'AWS::ECR::Repository').ImageScanningConfiguration.ScanOnPush = false;
    },
  ],
  [
    'A-ECR-03',
    'the key of AWS',
    (body) => {
      delete properties(body, 'AWS::ECR::Repository').EncryptionConfiguration.KmsKey;
    },
  ],
  [
    'A-ECR-04',
    'images for ever',
    (body) => {
      delete properties(body, 'AWS::ECR::Repository').LifecyclePolicy;
    },
  ],
  [
    'A-ECR-05',
    'everyone',
    (body) => {
      properties(body, 'AWS::ECR::Repository').RepositoryPolicyText = {
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
      };
    },
  ],
  [
    'A-ECR-06',
    'no rule',
    (body) => {
      body.Resources.Signing = { Type: 'AWS::ECR::SigningConfiguration', Properties: { Rules: [] } };
    },
  ],
  [
    'A-ECR-07',
    'an unknown upstream',
    (body) => {
      body.Resources.Upstream = { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { UpstreamRegistryUrl: 'registry.example.com' } };
    },
  ],
  [
    'A-S3-01',
    'a public bucket',
    (body) => {
      properties(body, 'AWS::S3::Bucket').PublicAccessBlockConfiguration.BlockPublicPolicy = false;
    },
  ],
  [
    'A-S3-02',
    'plain HTTP',
    (body) => {
      properties(body, 'AWS::S3::BucketPolicy').PolicyDocument.Statement.shift();
    },
  ],
  [
    'A-S3-03',
    'the key of S3',
    (body) => {
      properties(
        body,
        'AWS::S3::Bucket',
        /Statements/,
      ).BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault = { SSEAlgorithm: 'AES256' };
    },
  ],
  [
    'A-S3-04',
    'one version',
    (body) => {
      delete properties(body, 'AWS::S3::Bucket').VersioningConfiguration;
    },
  ],
  [
    'A-S3-05',
    'no access logs',
    (body) => {
      delete properties(body, 'AWS::S3::Bucket', /Statements/).LoggingConfiguration;
    },
  ],
  [
    'A-SEC-03',
    'a password',
    (body) => {
      body.Resources.Database = { Type: 'AWS::RDS::DBInstance', Properties: { MasterUserPassword: 'correct-horse' } };
    },
  ],
  [
    'A-PAR-01',
    'a partition',
    (body) => {
      properties(body, 'AWS::IAM::Role').ManagedPolicyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess'];
    },
  ],
];

/** What a control says of a template: its failures. */
function failures(id: string, template: Body): readonly string[] {
  const controls = allControls.filter((control) => control.id === id);
  const { judgements } = audit(inventoryOf({ template: template as unknown as JsonObject }), { controls, kubernetes: '1.35', asOf: AS_OF });
  return judgements.filter(({ verdict }) => verdict === 'fail').map(({ message }) => String(message));
}

test('every control of templates has a planted fault', () => {
  const planted = new Set(FAULTS.map(([id]) => id));
  const joined = /^A-JON-/;
  expect(allControls.map(({ id }) => id).filter((id) => id.startsWith('A-') && !joined.test(id) && !planted.has(id))).toEqual([]);
});

test.each(FAULTS)('%s sees %s', (id, _, plant) => {
  expect(failures(id, finished)).toEqual([]);
  const body = structuredClone(finished);
  plant(body);
  expect(failures(id, body)).not.toEqual([]);
});
