import { App, Stack } from 'aws-cdk-lib';
import { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Role } from 'aws-cdk-lib/aws-iam';
import * as aws from '../../lib/aws';
import { ENV, only, resources, scene, stackIn, thrown } from './scene';

const THREE = ['euw1-az1', 'euw1-az2', 'euw1-az3'];

describe('tiers', () => {
  const stack = stackIn();
  const network = new aws.Network(stack, 'Network', { zoneIds: THREE });
  const subnets = resources(stack, 'AWS::EC2::Subnet');
  const tier = (name: string) => subnets.filter((subnet) => subnet.id.includes(name));

  test('three tiers over three zones, pinned by zone id', () => {
    for (const name of ['Public', 'Private', 'Isolated']) {
      expect(tier(name).map((subnet) => subnet.Properties.AvailabilityZoneId)).toEqual(THREE);
    }
    expect(subnets).toHaveLength(9);
    expect(subnets.some((subnet) => 'AvailabilityZone' in subnet.Properties)).toBe(false);
  });

  test('no subnet gives public addresses', () => {
    expect(subnets.map((subnet) => subnet.Properties.MapPublicIpOnLaunch)).toEqual(Array(9).fill(false));
  });

  test('ranges do not overlap and stay in the VPC', () => {
    const span = (cidr: string): [number, number] => {
      const [address, bits] = cidr.split('/');
      const start = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
      return [start, start + 2 ** (32 - Number(bits))];
    };
    const spans = subnets.map((subnet) => span(subnet.Properties.CidrBlock)).sort((a, b) => a[0] - b[0]);
    const [first, last] = span(network.cidr);
    expect(spans[0][0]).toBeGreaterThanOrEqual(first);
    expect(spans[8][1]).toBeLessThanOrEqual(last);
    for (let index = 1; index < spans.length; index++) expect(spans[index][0]).toBeGreaterThanOrEqual(spans[index - 1][1]);
  });

  test('the tags that load balancers look for', () => {
    const roles = (name: string) =>
      tier(name).map((subnet) => subnet.Properties.Tags.map((tag: { Key: string }) => tag.Key).filter((key: string) => key !== 'Name'));
    expect(roles('Public')).toEqual(Array(3).fill(['kubernetes.io/role/elb']));
    expect(roles('Private')).toEqual(Array(3).fill(['kubernetes.io/role/internal-elb']));
    expect(roles('Isolated')).toEqual(Array(3).fill([]));
  });

  test('only the public tier has a route to the internet gateway, and the isolated tier has none at all', () => {
    const routes = resources(stack, 'AWS::EC2::Route');
    expect(
      routes.filter((route) => 'GatewayId' in route.Properties).every((route) => route.Properties.RouteTableId.Ref.includes('Public')),
    ).toBe(true);
    expect(
      routes.filter((route) => 'NatGatewayId' in route.Properties).every((route) => route.Properties.RouteTableId.Ref.includes('Private')),
    ).toBe(true);
    expect(routes).toHaveLength(6);
  });

  test('the stock VPC names the same subnets', () => {
    expect(network.vpc.isolatedSubnets.map((subnet) => stack.resolve(subnet.subnetId))).toEqual(
      tier('Isolated').map(({ id }) => ({ Ref: id })),
    );
    expect(network.vpc.privateSubnets).toHaveLength(3);
  });
});

