import { NodegroupAmiType } from 'aws-cdk-lib/aws-eks-v2';
import type * as aws from '../../lib/aws';
import { only, type Resource, resources, scene, thrown } from './scene';

const { stack, cluster, network } = scene();
const nodes = only(stack, 'AWS::EKS::Nodegroup');
const template = only(stack, 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData;

function of(props: aws.NodeGroupProps) {
  return scene({ cluster: { nodeGroups: [props] } }).stack;
}

describe('nodes by default', () => {
  test('A-NOD-01 run Bottlerocket', () => {
    expect(nodes.Properties).toMatchObject({ AmiType: 'BOTTLEROCKET_x86_64', InstanceTypes: ['m6i.large'], CapacityType: 'ON_DEMAND' });
  });

  test('A-NOD-02 A-NOD-03 give out metadata by session, to the node and not to pods', () => {
    expect(template.MetadataOptions).toEqual({
      HttpEndpoint: 'enabled',
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 1,
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: 'disabled',
    });
  });

  test('A-NOD-04 encrypt both volumes with the key of volumes', () => {
    expect(template.BlockDeviceMappings.map((one: { DeviceName: string }) => one.DeviceName)).toEqual(['/dev/xvda', '/dev/xvdb']);
    for (const { Ebs } of template.BlockDeviceMappings) {
      expect(Ebs).toMatchObject({
        Encrypted: true,
        DeleteOnTermination: true,
        VolumeType: 'gp3',
        KmsKeyId: stack.resolve(cluster.volumeKey.keyArn),
      });
    }
  });

  test('the system volume is as large as its image, whatever that is', () => {
    expect(template.BlockDeviceMappings[0].Ebs.VolumeSize).toBeUndefined();
    expect(template.BlockDeviceMappings[1].Ebs.VolumeSize).toBe(50);
  });

  test('the key lets Auto Scaling start them, by condition on its service-linked role', () => {
    const key = resources(stack, 'AWS::KMS::Key').find(
      ({ Properties }) => Properties.Description === 'volumes of platform-cluster',
    ) as Resource;
    const [use, grants] = key.Properties.KeyPolicy.Statement.filter((one: { Sid: string }) => one.Sid.startsWith('AutoScaling'));
    for (const statement of [use, grants]) {
      expect(statement.Condition.StringEquals).toEqual({ 'kms:CallerAccount': '111122223333' });
      expect(JSON.stringify(statement.Condition.ArnEquals)).toContain(
        ':iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
      );
    }
    expect(grants).toMatchObject({ Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } });
  });

  test('A-NOD-05 cannot be logged in to', () => {
    expect(nodes.Properties.RemoteAccess).toBeUndefined();
    expect(template.KeyName).toBeUndefined();
  });

  test('A-NOD-06 A-NOD-12 have no public address, stand in the private tier, in our group alone', () => {
    expect(template.NetworkInterfaces).toEqual([
      {
        DeviceIndex: 0,
        AssociatePublicIpAddress: false,
        DeleteOnTermination: true,
        Groups: [stack.resolve(cluster.nodeSecurityGroup.securityGroupId)],
      },
    ]);
    // EC2 refuses both lists in one template.
    expect(template.SecurityGroupIds).toBeUndefined();
    expect(nodes.Properties.Subnets).toEqual(network.privateSubnets.map((subnet) => stack.resolve(subnet.subnetId)));
  });

  test('A-NOD-07 have hardened settings', () => {
    const toml: string = template.UserData['Fn::Base64'];
    expect(sections(toml)).toEqual({
      'settings.kernel': { lockdown: '"integrity"' },
      'settings.host-containers.admin': { enabled: 'false' },
      'settings.host-containers.control': { enabled: 'false' },
      'settings.kubernetes': { 'seccomp-default': 'true', 'pod-pids-limit': '1024', 'event-qps': '50', 'server-tls-bootstrap': 'true' },
    });
  });

  test('A-NOD-08 may join the cluster and pull images', () => {
    const role = resources(stack, 'AWS::IAM::Role').find(({ id }) => id === nodes.Properties.NodeRole['Fn::GetAtt'][0]) as Resource;
    const names = role.Properties.ManagedPolicyArns.map((arn: object) => JSON.stringify(arn).match(/policy\/([A-Za-z0-9_]+)/)?.[1]);
    expect(names).toEqual(['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly']);
    expect(resources(stack, 'AWS::IAM::Policy').filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role.id))).toEqual([]);
  });

  test('A-NOD-09 A-NOD-11 are replaced a third at a time, by the budgets of pods, and repaired', () => {
    expect(nodes.Properties).toMatchObject({
      ForceUpdateEnabled: false,
      UpdateConfig: { MaxUnavailablePercentage: 33 },
      NodeRepairConfig: { Enabled: true },
    });
  });

  test('A-NOD-10 follow the newest version of their own template', () => {
    const { id } = only(stack, 'AWS::EC2::LaunchTemplate');
    expect(nodes.Properties.LaunchTemplate).toEqual({ Id: { Ref: id }, Version: { 'Fn::GetAtt': [id, 'LatestVersionNumber'] } });
  });

  test('only the group itself waits: its role and template are made at once', () => {
    expect(only(stack, 'AWS::EC2::LaunchTemplate').DependsOn).toBeUndefined();
    expect(nodes.DependsOn?.length).toBeGreaterThan(20);
  });
});

