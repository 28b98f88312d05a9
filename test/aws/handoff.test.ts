import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Role } from 'aws-cdk-lib/aws-iam';
import * as aws from '../../lib/aws';
import * as k8s from '../../lib/k8s';
import { ENV, only, resources, scene, stackIn, thrown } from './scene';

/** A cluster with a role of each style. */
function both(stack: Stack) {
  const made = scene({ stack });
  made.cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api' });
  made.cluster.podRole('Batch', { namespace: 'payments', serviceAccount: 'batch', identity: aws.Identity.irsa() });
  return made;
}

test('the fixed values, as strings, in the order of their keys', () => {
  const { values } = aws.Handoff.of(both(stackIn()).cluster);
  expect(values).toEqual({
    'cluster/account': '111122223333',
    'cluster/name': 'platform-cluster',
    'cluster/partition': 'aws',
    'cluster/region': 'eu-west-1',
    'cluster/version': '1.35',
    'identity/payments/api': 'pod-identity',
    'identity/payments/batch': 'arn:aws:iam::111122223333:role/platform-cluster.payments.batch',
    'network/cidr': '10.0.0.0/16',
    'network/endpoints': '10.0.224.0/21,10.0.232.0/21,10.0.240.0/21',
  });
  expect(Object.keys(values)).toEqual(Object.keys(values).sort());
  expect(JSON.stringify(values)).not.toContain('Token');
});

test('says what the template says: ranges of the endpoints, names of the roles', () => {
  const { stack, cluster } = both(stackIn());
  const { values } = aws.Handoff.of(cluster);
  const used = resources(stack, 'AWS::EC2::VPCEndpoint').flatMap(({ Properties }) =>
    Properties.SubnetIds.map((one: { Ref: string }) => one.Ref),
  );
  const ranges = resources(stack, 'AWS::EC2::Subnet').filter(({ id }) => used.includes(id));
  expect(values['network/endpoints'].split(',')).toEqual(ranges.map(({ Properties }) => Properties.CidrBlock));
  expect(values['network/cidr']).toBe(only(stack, 'AWS::EC2::VPC').Properties.CidrBlock);
  expect(values['cluster/name']).toBe(only(stack, 'AWS::EKS::Cluster').Properties.Name);
  const names = resources(stack, 'AWS::IAM::Role').map(({ Properties }) => Properties.RoleName);
  expect(names).toContain(values['identity/payments/batch'].split('role/')[1]);
});

test('is what the other tree reads, and what the deployment adds', () => {
  const { stack, cluster } = both(stackIn());
  const handoff = aws.Handoff.of(cluster);
  const key = handoff.output('StatementsBucket', new aws.Bucket(stack, 'Statements').bucketName);
  const charts = new k8s.App({ kubernetes: '1.35', handoff: { ...handoff.values, [key]: 'statements-0123' } });
  expect(charts.handoff.value(key)).toBe('statements-0123');
  for (const [name, value] of Object.entries(handoff.values)) expect(charts.handoff.value(name)).toBe(value);
});

test('holds the roles of its own cluster only', () => {
  const { stack, network, cluster } = both(stackIn());
  const admins = [Role.fromRoleName(stack, 'Others', 'others')];
  const second = new aws.Cluster(stack, 'Second', { version: KubernetesVersion.V1_36, network, admins });
  second.podRole('Web', { namespace: 'shop', serviceAccount: 'web' });
  const identities = (of: aws.Cluster) => Object.keys(aws.Handoff.of(of).values).filter((key) => key.startsWith('identity/'));
  expect(identities(cluster)).toEqual(['identity/payments/api', 'identity/payments/batch']);
  expect(identities(second)).toEqual(['identity/shop/web']);
  expect(aws.Handoff.of(second).values).toMatchObject({ 'cluster/name': 'platform-second', 'cluster/version': '1.36' });
});

test('a role made later is in the next reading', () => {
  const { cluster } = scene();
  const handoff = aws.Handoff.of(cluster);
  expect(Object.keys(handoff.values).filter((key) => key.startsWith('identity/'))).toEqual([]);
  cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api' });
  expect(handoff.values['identity/payments/api']).toBe('pod-identity');
});

test.each([
  ['us-gov-west-1', 'aws-us-gov'],
  ['cn-north-1', 'aws-cn'],
  ['eu-west-1', 'aws'],
])('%s is in the partition %s', (region, partition) => {
  const { values } = aws.Handoff.of(both(stackIn(region)).cluster);
  expect(values['cluster/partition']).toBe(partition);
  expect(values['identity/payments/batch']).toBe(`arn:${partition}:iam::111122223333:role/platform-cluster.payments.batch`);
});

describe('a stack without account and region', () => {
  const stack = () => new Stack(new App(), 'Platform');

  test('leaves out what it does not know', () => {
    const { cluster } = scene({ stack: stack() });
    cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api' });
    expect(Object.keys(aws.Handoff.of(cluster).values)).toEqual([
      'cluster/name',
      'cluster/version',
      'identity/payments/api',
      'network/cidr',
      'network/endpoints',
    ]);
  });

  test('cannot hand off the ARN of an IRSA role', () => {
    const { cluster } = both(stack());
    expect(thrown(() => aws.Handoff.of(cluster).values)).toBe(
      "HandoffUnknown: [Platform/Cluster/Batch]: manifests name the IRSA role of 'payments/batch' by its ARN, and its stack has no fixed account and region; set env on the stack, or use Pod Identity (HandoffUnknown)",
    );
  });
});

describe('deployed values', () => {
  test('are outputs under the stack and their name', () => {
    const { stack, cluster } = scene();
    const bucket = new aws.Bucket(stack, 'Statements');
    expect(aws.Handoff.of(cluster).output('StatementsBucket', bucket.bucketName)).toBe('output/Platform/StatementsBucket');
    expect(Template.fromStack(stack).toJSON().Outputs.StatementsBucket.Value).toEqual(stack.resolve(bucket.bucketName));
  });

  test('carry the name that the stack has in its stage', () => {
    const stage = new Stage(new App(), 'Prod');
    const { cluster } = scene({ stack: new Stack(stage, 'Platform', { env: ENV }) });
    expect(aws.Handoff.of(cluster).output('Name', 'x')).toBe('output/Prod-Platform/Name');
    expect(aws.Handoff.of(cluster).values['cluster/name']).toBe('prod-platform-cluster');
  });

  test('have names that CloudFormation takes', () => {
    const { cluster } = scene();
    expect(thrown(() => aws.Handoff.of(cluster).output('Statements-Bucket', 'x'))).toBe(
      "OutputNameInvalid: [Platform/Cluster]: the output is named 'Statements-Bucket', which CloudFormation refuses; use letters and digits only (OutputNameInvalid)",
    );
  });
});

test('an output of a cluster in a nested stack is one of the stack that is deployed', () => {
  const stack = stackIn();
  const { cluster } = scene({ stack: new NestedStack(stack, 'Inner') as Stack });
  expect(aws.Handoff.of(cluster).output('ClusterArn', cluster.resource.clusterArn)).toBe('output/Platform/ClusterArn');
  expect(Object.keys(Template.fromStack(stack).toJSON().Outputs)).toEqual(['ClusterArn']);
});
