import { Template } from 'aws-cdk-lib/assertions';
import { ENABLE_PARTITION_LITERALS } from 'aws-cdk-lib/cx-api';
import * as aws from '../../lib/aws';
import { platform, resources, stackIn } from './scene';

/** One of everything in a region, as text; without internet, where most endpoints are. */
function synthesized(region: string, context: { [key: string]: unknown } = {}) {
  const stack = stackIn(region);
  for (const [key, value] of Object.entries(context)) stack.node.setContext(key, value);
  platform(stack, { network: { internet: aws.Internet.none() } });
  return { stack, text: JSON.stringify(Template.fromStack(stack).toJSON()) };
}

/** Every value under a key, wherever it stands. */
function found(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : found(inner, key)));
}

const ireland = synthesized('eu-west-1').text;

describe.each([
  ['us-gov-west-1', 'aws-us-gov', ''],
  ['cn-north-1', 'aws-cn', 'cn.'],
])('%s', (region, partition, prefix) => {
  const { stack, text } = synthesized(region);

  test('no ARN names a partition', () => {
    expect(text).not.toMatch(/arn:aws[a-z-]*:/);
    expect(text.split('{"Ref":"AWS::Partition"}').length).toBeGreaterThan(20);
  });

  test('where the app wants partitions spelled out, every ARN names this one', () => {
    const spelled = synthesized(region, { [ENABLE_PARTITION_LITERALS]: true }).text;
    expect(new Set(spelled.match(/arn:aws[a-z-]*:/g))).toEqual(new Set([`arn:${partition}:`]));
  });

  test('the template is that of every other region: nothing is weaker here', () => {
    const moved = text.replaceAll(`"${prefix}com.amazonaws.`, '"com.amazonaws.').replaceAll(region, 'eu-west-1');
    expect(JSON.parse(moved)).toEqual(JSON.parse(ireland));
  });

  test('services are named as IAM names them everywhere, the log service by region and suffix', () => {
    const services = found(JSON.parse(text), 'Service').filter((service) => typeof service === 'string');
    expect([...new Set(services)].sort()).toEqual([
      'ec2.amazonaws.com',
      'eks.amazonaws.com',
      'logging.s3.amazonaws.com',
      'pods.eks.amazonaws.com',
      'vpc-flow-logs.amazonaws.com',
    ]);
    const built = found(JSON.parse(text), 'Service').filter((service) => typeof service !== 'string');
    expect(built).toEqual([{ 'Fn::Join': ['', [`logs.${region}.`, { Ref: 'AWS::URLSuffix' }]] }]);
  });

  test('managed policies are those of the partition', () => {
    const attached = resources(stack, 'AWS::IAM::Role').flatMap(({ Properties }) => Properties.ManagedPolicyArns ?? []);
    const given = resources(stack, 'AWS::EKS::AccessEntry').flatMap(({ Properties }) => found(Properties.AccessPolicies, 'PolicyArn'));
    const names = [...attached, ...given].map((arn) => {
      const [start, reference, rest] = (arn as { 'Fn::Join': [string, [string, object, string]] })['Fn::Join'][1];
      expect([start, reference]).toEqual(['arn:', { Ref: 'AWS::Partition' }]);
      return rest;
    });
    expect(names.sort()).toEqual([
      ':eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
      ':iam::aws:policy/AmazonEC2ContainerRegistryPullOnly',
      ':iam::aws:policy/AmazonEKSClusterPolicy',
      ':iam::aws:policy/AmazonEKSWorkerNodePolicy',
      ':iam::aws:policy/AmazonEKS_CNI_Policy',
      ':iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy',
    ]);
  });

  test('endpoints have the names of the region', () => {
    const names = resources(stack, 'AWS::EC2::VPCEndpoint').map(({ Properties }) => Properties.ServiceName);
    expect(names).toHaveLength(11);
    for (const api of ['ecr.api', 'ecr.dkr', 's3', 'sts', 'ec2', 'eks']) expect(names).toContain(`${prefix}com.amazonaws.${region}.${api}`);
  });

  // The tokens that EKS projects carry this audience in every partition, China's too.
  test('IRSA has the audience of EKS', () => {
    expect(resources(stack, 'AWS::IAM::OIDCProvider').map(({ Properties }) => Properties.ClientIdList)).toEqual([['sts.amazonaws.com']]);
    expect(text).not.toContain('amazonaws.com.cn');
  });
});