describe('internet', () => {
  const nats = (internet?: aws.Internet, lifecycle?: aws.Lifecycle) => {
    const stack = stackIn();
    new aws.Network(stack, 'Network', { internet, lifecycle });
    return resources(stack, 'AWS::EC2::NatGateway').length;
  };
  test('a NAT gateway a zone in production, one elsewhere, none by choice', () => {
    expect(nats()).toBe(3);
    expect(nats(undefined, aws.Lifecycle.staging())).toBe(1);
    expect(nats(undefined, aws.Lifecycle.ephemeral())).toBe(1);
    expect(nats(aws.Internet.none())).toBe(0);
  });

  test('without internet, no private route leads out and the missing APIs get endpoints', () => {
    const { stack, network } = scene({ network: { internet: aws.Internet.none() } });
    expect(resources(stack, 'AWS::EC2::Route').map((route) => route.Properties.RouteTableId.Ref.includes('Public'))).toEqual([
      true,
      true,
      true,
    ]);
    const services = resources(stack, 'AWS::EC2::VPCEndpoint').map((endpoint) =>
      endpoint.Properties.ServiceName.replace('com.amazonaws.eu-west-1.', ''),
    );
    expect(services.sort()).toEqual([
      'autoscaling',
      'ec2',
      'ecr.api',
      'ecr.dkr',
      'eks',
      'eks-auth',
      'elasticloadbalancing',
      'kms',
      'logs',
      's3',
      'sts',
    ]);
    expect(network.flows.filter((flow) => flow.destination.includes('0.0.0.0'))).toEqual([]);
  });

  test('a flow has its own port, and says what it is for in words that EC2 takes', () => {
    const purpose = `licences “of” the vendor, ${'x'.repeat(300)}`;
    const { stack } = scene({
      network: { internet: aws.Internet.nat([{ name: 'vendor', purpose, cidr: '198.51.100.7/32', port: 8443 }]) },
    });
    const [rule, ...others] = resources(stack, 'AWS::EC2::SecurityGroup')
      .flatMap(({ Properties }) => Properties.SecurityGroupEgress ?? [])
      .filter(({ CidrIp }: { CidrIp: string }) => CidrIp !== '255.255.255.255/32');
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ CidrIp: '198.51.100.7/32', FromPort: 8443, ToPort: 8443, IpProtocol: 'tcp' });
    expect(rule.Description).toMatch(/^platform-cluster-vendor: licences {2}of {2}the vendor, x+$/);
    expect(rule.Description).toHaveLength(255);
  });

  test('NAT without a flow opens nothing', () => {
    const { stack, network } = scene({ network: { internet: aws.Internet.nat([]) } });
    expect(JSON.stringify(resources(stack, 'AWS::EC2::SecurityGroup'))).not.toContain('0.0.0.0/0');
    expect(network.flows.map(({ source, destination }) => `${source} ${destination}`).join()).not.toContain('0.0.0.0');
  });

  test('each zone goes out by its own NAT gateway, or all by the one', () => {
    const ways = (lifecycle: aws.Lifecycle) => {
      const stack = stackIn();
      new aws.Network(stack, 'Network', { lifecycle });
      const place = new Map(resources(stack, 'AWS::EC2::NatGateway').map(({ id, Properties }) => [id, Properties.SubnetId.Ref]));
      return resources(stack, 'AWS::EC2::Route')
        .filter(({ Properties }) => 'NatGatewayId' in Properties)
        .map(({ Properties }) =>
          [Properties.RouteTableId.Ref, place.get(Properties.NatGatewayId.Ref)].map((id) => /(Public|Private)\d/.exec(id)?.[0]),
        );
    };
    expect(ways(aws.Lifecycle.production())).toEqual([0, 1, 2].map((zone) => [`Private${zone}`, `Public${zone}`]));
    expect(ways(aws.Lifecycle.staging())).toEqual([0, 1, 2].map((zone) => [`Private${zone}`, 'Public0']));
  });

  test('named ranges replace the one open flow', () => {
    const { stack, network } = scene({
      network: { internet: aws.Internet.nat([{ name: 'registry', purpose: 'images', cidr: '198.51.100.0/24' }]) },
    });
    expect(network.flows.at(-1)).toMatchObject({ name: 'platform-cluster-registry', destination: '198.51.100.0/24', ports: '443' });
    const open = resources(stack, 'AWS::EC2::SecurityGroup').flatMap((group) => group.Properties.SecurityGroupEgress ?? []);
    expect(open.filter((rule: { CidrIp: string }) => rule.CidrIp === '0.0.0.0/0')).toEqual([]);
  });
});

