import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket as StockBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import * as aws from '../../lib/aws';
import { only, type Resource, resources, stackIn, thrown } from './scene';

describe('EncryptionKey', () => {
  const stack = stackIn();
  new aws.EncryptionKey(stack, 'Key');
  const key = only(stack, 'AWS::KMS::Key');
  const statements: { Sid: string; Action: string | string[]; Principal: object; Condition?: object }[] =
    key.Properties.KeyPolicy.Statement;

  test('A-KMS-01 A-KMS-05 rotates, and waits before it goes', () => {
    expect(key.Properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 30, Description: 'Platform/Key' });
    expect(key.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test('A-KMS-02 names this account alone', () => {
    for (const { Principal } of statements) expect(JSON.stringify(Principal)).toContain(':iam::111122223333:root');
  });

  test('A-KMS-03 has administration and use in separate statements', () => {
    const [administration, use, grants] = statements;
    expect(statements.map(({ Sid }) => Sid)).toEqual(['Administration', 'UseByIamPolicy', 'GrantsByServicesOnly']);
    const using = /Encrypt|Decrypt|GenerateDataKey|CreateGrant|\*$/;
    expect([administration.Action].flat().filter((action) => using.test(action) && !/:(Describe|Get|List)\*$/.test(action))).toEqual([]);
    expect([use.Action].flat().filter((action) => !using.test(action))).toEqual(['kms:DescribeKey']);
    expect(grants.Condition).toEqual({ Bool: { 'kms:GrantIsForAWSResource': 'true' } });
    expect(statements.flatMap(({ Action }) => Action)).not.toContain('kms:*');
  });

  test('keeps whoever deploys able to change the policy', () => {
    expect(statements[0].Action).toEqual(expect.arrayContaining(['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:TagResource']));
  });

  test('is used by grants that name it', () => {
    const bucket = new aws.Bucket(stack, 'Objects');
    expect(stack.resolve(bucket.encryptionKey?.keyArn)).not.toEqual(stack.resolve('*'));
  });
});

describe('a key by its use', () => {
  type Statement = { Sid: string; Principal: unknown; Condition?: object; Action: string | string[] };
  const policy = (use: (key: aws.EncryptionKey) => void): Statement[] => {
    const stack = stackIn();
    use(new aws.EncryptionKey(stack, 'Key', { description: 'ledger' }));
    expect(only(stack, 'AWS::KMS::Key').Properties.Description).toBe('ledger');
    return only(stack, 'AWS::KMS::Key').Properties.KeyPolicy.Statement;
  };
  const USE = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

  test.each<[string, (key: aws.EncryptionKey) => void, [string, string | string[]][]]>([
    ['logs', (key) => key.allowLogs(), [['CloudWatchLogs', USE]]],
    ['clusters', (key) => key.allowClusters(), [['ClusterGrants', 'kms:CreateGrant']]],
    [
      'Auto Scaling',
      (key) => key.allowAutoScaling(),
      [
        ['AutoScalingUse', USE],
        ['AutoScalingGrants', 'kms:CreateGrant'],
      ],
    ],
  ])('%s add their statements and no other', (_, use, expected) => {
    const [before, after] = [policy(() => {}), policy(use)];
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length).map(({ Sid, Action }) => [Sid, Action])).toEqual(expected);
  });

  test('A-KMS-02 a principal that is not this account alone is bound to it by condition', () => {
    const open = policy((key) => {
      key.allowLogs();
      key.allowClusters();
      key.allowAutoScaling();
    }).filter(({ Principal }) => !JSON.stringify(Principal).includes(':iam::111122223333:root'));
    expect(open.map(({ Sid }) => Sid)).toEqual(['CloudWatchLogs', 'AutoScalingUse', 'AutoScalingGrants']);
    for (const { Condition } of open) expect(JSON.stringify(Condition)).toContain('111122223333');
  });
});

