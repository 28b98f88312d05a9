import { App, Aspects, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as aws from '../../lib/aws';
import { Decision, Exemption } from '../../lib/controls/acceptance';
import { ACCEPTANCE_METADATA } from '../../lib/controls/acceptance-record';
import { only, type Resource, resources, scene, stackIn, thrown } from './scene';

const { stack, cluster, network } = scene();
const eks = only(stack, 'AWS::EKS::Cluster');

describe('a cluster by default', () => {
  test.each<[string, object]>([
    ['A-EKS-01 is not reachable from the internet', { ResourcesVpcConfig: { EndpointPublicAccess: false } }],
    ['A-EKS-02 is reachable from the network', { ResourcesVpcConfig: { EndpointPrivateAccess: true } }],
    ['A-EKS-06 takes access entries only', { AccessConfig: { AuthenticationMode: 'API' } }],
    ['A-EKS-07 gives its creator nothing', { AccessConfig: { BootstrapClusterCreatorAdminPermissions: false } }],
    ['A-EKS-11 refuses to be deleted', { DeletionProtection: true }],
    ['A-EKS-12 stays in standard support', { UpgradePolicy: { SupportType: 'STANDARD' }, Version: '1.35' }],
    ['A-EKS-13 bootstraps no self-managed add-ons', { BootstrapSelfManagedAddons: false }],
  ])('%s', (_, properties) => {
    expect(eks.Properties).toMatchObject(properties);
  });

  test('A-EKS-03 writes all five logs', () => {
    const types = eks.Properties.Logging.ClusterLogging.EnabledTypes.map((type: { Type: string }) => type.Type);
    expect(types).toEqual(['api', 'audit', 'authenticator', 'controllerManager', 'scheduler']);
  });

  test('A-EKS-04 writes them into an encrypted group of a year that exists first', () => {
    const group = resources(stack, 'AWS::Logs::LogGroup').find(
      (one) => one.Properties.LogGroupName === '/aws/eks/platform-cluster/cluster',
    ) as Resource;
    expect(group.Properties.RetentionInDays).toBe(365);
    expect(group.Properties.KmsKeyId).toEqual(stack.resolve(network.logKey.keyArn));
    expect(group.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(eks.DependsOn).toContain(group.id);
  });

  test('A-EKS-05 encrypts API data with its own key, on which its role and its creator may work', () => {
    expect(eks.Properties.EncryptionConfig).toEqual([
      { Provider: { KeyArn: stack.resolve(cluster.dataKey.keyArn) }, Resources: ['secrets'] },
    ]);
    const policy = resources(stack, 'AWS::IAM::Policy').find((one) => eks.DependsOn?.includes(one.id)) as Resource;
    expect(policy.Properties.PolicyDocument.Statement[0]).toMatchObject({
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:ListGrants'],
      Resource: stack.resolve(cluster.dataKey.keyArn),
    });
    const key = resources(stack, 'AWS::KMS::Key').find(
      ({ Properties }) => Properties.Description === 'API data of platform-cluster',
    ) as Resource;
    // With a condition on the grant, EKS refuses to create the cluster.
    const grants = key.Properties.KeyPolicy.Statement.filter(
      (one: { Action: string; Condition?: object }) => one.Action === 'kms:CreateGrant' && one.Condition === undefined,
    );
    expect(grants).toHaveLength(1);
  });

  test('A-EKS-08 has its administrators as access entries for the whole cluster', () => {
    const entry = only(stack, 'AWS::EKS::AccessEntry');
    expect(entry.Properties.AccessPolicies[0].AccessScope).toEqual({ Type: 'cluster' });
    expect(JSON.stringify(entry.Properties.AccessPolicies[0].PolicyArn)).toContain(
      ':eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
    );
    expect(JSON.stringify(entry.Properties.PrincipalArn)).toContain(':iam::111122223333:role/platform-admins');
  });

  test('A-EKS-18 brings no kubectl, no lambda and no custom resource', () => {
    const types = Object.values(Template.fromStack(stack).toJSON().Resources as { [id: string]: Resource }).map(
      (resource) => resource.Type,
    );
    expect(types.filter((type) => /^Custom|CustomResource|Lambda|SSM|CodeBuild/.test(type))).toEqual([]);
    expect(types).toContain('AWS::EKS::Cluster');
  });

  test('A-EKS-19 has its interfaces in the isolated tier, in a group of our own', () => {
    const { SubnetIds, SecurityGroupIds } = eks.Properties.ResourcesVpcConfig;
    expect(SubnetIds).toEqual(network.isolatedSubnets.map((subnet) => stack.resolve(subnet.subnetId)));
    expect(SecurityGroupIds).toEqual([stack.resolve(cluster.controlPlaneSecurityGroup.securityGroupId)]);
  });

  test('its role can be used by this cluster alone', () => {
    const role = resources(stack, 'AWS::IAM::Role').find(({ id }) => id === eks.Properties.RoleArn['Fn::GetAtt'][0]) as Resource;
    const [statement] = role.Properties.AssumeRolePolicyDocument.Statement;
    expect(statement.Condition.StringEquals).toEqual({ 'aws:SourceAccount': '111122223333' });
    expect(JSON.stringify(statement.Condition.ArnLike)).toContain(':eks:eu-west-1:111122223333:cluster/platform-cluster');
  });

  test('leaves no warning', () => {
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
  });
});

describe('add-ons', () => {
  const addOns = resources(stack, 'AWS::EKS::Addon');
  const named = (name: string) => addOns.find((one) => one.Properties.AddonName === name) as Resource;
  const nodes = only(stack, 'AWS::EKS::Nodegroup');

  test('six, which take over what is there', () => {
    expect(addOns.map((one) => one.Properties.AddonName)).toEqual([
      'eks-pod-identity-agent',
      'vpc-cni',
      'kube-proxy',
      'coredns',
      'aws-ebs-csi-driver',
      'metrics-server',
    ]);
    for (const { Properties } of addOns) expect(Properties).toMatchObject({ ResolveConflicts: 'OVERWRITE', ClusterName: { Ref: eks.id } });
  });

  test('A-EKS-14 agent before network, both and the proxy before nodes', () => {
    expect(named('vpc-cni').DependsOn).toEqual([named('eks-pod-identity-agent').id]);
    for (const name of ['eks-pod-identity-agent', 'vpc-cni', 'kube-proxy']) expect(nodes.DependsOn).toContain(named(name).id);
  });

  test('A-EKS-15 ordinary pods after nodes; endpoints, routes and rules before them', () => {
    for (const name of ['coredns', 'aws-ebs-csi-driver', 'metrics-server']) expect(named(name).DependsOn).toEqual([nodes.id]);
    const ids = (type: string, matching: (one: Resource) => boolean = () => true) =>
      resources(stack, type)
        .filter(matching)
        .map(({ id }) => id);
    expect(nodes.DependsOn).toEqual(expect.arrayContaining(ids('AWS::EC2::VPCEndpoint')));
    expect(nodes.DependsOn).toEqual(expect.arrayContaining(ids('AWS::EC2::Route')));
    expect(nodes.DependsOn).toEqual(
      expect.arrayContaining(ids('AWS::EC2::SubnetRouteTableAssociation', ({ id }) => id.includes('Private'))),
    );
    expect(nodes.DependsOn).toEqual(
      expect.arrayContaining([...ids('AWS::EC2::SecurityGroupIngress'), ...ids('AWS::EC2::SecurityGroupEgress')]),
    );
  });

  test('A-EKS-16 the network add-on enforces NetworkPolicies', () => {
    expect(JSON.parse(named('vpc-cni').Properties.ConfigurationValues)).toEqual({ enableNetworkPolicy: 'true' });
  });

  test.each([
    ['vpc-cni', 'aws-node', 'AmazonEKS_CNI_Policy'],
    ['aws-ebs-csi-driver', 'ebs-csi-controller-sa', 'service-role/AmazonEBSCSIDriverPolicy'],
  ])('A-EKS-17 %s has a role of its own, for its service account alone', (name, serviceAccount, policy) => {
    const [association] = named(name).Properties.PodIdentityAssociations;
    expect(association.ServiceAccount).toBe(serviceAccount);
    const role = resources(stack, 'AWS::IAM::Role').find(({ id }) => id === association.RoleArn['Fn::GetAtt'][0]) as Resource;
    const [trust] = role.Properties.AssumeRolePolicyDocument.Statement;
    expect(trust).toMatchObject({ Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: { Service: 'pods.eks.amazonaws.com' } });
    expect(trust.Condition.StringEquals).toMatchObject({
      'aws:SourceAccount': '111122223333',
      'aws:RequestTag/kubernetes-namespace': 'kube-system',
      'aws:RequestTag/kubernetes-service-account': serviceAccount,
    });
    expect(JSON.stringify(role.Properties.ManagedPolicyArns)).toContain(`:iam::aws:policy/${policy}`);
  });

  test('the volumes of claims are encrypted with the key of volumes', () => {
    const policy = resources(stack, 'AWS::IAM::Policy').find(({ id }) => id.includes('EbsCsi')) as Resource;
    for (const statement of policy.Properties.PolicyDocument.Statement)
      expect(statement.Resource).toEqual(stack.resolve(cluster.volumeKey.keyArn));
  });

  test('without nodes, what needs nodes is not made; the first group brings it', () => {
    const bare = scene({ cluster: { nodeGroups: [] } });
    expect(resources(bare.stack, 'AWS::EKS::Addon').map((one) => one.Properties.AddonName)).toEqual([
      'eks-pod-identity-agent',
      'vpc-cni',
      'kube-proxy',
    ]);
    const later = scene({ cluster: { nodeGroups: [] } });
    later.cluster.addNodeGroup('General');
    later.cluster.addNodeGroup('Arm', { instanceTypes: ['m7g.large'] });
    const groups = resources(later.stack, 'AWS::EKS::Nodegroup').map(({ id }) => id);
    expect(resources(later.stack, 'AWS::EKS::Addon')).toHaveLength(6);
    expect(resources(later.stack, 'AWS::EKS::Addon')[3].DependsOn?.sort()).toEqual(groups.sort());
  });
});

describe('flows of a cluster', () => {
  const flow = (name: string) => network.flows.filter((one) => one.name.startsWith(`platform-cluster-${name}`));
  test('the control plane reaches kubelets, webhooks and the metrics server', () => {
    expect([...flow('kubelet'), ...flow('webhook')].map((one) => one.ports)).toEqual(['10250', '443', '4443', '8443', '9443', '10251']);
  });
  test('pods share a group, all TCP and UDP of it', () => {
    expect(flow('nodes').map((one) => [one.protocol, one.ports])).toEqual([
      ['TCP', '0-65535'],
      ['UDP', '0-65535'],
    ]);
  });
  test('each flow between groups is a rule on both', () => {
    const port = (rule: Resource) => `${rule.Properties.FromPort}-${rule.Properties.ToPort}-${rule.Properties.IpProtocol}`;
    const into = resources(stack, 'AWS::EC2::SecurityGroupIngress').map(port).sort();
    expect(resources(stack, 'AWS::EC2::SecurityGroupEgress').map(port).sort()).toEqual(into);
  });
  test('the group that EKS makes is nowhere attached', () => {
    expect(JSON.stringify(resources(stack, 'AWS::EC2::LaunchTemplate'))).not.toContain('ClusterSecurityGroupId');
  });
});

describe('endpoint', () => {
  const decision = () => new Decision({ owner: 'platform-team', reason: 'contractors deploy from the office', review: '2027-05-31' });
  const vpcConfig = (endpoint: aws.Endpoint) =>
    only(scene({ cluster: { endpoint } }).stack, 'AWS::EKS::Cluster').Properties.ResourcesVpcConfig;
  const path = process.env.BULWARK_AS_OF;
  beforeAll(() => {
    process.env.BULWARK_AS_OF = '2026-11-01';
  });
  afterAll(() => {
    if (path === undefined) delete process.env.BULWARK_AS_OF;
    else process.env.BULWARK_AS_OF = path;
  });

  test('from ranges by decision, which travels with the cluster', () => {
    const open = scene({ cluster: { endpoint: aws.Endpoint.publicFrom(['203.0.113.0/24'], decision()) } });
    expect(only(open.stack, 'AWS::EKS::Cluster').Properties.ResourcesVpcConfig).toMatchObject({
      EndpointPublicAccess: true,
      EndpointPrivateAccess: true,
      PublicAccessCidrs: ['203.0.113.0/24'],
    });
    const [record] = open.cluster.node.metadata.filter((entry) => entry.type === ACCEPTANCE_METADATA);
    expect(record.data).toMatchObject({ kind: 'decision', control: 'A-EKS-01', owner: 'platform-team', until: '2027-05-31' });
  });

  test.each([['0.0.0.0/0'], ['::/0']])('never from %s by decision', (cidr) => {
    expect(thrown(() => aws.Endpoint.publicFrom([cidr], decision()))).toBe(
      `EndpointOpen: the range '${cidr}' is the whole internet; list your egress ranges, or use publicFromAnywhere with an exemption (EndpointOpen)`,
    );
  });

  test('an empty list, which EKS reads as everywhere, and words that are no range', () => {
    expect(thrown(() => aws.Endpoint.publicFrom([], decision()))).toMatch(/^CidrInvalid: the list of ranges is empty/);
    expect(thrown(() => aws.Endpoint.publicFrom(['office'], decision()))).toBe(
      "CidrInvalid: 'office' is no address range; write it as 203.0.113.0/24 (CidrInvalid)",
    );
  });

  test.each([['999.0.0.0/8'], ['203.0.113.0/33'], ['203.0.113.0/24 '], ['10.0.0.0/8'], ['192.168.0.0/16']])(
    '%s is not a range of the internet',
    (cidr) => {
      expect(thrown(() => aws.Endpoint.publicFrom([cidr], decision()))).toMatch(/^CidrInvalid/);
    },
  );

  test.each([['0.0.0.0/1'], ['128.0.0.0/1'], ['64.0.0.0/4'], ['2000::/3']])('%s is as good as everywhere', (cidr) => {
    expect(thrown(() => aws.Endpoint.publicFrom([cidr], decision()))).toMatch(/^EndpointOpen/);
  });

  test('from everywhere only by exemption', () => {
    const exemption = new Exemption({ owner: 'platform-team', reason: 'a demonstration', until: '2026-12-01' });
    expect(vpcConfig(aws.Endpoint.publicFromAnywhere(exemption)).PublicAccessCidrs).toEqual(['0.0.0.0/0']);
    const open = scene({ cluster: { endpoint: aws.Endpoint.publicFromAnywhere(exemption) } });
    expect(open.cluster.node.metadata.find((entry) => entry.type === ACCEPTANCE_METADATA)?.data).toMatchObject({
      kind: 'exemption',
      control: 'A-EKS-01',
    });
  });
});

describe('life cycle', () => {
  test.each<[string, () => aws.Lifecycle, boolean, string, number]>([
    ['production', () => aws.Lifecycle.production(), true, 'RetainExceptOnCreate', 30],
    ['staging', () => aws.Lifecycle.staging(), false, 'RetainExceptOnCreate', 30],
    ['ephemeral', () => aws.Lifecycle.ephemeral(), false, 'Delete', 7],
  ])('%s', (stage, lifecycle, protection, policy, days) => {
    expect(lifecycle().stage).toBe(stage);
    const { stack: of } = scene({ network: { lifecycle: lifecycle() }, cluster: { lifecycle: lifecycle() } });
    expect(only(of, 'AWS::EKS::Cluster').Properties.DeletionProtection).toBe(protection);
    for (const key of resources(of, 'AWS::KMS::Key'))
      expect([key.DeletionPolicy, key.Properties.PendingWindowInDays]).toEqual([policy, days]);
    for (const group of resources(of, 'AWS::Logs::LogGroup')) expect(group.DeletionPolicy).toBe(policy);
  });
});

describe('administrators', () => {
  const attempt = (...arns: string[]) =>
    thrown(() => scene({ admins: (of) => arns.map((arn, index) => Role.fromRoleArn(of, `Role${index}`, arn)) }));

  test('nobody is refused', () => {
    expect(attempt()).toBe(
      'NoAdministrator: [Platform/Cluster]: admins is empty, and with access entries nobody could ever enter the cluster; name the role of its administrators (NoAdministrator)',
    );
  });

  test('the same role twice is refused', () => {
    const arn = 'arn:aws:iam::111122223333:role/platform-admins';
    expect(attempt(arn, arn)).toBe(
      `AdministratorRefused: [Platform/Cluster]: the administrator '${arn}' is named twice, which EKS refuses; name it once (AdministratorRefused)`,
    );
  });

  test.each([['arn:aws:iam::111122223333:role/*'], ['arn:aws:iam::111122223333:user/alex'], ['arn:aws:iam::111122223333:root']])(
    '%s is refused',
    (arn) => {
      const of = stackIn();
      const principal = Object.create(Role.fromRoleName(of, 'Role', 'any'), { roleArn: { value: arn } });
      expect(thrown(() => scene({ stack: of, admins: () => [principal] }))).toBe(
        `AdministratorRefused: [Platform/Cluster]: the administrator '${arn}' is not one role; name a role that people assume (AdministratorRefused)`,
      );
    },
  );

  test('roles of this program and single sign-on roles with a path are welcome, and order changes no logical id', () => {
    const ids = (reverse: boolean) => {
      const { stack: of } = scene({
        admins: (inside) => {
          const roles = [
            new Role(inside, 'Own', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }),
            Role.fromRoleArn(
              inside,
              'Sso',
              'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admins_0123456789abcdef',
            ),
          ];
          return reverse ? roles.reverse() : roles;
        },
      });
      return resources(of, 'AWS::EKS::AccessEntry')
        .map((entry) => `${entry.id} ${JSON.stringify(entry.Properties.PrincipalArn)}`)
        .sort();
    };
    expect(ids(true)).toEqual(ids(false));
    expect(ids(false)).toHaveLength(2);
  });
});

describe('version', () => {
  test('one that EKS does not have', () => {
    expect(thrown(() => scene({ cluster: { version: KubernetesVersion.of('1.19') } }))).toMatch(
      /^KubernetesVersionUnknown: \[Platform\/Cluster\]: EKS has no Kubernetes version '1.19'; choose one of 1\.\d+(, 1\.\d+)+/,
    );
  });
  test('every supported one', () => {
    for (const version of ['1.31', '1.32', '1.33', '1.34', '1.35', '1.36']) {
      expect(thrown(() => scene({ cluster: { version: KubernetesVersion.of(version) } }))).toBe('nothing');
    }
  });
});

describe('name', () => {
  test('is stack and id, or given', () => {
    expect(cluster.clusterName).toBe('platform-cluster');
    expect(eks.Properties.Name).toBe('platform-cluster');
    expect(scene({ cluster: { clusterName: 'Prod_1' } }).cluster.clusterName).toBe('Prod_1');
  });

  test('is cut with a digest of the whole when it is long', () => {
    const name = (id: string) => scene({ stack: new Stack(new App(), id) }).cluster.clusterName;
    const long = 'AVeryLongNameOfAPlatformStackOfTheSecondGeneration';
    expect(name(`${long}1`)).toMatch(/^averylongnameofaplatformstackof-[0-9a-f]{8}$/);
    expect(name(`${long}1`)).toBe(name(`${long}1`));
    expect(name(`${long}1`)).not.toBe(name(`${long}2`));
  });

  test('is refused when EKS would refuse it, or when only deployment knows it', () => {
    expect(thrown(() => scene({ cluster: { clusterName: '-x' } }))).toBe(
      "ClusterNameInvalid: [Platform/Cluster]: clusterName is '-x'; give letters, digits, dashes and underscores, at most 100, as text (ClusterNameInvalid)",
    );
    const of = stackIn();
    expect(thrown(() => scene({ stack: of, cluster: { clusterName: of.formatArn({ service: 'x', resource: 'y' }) } }))).toMatch(
      /^ClusterNameInvalid: .*known only at deployment/,
    );
  });
});

test('aspects and tags of the user reach the resources', () => {
  const seen: string[] = [];
  const of = scene();
  Aspects.of(of.cluster).add({ visit: (node) => seen.push(node.node.path) });
  resources(of.stack, 'AWS::EKS::Cluster');
  expect(seen).toContain('Platform/Cluster/Nodes0/Nodes');
});