describe('zones', () => {
  const attempt = (props: aws.NetworkProps, region?: string) => thrown(() => new aws.Network(stackIn(region), 'Network', props));

  test('by name, and by default the first three of the region without a lookup', () => {
    const named = stackIn();
    new aws.Network(named, 'Network', { zones: ['eu-west-1a', 'eu-west-1b'] });
    expect(new Set(resources(named, 'AWS::EC2::Subnet').map((subnet) => subnet.Properties.AvailabilityZone))).toEqual(
      new Set(['eu-west-1a', 'eu-west-1b']),
    );
    const stack = stackIn();
    new aws.Network(stack, 'Network');
    expect(resources(stack, 'AWS::EC2::Subnet')[2].Properties.AvailabilityZone).toEqual({ 'Fn::Select': [2, { 'Fn::GetAZs': '' }] });
  });

  test.each([
    ['us-east-1', 'use1-az3'],
    ['us-west-1', 'usw1-az2'],
    ['ca-central-1', 'cac1-az3'],
  ])('%s: EKS refuses %s', (region, zone) => {
    expect(attempt({ zoneIds: [zone, zone.replace(/\d$/, '9')] }, region)).toBe(
      `ZoneRefused: [Platform/Network]: EKS places no control plane in the zone '${zone}'; choose another zone of the region (ZoneRefused)`,
    );
  });

  test('a zone of another region', () => {
    expect(attempt({ zoneIds: ['euw1-az1', 'euw2-az1'] })).toBe(
      "ZoneForeign: [Platform/Network]: the zone 'euw2-az1' is not in the region eu-west-1; its zones start with euw1 (ZoneForeign)",
    );
  });

  test.each([
    ['ap-southeast-1', 'apse1'],
    ['ap-south-1', 'aps1'],
    ['ap-northeast-3', 'apne3'],
    ['us-gov-west-1', 'usgw1'],
    ['cn-north-1', 'cnn1'],
    ['eu-central-2', 'euc2'],
    ['me-south-1', 'mes1'],
    ['af-south-1', 'afs1'],
    ['sa-east-1', 'sae1'],
    ['il-central-1', 'ilc1'],
  ])('%s has zones %s-az1 ...', (region, prefix) => {
    expect(attempt({ zoneIds: [`${prefix}-az1`, `${prefix}-az2`] }, region)).toBe('nothing');
  });

  test('a region that only deployment knows is not guessed', () => {
    expect(thrown(() => new aws.Network(new Stack(), 'Network', { zoneIds: ['apne1-az1', 'apne1-az2'] }))).toBe('nothing');
  });

  test('a region whose zone ids follow no known rule is not guessed', () => {
    expect(attempt({ zoneIds: ['usie1-az1', 'usie1-az2'] }, 'us-iso-east-1')).toBe('nothing');
  });

  test('wrong lists', () => {
    expect(attempt({ zoneIds: ['euw1-az1'] })).toMatch(/^ZonesInvalid: .*zoneIds is \[euw1-az1\]; name two or three different zones/);
    expect(attempt({ zoneIds: ['euw1-az1', 'euw1-az1'] })).toMatch(/^ZonesInvalid/);
    expect(attempt({ zoneIds: ['eu-west-1a', 'eu-west-1b'] })).toMatch(/^ZonesInvalid: .*'eu-west-1a' is no zone id; write it as euw1-az1/);
    expect(attempt({ zoneIds: THREE, zones: ['a', 'b'] })).toMatch(/^ZonesInvalid: .*both given; keep one/);
  });
});

describe('address plan', () => {
  const attempt = (cidr: string) => thrown(() => new aws.Network(stackIn(), 'Network', { cidr }));
  test.each([
    ['10.0.0.0', 'CidrInvalid', 'not an IPv4 range'],
    ['10.0.0.300/16', 'CidrInvalid', 'not an IPv4 range'],
    ['10.0.0.0/24', 'CidrSize', '/24'],
    ['10.0.0.0/8', 'CidrSize', '/8'],
    ['10.0.8.0/16', 'CidrUnaligned', 'clear the host bits'],
  ])('%s is refused: %s', (cidr, code, words) => {
    expect(attempt(cidr)).toMatch(new RegExp(`^${code}: .*${words}`));
  });

  test('a small range is cut the same way', () => {
    const stack = stackIn();
    new aws.Network(stack, 'Network', { cidr: '172.16.16.0/20' });
    expect(resources(stack, 'AWS::EC2::Subnet').map((subnet) => subnet.Properties.CidrBlock)).toEqual([
      '172.16.28.0/25',
      '172.16.28.128/25',
      '172.16.29.0/25',
      '172.16.16.0/22',
      '172.16.20.0/22',
      '172.16.24.0/22',
      '172.16.30.0/25',
      '172.16.30.128/25',
      '172.16.31.0/25',
    ]);
  });
});

