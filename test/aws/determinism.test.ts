import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import * as aws from '../../lib/aws';
import { Exemption } from '../../lib/controls/acceptance';
import { ENV, platform, type Resource, type Scene, stackIn } from './scene';

const folder = mkdtempSync(join(tmpdir(), 'aws-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Everything a program writes, by file name, and what it would have looked up. */
function written(env: { account: string; region: string } | undefined, program: (stack: Stack) => void) {
  const outdir = mkdtempSync(join(folder, 'out-'));
  const app = new App({ outdir });
  program(new Stack(app, 'Platform', { env }));
  const { missing } = app.synth().manifest;
  return { missing, files: Object.fromEntries(readdirSync(outdir).map((name) => [name, readFileSync(join(outdir, name), 'utf8')])) };
}

const template = (stack: Stack): { Resources: { [id: string]: Resource }; Outputs: object } => Template.fromStack(stack).toJSON() as never;

describe.each([
  ['an account and a region', ENV],
  ['neither account nor region', undefined],
])('a stack with %s', (_, env) => {
  // From one line: the assembly records where constructs were made.
  const [{ missing, files }, again] = [1, 2].map(() => written(env, platform));

  test('has the same bytes when it is synthesized again', () => {
    expect(again.files['Platform.template.json']).toBe(files['Platform.template.json']);
    expect(again.files).toEqual(files);
  });

  test('looks nothing up and ships no code', () => {
    expect(missing).toBeUndefined();
    const { files: shipped, dockerImages } = JSON.parse(files['Platform.assets.json']);
    expect(Object.values(shipped as { [id: string]: { source: { path: string } } }).map(({ source }) => source.path)).toEqual([
      'Platform.template.json',
    ]);
    expect(dockerImages).toEqual({});
  });

  test('has the logical ids it has everywhere', () => {
    expect(Object.keys(JSON.parse(files['Platform.template.json']).Resources)).toEqual(Object.keys(template(everything().stack).Resources));
  });
});

test('a stack without account and region names none', () => {
  const text = written(undefined, platform).files['Platform.template.json'];
  expect(text).not.toMatch(/\b\d{12}\b|eu-west-1|us-east-1/);
});

test('the day is in no byte', () => {
  const program = (stack: Stack) => {
    const { cluster } = platform(stack);
    Exemption.on(cluster, 'A-EKS-11', { owner: 'platform-team', reason: 'a rehearsal', until: '2026-12-01' });
  };
  const before = process.env.BULWARK_AS_OF;
  const [first, later] = ['2026-11-01', '2027-06-30'].map((day) => {
    process.env.BULWARK_AS_OF = day;
    return written(ENV, program).files;
  });
  if (before === undefined) delete process.env.BULWARK_AS_OF;
  else process.env.BULWARK_AS_OF = before;
  expect(later).toEqual(first);
});

function everything(): Scene {
  return platform(stackIn());
}

describe('what is added leaves what is there', () => {
  const { Resources: before } = template(everything().stack);

  test.each<[string, (scene: Scene) => void, string]>([
    ['a node group', ({ cluster }) => cluster.addNodeGroup('Arm', { instanceTypes: ['m7g.large'] }), 'AWS::EKS::Nodegroup'],
    ['a pod role', ({ cluster }) => cluster.podRole('Web', { namespace: 'shop', serviceAccount: 'web' }), 'AWS::IAM::Role'],
    ['a bucket', ({ stack }) => new aws.Bucket(stack, 'Reports'), 'AWS::S3::Bucket'],
    ['a repository', ({ stack }) => new aws.Repository(stack, 'Charts'), 'AWS::ECR::Repository'],
    [
      'a cluster',
      ({ stack, network }) =>
        new aws.Cluster(stack, 'Second', {
          version: KubernetesVersion.V1_36,
          network,
          admins: [Role.fromRoleName(stack, 'Others', 'others')],
        }),
      'AWS::EKS::Cluster',
    ],
  ])('%s', (_, add, type) => {
    const made = everything();
    add(made);
    const { Resources: after } = template(made.stack);
    for (const [id, { Type, Properties }] of Object.entries(before))
      expect([id, after[id]?.Type, after[id]?.Properties]).toEqual([id, Type, Properties]);
    const added = Object.keys(after).filter((id) => !(id in before));
    expect(added.map((id) => after[id].Type)).toContain(type);
  });
});

test('the order of pod roles and buckets changes no resource', () => {
  const [one, two] = [false, true].map((reverse) => {
    const { stack, cluster } = everything();
    const steps = [
      () => new aws.Bucket(stack, 'Reports'),
      () => cluster.podRole('Web', { namespace: 'shop', serviceAccount: 'web', identity: aws.Identity.irsa() }),
      () => cluster.podRole('Mail', { namespace: 'shop', serviceAccount: 'mail' }),
    ];
    for (const step of reverse ? steps.reverse() : steps) step();
    return template(stack);
  });
  expect(two).toEqual(one);
});

/** A template with its ARNs spelled for the partition `aws`, and the actions of statements in one order. */
function spelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  const { 'Fn::Join': join_, Ref: name } = value as { 'Fn::Join'?: [string, unknown[]]; Ref?: string };
  if (name === 'AWS::Partition') return 'aws';
  if (join_?.[0] !== '') {
    const ordered = (key: string, inner: unknown) => (key === 'Action' && Array.isArray(inner) ? [...inner].sort() : spelled(inner));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, ordered(key, inner)]));
  }
  const parts: unknown[] = [];
  for (const part of join_[1].map(spelled)) {
    const last = parts.at(-1);
    if (typeof last === 'string' && typeof part === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return parts.length === 1 ? parts[0] : { 'Fn::Join': ['', parts] };
}

test('the feature flags that new apps have change how policies are spelled and nothing else', () => {
  expect(Object.keys(CURRENTLY_RECOMMENDED_FLAGS).length).toBeGreaterThan(50);
  const stack = new Stack(new App({ context: CURRENTLY_RECOMMENDED_FLAGS }), 'Platform', { env: ENV });
  platform(stack);
  const flagged = template(stack);
  const plain = template(everything().stack);
  expect(JSON.stringify(flagged)).toContain('arn:aws:iam::111122223333:root');
  expect(spelled(flagged)).toEqual(spelled(plain));
});