test.each<[string, string, string, (stack: Stack, lifecycle: aws.Lifecycle) => unknown]>([
  ['EncryptionKey', 'AWS::KMS::Key', 'Thing', (stack, lifecycle) => new aws.EncryptionKey(stack, 'Thing', { lifecycle })],
  ['Bucket', 'AWS::S3::Bucket', 'Thing', (stack, lifecycle) => new aws.Bucket(stack, 'Thing', { lifecycle })],
  ['the log bucket of a Bucket', 'AWS::S3::Bucket', 'AccessLogs', (stack, lifecycle) => new aws.Bucket(stack, 'Thing', { lifecycle })],
  ['the key of a Bucket', 'AWS::KMS::Key', 'ThingKey', (stack, lifecycle) => new aws.Bucket(stack, 'Thing', { lifecycle })],
  ['Repository', 'AWS::ECR::Repository', 'Thing', (stack, lifecycle) => new aws.Repository(stack, 'Thing', { lifecycle })],
  ['the key of a Repository', 'AWS::KMS::Key', 'ThingKey', (stack, lifecycle) => new aws.Repository(stack, 'Thing', { lifecycle })],
])('%s stays in production and staging, and goes with an ephemeral stack', (_, type, id, make) => {
  const policies = [aws.Lifecycle.production(), aws.Lifecycle.staging(), aws.Lifecycle.ephemeral()].map((lifecycle) => {
    const stack = stackIn();
    make(stack, lifecycle);
    const { DeletionPolicy, UpdateReplacePolicy } = resources(stack, type).find((one) =>
      new RegExp(`^(Ephemeral)?${id}`).test(one.id),
    ) as Resource;
    return [DeletionPolicy, UpdateReplacePolicy];
  });
  expect(policies).toEqual([
    ['RetainExceptOnCreate', 'Retain'],
    ['RetainExceptOnCreate', 'Retain'],
    ['Delete', 'Delete'],
  ]);
});

describe('Bucket', () => {
  const stack = stackIn();
  new aws.Bucket(stack, 'Statements');
  new aws.Bucket(stack, 'Reports');
  const buckets = resources(stack, 'AWS::S3::Bucket');
  const named = (prefix: string) => buckets.find(({ id }) => id.startsWith(prefix)) as Resource;

  test('A-S3-01 A-S3-04 every one is closed to the public and keeps versions', () => {
    for (const { Properties, DeletionPolicy } of buckets) {
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      expect(Properties.OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
      expect(DeletionPolicy).toBe('RetainExceptOnCreate');
    }
  });

  test('A-S3-02 every one refuses plain HTTP and old TLS', () => {
    const policies = resources(stack, 'AWS::S3::BucketPolicy');
    expect(policies).toHaveLength(buckets.length);
    for (const { Properties } of policies) {
      const denied = Properties.PolicyDocument.Statement.filter((one: { Effect: string }) => one.Effect === 'Deny').map(
        (one: { Condition: object }) => one.Condition,
      );
      expect(denied).toEqual([{ Bool: { 'aws:SecureTransport': 'false' } }, { NumericLessThan: { 's3:TlsVersion': 1.2 } }]);
    }
  });

  test('A-S3-03 each has a key of its own, the access logs that of S3, which is all that log delivery can use', () => {
    const rule = (bucket: Resource) => bucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration[0];
    const keys = ['Statements', 'Reports'].map((name) => rule(named(name)).ServerSideEncryptionByDefault.KMSMasterKeyID['Fn::GetAtt'][0]);
    expect(new Set(keys).size).toBe(2);
    expect(rule(named('Statements'))).toMatchObject({ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } });
    expect(rule(named('AccessLogs'))).toEqual({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } });
  });

  test('A-S3-05 all log into one bucket a stack, apart by prefix', () => {
    expect(buckets).toHaveLength(3);
    const target = { Ref: named('AccessLogs').id };
    expect(named('Statements').Properties.LoggingConfiguration).toEqual({ DestinationBucketName: target, LogFilePrefix: 'Statements/' });
    expect(named('Reports').Properties.LoggingConfiguration).toEqual({ DestinationBucketName: target, LogFilePrefix: 'Reports/' });
  });

  test('only S3 of this account may deliver the logs', () => {
    const policy = resources(stack, 'AWS::S3::BucketPolicy').find(({ id }) => id.startsWith('AccessLogs')) as Resource;
    const delivery = policy.Properties.PolicyDocument.Statement.find((one: { Effect: string }) => one.Effect === 'Allow');
    expect(delivery).toMatchObject({ Action: 's3:PutObject', Principal: { Service: 'logging.s3.amazonaws.com' } });
    expect(delivery.Condition.StringEquals).toMatchObject({ 'aws:SourceAccount': '111122223333' });
  });

  test('a key and a log bucket of the user are taken', () => {
    const other = stackIn();
    const encryptionKey = new aws.EncryptionKey(other, 'Shared');
    const accessLogs = StockBucket.fromBucketName(other, 'Central', 'central-logs');
    new aws.Bucket(other, 'Statements', { encryptionKey, accessLogs });
    expect(resources(other, 'AWS::S3::Bucket')).toHaveLength(1);
    expect(resources(other, 'AWS::KMS::Key')).toHaveLength(1);
    expect(only(other, 'AWS::S3::Bucket').Properties.LoggingConfiguration.DestinationBucketName).toBe('central-logs');
  });

  test('objects stay; old versions go after 90 days, access logs after a year, what was never finished after a week', () => {
    const rules = (id: string) => named(id).Properties.LifecycleConfiguration.Rules.map(({ Id: _, ...rule }: { Id: string }) => rule);
    const unfinished = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' };
    expect(rules('Statements')).toEqual([{ ...unfinished, NoncurrentVersionExpiration: { NoncurrentDays: 90 } }]);
    expect(rules('AccessLogs')).toEqual([{ ...unfinished, ExpirationInDays: 365, NoncurrentVersionExpiration: { NoncurrentDays: 30 } }]);
  });
});