describe('flow logs', () => {
  const stack = stackIn();
  new aws.Network(stack, 'Network');
  test('all traffic, every minute, into an encrypted group of a year', () => {
    const log = only(stack, 'AWS::EC2::FlowLog');
    expect(log.Properties).toMatchObject({ TrafficType: 'ALL', MaxAggregationInterval: 60, ResourceType: 'VPC' });
    const group = only(stack, 'AWS::Logs::LogGroup');
    expect(group.Properties.RetentionInDays).toBe(365);
    expect(group.Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [only(stack, 'AWS::KMS::Key').id, 'Arn'] });
    expect(group.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(log.DependsOn).toEqual([only(stack, 'AWS::IAM::Policy').id]);
  });
  test('the role may write to that group and list groups, nothing more', () => {
    const [write, list] = only(stack, 'AWS::IAM::Policy').Properties.PolicyDocument.Statement;
    expect(write.Resource).toEqual({ 'Fn::GetAtt': [only(stack, 'AWS::Logs::LogGroup').id, 'Arn'] });
    expect(list.Action).toBe('logs:DescribeLogGroups');
    expect(JSON.stringify(list.Resource)).toContain(':logs:eu-west-1:111122223333:log-group:*');
  });
  test('the log service may use the key for groups of this account and region only', () => {
    const statement = only(stack, 'AWS::KMS::Key').Properties.KeyPolicy.Statement.find(
      (one: { Sid: string }) => one.Sid === 'CloudWatchLogs',
    );
    expect(JSON.stringify(statement.Condition)).toContain(':logs:eu-west-1:111122223333:*');
    expect(JSON.stringify(statement.Principal)).toContain('logs.eu-west-1.');
  });
});

describe('network ACLs', () => {
  const stack = stackIn();
  new aws.Network(stack, 'Network');
  const entries = resources(stack, 'AWS::EC2::NetworkAclEntry');
  const of = (tier: string, egress: boolean) =>
    entries.filter((entry) => entry.Properties.NetworkAclId.Ref.includes(`Acls${tier}`) && entry.Properties.Egress === egress);

  test('every subnet has one, with at most ten rules a direction', () => {
    expect(resources(stack, 'AWS::EC2::SubnetNetworkAclAssociation')).toHaveLength(9);
    for (const tier of ['Public', 'Private', 'Isolated']) {
      for (const egress of [true, false]) expect(of(tier, egress).length).toBeLessThanOrEqual(10);
    }
  });

  test('rule numbers are unique a direction', () => {
    for (const tier of ['Public', 'Private', 'Isolated']) {
      for (const egress of [true, false]) {
        const numbers = of(tier, egress).map((entry) => entry.Properties.RuleNumber);
        expect(new Set(numbers).size).toBe(numbers.length);
      }
    }
  });

  test('from everywhere come 443, answers and packet-size messages, but no remote login', () => {
    const ports = of('Public', false)
      .filter((entry) => entry.Properties.CidrBlock === '0.0.0.0/0')
      .map((entry) => entry.Properties.PortRange ?? entry.Properties.Icmp);
    expect(ports).toEqual([
      { From: 443, To: 443 },
      { From: 1024, To: 3388 },
      { From: 3390, To: 65535 },
      { Code: 4, Type: 3 },
    ]);
    expect(
      of('Private', false)
        .filter((entry) => entry.Properties.CidrBlock === '0.0.0.0/0' && entry.Properties.Protocol === 6)
        .map((entry) => entry.Properties.PortRange.From),
    ).toEqual([1024, 3390]);
  });

  test('without internet the private tier exchanges nothing with the outside either', () => {
    const closed = stackIn();
    new aws.Network(closed, 'Network', { internet: aws.Internet.none() });
    const rules = resources(closed, 'AWS::EC2::NetworkAclEntry').filter(({ Properties }) =>
      Properties.NetworkAclId.Ref.includes('AclsPrivate'),
    );
    expect(rules.map(({ Properties }) => [Properties.Egress, Properties.CidrBlock])).toEqual([
      [false, '10.0.0.0/16'],
      [true, '10.0.0.0/16'],
    ]);
  });

  test('each subnet has the list of its own tier', () => {
    for (const { Properties } of resources(stack, 'AWS::EC2::SubnetNetworkAclAssociation')) {
      const tier = /Public|Private|Isolated/.exec(Properties.SubnetId.Ref)?.[0];
      expect(Properties.NetworkAclId.Ref).toContain(`Acls${tier}`);
    }
  });

  test('the isolated tier takes nothing from outside, nor from the public tier', () => {
    expect(of('Isolated', false).map(({ Properties }) => [Properties.RuleAction, Properties.CidrBlock])).toEqual([
      ['deny', '10.0.192.0/21'],
      ['deny', '10.0.200.0/21'],
      ['deny', '10.0.208.0/21'],
      ['allow', '10.0.0.0/16'],
    ]);
    expect(of('Isolated', true).map(({ Properties }) => Properties.CidrBlock)).toEqual(['10.0.0.0/16']);
  });
});