describe('nodes by choice', () => {
  test('arm64 has its own instance type', () => {
    const chosen = only(of({ amiType: NodegroupAmiType.BOTTLEROCKET_ARM_64 }), 'AWS::EKS::Nodegroup').Properties;
    expect(chosen).toMatchObject({ AmiType: 'BOTTLEROCKET_ARM_64', InstanceTypes: ['m6g.large'] });
  });

  test.each(Object.values(NodegroupAmiType))('%s is taken if it is Bottlerocket', (amiType) => {
    const attempt = () => of({ amiType });
    if (!amiType.startsWith('BOTTLEROCKET')) return expect(thrown(attempt)).toMatch(/^AmiUnsupported/);
    const { AmiType, InstanceTypes } = only(attempt(), 'AWS::EKS::Nodegroup').Properties;
    return expect([AmiType, InstanceTypes]).toEqual([amiType, [amiType.includes('ARM') ? 'm6g.large' : 'm6i.large']]);
  });

  test('every group has a role and a template of its own, and the same hardening', () => {
    const pair = scene({ cluster: { nodeGroups: [{}, { instanceTypes: ['c7g.large'], maxSize: 20 }] } });
    const groups = resources(pair.stack, 'AWS::EKS::Nodegroup').map(({ Properties }) => Properties);
    expect(new Set(groups.map(({ NodeRole }) => JSON.stringify(NodeRole))).size).toBe(2);
    expect(new Set(groups.map(({ LaunchTemplate }) => LaunchTemplate.Id.Ref)).size).toBe(2);
    const [first, second] = resources(pair.stack, 'AWS::EC2::LaunchTemplate').map(({ Properties }) => {
      const { TagSpecifications: _, ...data } = Properties.LaunchTemplateData;
      return data;
    });
    expect(second).toEqual(first);
  });

  test('sizes, instance types and limits', () => {
    const chosen = of({ minSize: 3, maxSize: 9, instanceTypes: ['c7i.xlarge'], dataVolumeGib: 200, podPidsLimit: 256 });
    expect(only(chosen, 'AWS::EKS::Nodegroup').Properties).toMatchObject({
      ScalingConfig: { MinSize: 3, MaxSize: 9, DesiredSize: 3 },
      InstanceTypes: ['c7i.xlarge'],
    });
    const data = only(chosen, 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData;
    expect(data.BlockDeviceMappings[1].Ebs.VolumeSize).toBe(200);
    expect(data.UserData['Fn::Base64']).toContain('pod-pids-limit = 256\n');
  });

  test.each([
    [NodegroupAmiType.AL2_X86_64, 'Amazon Linux 2 has no images for Kubernetes 1.33 and later'],
    [NodegroupAmiType.AL2023_X86_64_STANDARD, 'it is no Bottlerocket image'],
    [NodegroupAmiType.WINDOWS_CORE_2022_X86_64, 'it is no Bottlerocket image'],
  ])('%s is refused', (amiType, why) => {
    expect(thrown(() => of({ amiType }))).toBe(
      `AmiUnsupported: [Platform/Cluster/Nodes0]: amiType is '${amiType}', and ${why}; use one of the BOTTLEROCKET types (AmiUnsupported)`,
    );
  });

  test('the image follows the processor, and the two must fit', () => {
    expect(only(of({ instanceTypes: ['m7g.large', 'c7g.large'] }), 'AWS::EKS::Nodegroup').Properties.AmiType).toBe('BOTTLEROCKET_ARM_64');
    const mixed = (type: string, amiType: NodegroupAmiType) =>
      `ProcessorsMixed: [Platform/Cluster/Nodes0]: the instance type '${type}' does not run ${amiType}; make a node group for each kind of processor (ProcessorsMixed)`;
    expect(thrown(() => of({ instanceTypes: ['m7g.large', 'm7i.large'] }))).toBe(mixed('m7i.large', NodegroupAmiType.BOTTLEROCKET_ARM_64));
    expect(thrown(() => of({ instanceTypes: ['m7g.large'], amiType: NodegroupAmiType.BOTTLEROCKET_X86_64_FIPS }))).toBe(
      mixed('m7g.large', NodegroupAmiType.BOTTLEROCKET_X86_64_FIPS),
    );
  });

  test('an empty list of instance types is none', () => {
    expect(only(of({ instanceTypes: [] }), 'AWS::EKS::Nodegroup').Properties.InstanceTypes).toEqual(['m6i.large']);
  });

  test.each<[aws.NodeGroupProps]>([[{ minSize: 0 }], [{ minSize: 4, maxSize: 3 }], [{ minSize: 1.5 }], [{ minSize: Number.NaN }]])(
    '%j is refused',
    (props) => {
      expect(thrown(() => of(props))).toMatch(
        /^SizeInvalid: \[Platform\/Cluster\/Nodes0\]: minSize is \S+ and maxSize \d; give whole numbers, 1 <= minSize <= maxSize/,
      );
    },
  );

  test.each<[aws.NodeGroupProps, string]>([
    [{ dataVolumeGib: 5 }, 'dataVolumeGib is 5, too small for images and logs; give 20 or more'],
    [{ podPidsLimit: 0 }, 'podPidsLimit is 0, too small for a pod to start; give 64 or more'],
  ])('%j is refused', (props, words) => {
    expect(thrown(() => of(props))).toBe(`SizeInvalid: [Platform/Cluster/Nodes0]: ${words} (SizeInvalid)`);
  });
});

/** The settings of a TOML text without nesting. */
function sections(toml: string): { [section: string]: { [key: string]: string } } {
  const found: { [section: string]: { [key: string]: string } } = {};
  let current = '';
  for (const line of toml.split('\n').filter((one) => one !== '')) {
    const section = /^\[(.+)\]$/.exec(line)?.[1];
    if (section !== undefined) {
      current = section;
      found[current] = {};
    } else found[current][line.split(' = ')[0]] = line.split(' = ')[1];
  }
  return found;
}