describe('Repository', () => {
  const stack = stackIn();
  new aws.Repository(stack, 'Images', { repositoryName: 'team/app', keep: 30 });
  const repository = only(stack, 'AWS::ECR::Repository');

  test('A-ECR-01 A-ECR-02 A-ECR-03 tags never move, images are scanned and encrypted with a customer key', () => {
    expect(repository.Properties).toMatchObject({
      RepositoryName: 'team/app',
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: { 'Fn::GetAtt': [only(stack, 'AWS::KMS::Key').id, 'Arn'] } },
    });
    expect(repository.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test('A-ECR-04 untagged images go after a week, the newest stay', () => {
    const { rules } = JSON.parse(repository.Properties.LifecyclePolicy.LifecyclePolicyText);
    expect(rules.map((rule: { selection: object }) => rule.selection)).toEqual([
      { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 7, countUnit: 'days' },
      { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 30 },
    ]);
  });

  test('A-ECR-05 nobody is named by policy', () => {
    expect(repository.Properties.RepositoryPolicyText).toBeUndefined();
  });

  test('keeps 100 images unless told, and takes a key of the user', () => {
    const other = stackIn();
    const encryptionKey = new aws.EncryptionKey(other, 'Shared');
    new aws.Repository(other, 'Images', { encryptionKey });
    const { LifecyclePolicy, EncryptionConfiguration } = only(other, 'AWS::ECR::Repository').Properties;
    expect(JSON.parse(LifecyclePolicy.LifecyclePolicyText).rules[1].selection.countNumber).toBe(100);
    expect(EncryptionConfiguration.KmsKey).toEqual({ 'Fn::GetAtt': [only(other, 'AWS::KMS::Key').id, 'Arn'] });
  });

  test.each([[0], [-1], [1.5], [Number.NaN]])('keep %d is refused', (keep) => {
    expect(thrown(() => new aws.Repository(stackIn(), 'Images', { keep }))).toBe(
      `KeepInvalid: [Platform/Images]: keep is ${keep}, not a positive number of images; give 1 or more (KeepInvalid)`,
    );
  });
});

test('data of a stack without account and region refers to its own', () => {
  const stack = new Stack();
  new aws.Bucket(stack, 'Statements');
  const text = JSON.stringify(Template.fromStack(stack).toJSON());
  expect(text).not.toContain('111122223333');
  expect(text).toContain('{"Ref":"AWS::AccountId"}');
});

test('what is ephemeral does not decide how long the logs of what stays are kept', () => {
  const stack = stackIn();
  new aws.Bucket(stack, 'Preview', { lifecycle: aws.Lifecycle.ephemeral() });
  new aws.Bucket(stack, 'Statements');
  const logs = resources(stack, 'AWS::S3::Bucket').filter(({ id }) => id.includes('AccessLogs'));
  expect(logs.map(({ DeletionPolicy }) => DeletionPolicy).sort()).toEqual(['Delete', 'RetainExceptOnCreate']);
});

test('two buckets of one id in a stack log below their own paths', () => {
  const stack = stackIn();
  for (const team of ['Ledger', 'Shop']) new aws.Bucket(new Construct(stack, team), 'Objects');
  const prefixes = resources(stack, 'AWS::S3::Bucket').flatMap(({ Properties }) => Properties.LoggingConfiguration?.LogFilePrefix ?? []);
  expect(prefixes.sort()).toEqual(['Ledger/Objects/', 'Shop/Objects/']);
});

test('an ephemeral repository goes with the images in it', () => {
  const stack = stackIn();
  new aws.Repository(stack, 'Images', { lifecycle: aws.Lifecycle.ephemeral() });
  expect(only(stack, 'AWS::ECR::Repository').Properties.EmptyOnDelete).toBe(true);
});