describe('interface endpoints', () => {
  const { stack, network } = scene();
  const endpoints = resources(stack, 'AWS::EC2::VPCEndpoint');
  const named = (api: string) => endpoints.find((endpoint) => endpoint.Properties.ServiceName.endsWith(`.${api}`));

  test('come from use: a network alone has none', () => {
    const bare = stackIn();
    new aws.Network(bare, 'Network');
    expect(resources(bare, 'AWS::EC2::VPCEndpoint')).toEqual([]);
    expect(endpoints).toHaveLength(9);
  });

  test('are private, in the isolated tier, behind one group that takes 443 from nodes and sends nothing', () => {
    for (const { Properties } of endpoints) {
      expect(Properties).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
      expect(Properties.SubnetIds).toEqual(network.isolatedSubnets.map((subnet) => stack.resolve(subnet.subnetId)));
      expect(Properties.SecurityGroupIds).toEqual([stack.resolve(network.endpointGroup.securityGroupId)]);
    }
    const group = stack.resolve(network.endpointGroup.securityGroupId);
    const into = resources(stack, 'AWS::EC2::SecurityGroupIngress').filter(
      (rule) => JSON.stringify(rule.Properties.GroupId) === JSON.stringify(group),
    );
    expect(into.map(({ Properties }) => [Properties.IpProtocol, Properties.FromPort, Properties.ToPort])).toEqual([['tcp', 443, 443]]);
    expect(
      resources(stack, 'AWS::EC2::SecurityGroupEgress').filter((rule) => JSON.stringify(rule.Properties.GroupId) === JSON.stringify(group)),
    ).toEqual([]);
  });

  test('let principals of this account through', () => {
    for (const { Properties } of endpoints) {
      expect(Properties.PolicyDocument.Statement[0]).toMatchObject({
        Effect: 'Allow',
        Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
      });
    }
  });

  test('S3 answers by private DNS to everybody, and lets the layers of ECR through', () => {
    const s3 = named('s3')?.Properties;
    expect(s3.DnsOptions).toEqual({ PrivateDnsOnlyForInboundResolverEndpoint: 'AllResolvers' });
    expect(s3.PolicyDocument.Statement[1]).toMatchObject({ Action: 's3:GetObject' });
    expect(JSON.stringify(s3.PolicyDocument.Statement[1].Resource)).toContain(':s3:::prod-eu-west-1-starport-layer-bucket/*');
  });

  test('STS lets web identities of this account through, which are nobody yet', () => {
    const statement = named('sts')?.Properties.PolicyDocument.Statement[1];
    expect(statement.Action).toBe('sts:AssumeRoleWithWebIdentity');
    expect(statement.Condition).toBeUndefined();
    expect(JSON.stringify(statement.Resource)).toContain(':iam::111122223333:role/*');
  });
});

describe('flows', () => {
  const { stack, network } = scene();
  const rules = [...resources(stack, 'AWS::EC2::SecurityGroupIngress'), ...resources(stack, 'AWS::EC2::SecurityGroupEgress')];

  test('every rule comes from a named flow', () => {
    const inline = resources(stack, 'AWS::EC2::SecurityGroup').flatMap(({ Properties }) => [
      ...(Properties.SecurityGroupEgress ?? []),
      ...(Properties.SecurityGroupIngress ?? []),
    ]);
    const names = network.flows.map((flow) => flow.name);
    const descriptions = [...rules.map(({ Properties }) => Properties.Description), ...inline.map((rule) => rule.Description)];
    const unknown = descriptions.filter((text) => text !== 'Disallow all traffic' && !names.includes(text.split(':')[0]));
    expect(unknown).toEqual([]);
    expect(descriptions.length).toBeGreaterThan(15);
  });

  test('one rule alone has an open destination, and says why', () => {
    const open = resources(stack, 'AWS::EC2::SecurityGroup')
      .flatMap(({ Properties }) => Properties.SecurityGroupEgress ?? [])
      .filter((rule: { CidrIp: string }) => rule.CidrIp === '0.0.0.0/0');
    expect(open).toEqual([
      {
        CidrIp: '0.0.0.0/0',
        Description: 'platform-cluster-https: images and APIs outside AWS, over TLS',
        FromPort: 443,
        IpProtocol: 'tcp',
        ToPort: 443,
      },
    ]);
    expect(JSON.stringify(rules)).not.toContain('0.0.0.0/0');
  });

  test('two clusters share a network and its endpoints', () => {
    const pair = scene();
    const role = Role.fromRoleName(pair.stack, 'Others', 'others');
    new aws.Cluster(pair.stack, 'Second', { version: KubernetesVersion.V1_35, network: pair.network, admins: [role] });
    expect(pair.network.flows).toHaveLength(2 * network.flows.length);
    expect(resources(pair.stack, 'AWS::EC2::VPCEndpoint')).toHaveLength(9);
  });
});

test('nothing is looked up, and a stack without account and region synthesizes too', () => {
  for (const env of [ENV, undefined]) {
    const app = new App();
    const stack = new Stack(app, 'Platform', { env });
    new aws.Network(stack, 'Network');
    expect(app.synth().manifest.missing).toBeUndefined();
  }
});

test('two clusters of one name cannot share a network', () => {
  const { stack, network } = scene({ cluster: { clusterName: 'shop' } });
  const again = () =>
    new aws.Cluster(stack, 'Again', {
      version: KubernetesVersion.V1_35,
      network,
      admins: [Role.fromRoleName(stack, 'Others', 'others')],
      clusterName: 'shop',
    });
  expect(thrown(again)).toMatch(/^FlowTaken: \[Platform\/Network\]: the network has a flow 'shop-/);
});

test('a network and its cluster stand in two stacks', () => {
  const app = new App();
  const [base, platform] = ['Base', 'Platform'].map((name) => new Stack(app, name, { env: ENV }));
  const network = new aws.Network(base, 'Network', { zoneIds: THREE });
  const admins = [Role.fromRoleName(platform, 'Admins', 'platform-admins')];
  new aws.Cluster(platform, 'Cluster', { version: KubernetesVersion.V1_35, network, admins });
  app.synth();
  expect(JSON.stringify(resources(base, 'AWS::EC2::SecurityGroup'))).not.toContain('ImportValue');
  const rules = resources(platform, 'AWS::EC2::SecurityGroupIngress').map(({ Properties }) => JSON.stringify(Properties.GroupId));
  expect(rules.some((group) => group.includes('Fn::ImportValue'))).toBe(true);
});
