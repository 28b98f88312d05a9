import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aws, CfnCondition, CfnOutput, CfnParameter, CfnResource, Fn, NestedStack, SecretValue, Stack, Stage } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { buildInventory, type Files, type Inventory, type Reading, Reference, readAssembly, Text, Unknown } from '../../lib/inventory';
import { failure } from './failure';

const files: Files = { read: (path) => readFileSync(path, 'utf8'), list: (folder) => readdirSync(folder), exists: existsSync };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const ENV = { account: '111122223333', region: 'eu-west-1' };
const RECORD = { kind: 'exemption', control: 'A-S3-01', owner: 'storage', reason: 'a public site', until: '2027-01-01' };

interface Options {
  readonly metadata?: boolean;
  readonly context?: { [key: string]: unknown };
}

function synthesize(build: (app: App) => void, { metadata = true, context = {} }: Options = {}): string {
  const outdir = mkdtempSync(join(tmpdir(), 'assembly-'));
  folders.push(outdir);
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: { 'aws:cdk:enable-path-metadata': metadata, 'aws:cdk:enable-asset-metadata': metadata, ...context },
  });
  build(app);
  app.synth();
  return outdir;
}
function read(build: (app: App) => void, options?: Options): { reading: Reading; inventory: Inventory } {
  const reading = readAssembly(synthesize(build, options), files);
  return { reading, inventory: buildInventory([reading]) };
}
const accept = (construct: Construct, control: string): void =>
  construct.node.addMetadata('cdk-bulwark:acceptance', { ...RECORD, control });

/** A stage, a nested stack that is given a parameter and gives an output back, and acceptances on the way. */
function staged(app: App): void {
  const stage = new Stage(app, 'Prod');
  const stack = new Stack(stage, 'Data', { env: ENV });
  const nested = new NestedStack(stack, 'Nested');
  const inner = new Bucket(nested, 'Inner');
  const outer = new Bucket(stack, 'Outer');
  const role = new Role(nested, 'Reader', { assumedBy: new AccountRootPrincipal() });
  outer.grantRead(role);
  new CfnOutput(stack, 'InnerArn', { value: inner.bucketArn });
  accept(stack, 'A-S3-02');
  accept(inner, 'A-S3-03');
}

describe.each([true, false])('stages and nested stacks, path metadata in the templates: %s', (metadata) => {
  const { reading, inventory } = read(staged, { metadata });

  test('every template is read under the name of its stack', () => {
    expect(
      inventory.stacks.map(({ name, account, region }) => [name.replace(/\/[^/]*NestedStackResource.*$/, '/nested'), account, region]),
    ).toEqual([
      ['Prod/Data', '111122223333', 'eu-west-1'],
      ['Prod/Data/nested', '111122223333', 'eu-west-1'],
    ]);
  });

  test('every resource has its construct path', () => {
    expect(inventory.ofType('AWS::S3::Bucket').map(({ source }) => source.path)).toEqual(['Prod/Data/Outer', 'Prod/Data/Nested/Inner']);
    expect(inventory.ofType('AWS::IAM::Policy')[0].source.path).toBe('Prod/Data/Nested/Reader/DefaultPolicy');
    expect(inventory.ofType('AWS::S3::Bucket')[1].source.file).toMatch(/assembly-Prod\/ProdDataNested.*\.nested\.template\.json$/);
  });

  test('a parameter of the nested stack leads to the resource outside', () => {
    const [outer] = inventory.ofType('AWS::S3::Bucket');
    const statement = (
      inventory.ofType('AWS::IAM::Policy')[0].properties.PolicyDocument as { Statement: { Resource: [Reference, Text] }[] }
    ).Statement[0];
    expect(inventory.find(statement.Resource[0])).toBe(outer);
    expect(statement.Resource[1]).toEqual(new Text([new Reference('Prod/Data', outer.logicalId, 'Arn'), '/*']));
  });

  test('an output of the nested stack leads to the resource inside', () => {
    expect(inventory.find(inventory.stacks[0].outputs.InnerArn)).toBe(inventory.ofType('AWS::S3::Bucket')[1]);
  });

  test('acceptances are found with the construct path they stand on', () => {
    expect(reading.acceptances.map(({ control, kind, owner, scope }) => [control, kind, owner, scope.path])).toEqual([
      ['A-S3-02', 'exemption', 'storage', 'Prod/Data'],
      ['A-S3-03', 'exemption', 'storage', 'Prod/Data/Nested/Inner'],
    ]);
    expect(reading.notices).toEqual([]);
  });
});

describe('references between stacks', () => {
  const build = (app: App): void => {
    const producer = new Stack(app, 'Producer', { env: ENV });
    const bucket = new Bucket(producer, 'Bucket');
    const consumer = new Stack(app, 'Consumer', { env: ENV });
    new CfnOutput(consumer, 'Arn', { value: `${bucket.bucketArn}/*` });
  };

  test.each([
    ['exports', {}],
    ['weak', { '@aws-cdk/core:defaultCrossStackReferences': 'weak' }],
    ['both', { '@aws-cdk/core:defaultCrossStackReferences': 'both' }],
  ])('by %s lead to the resource', (_, context) => {
    const { inventory } = read(build, { context });
    const [bucket] = inventory.ofType('AWS::S3::Bucket');
    const consumer = inventory.stacks.find(({ name }) => name === 'Consumer');
    expect(consumer?.outputs.Arn).toEqual(new Text([new Reference('Producer', bucket.logicalId, 'Arn'), '/*']));
  });

  test('an import from a stack that is not here is unknown', () => {
    const { inventory } = read((app) => {
      const stack = new Stack(app, 'Alone');
      new CfnOutput(stack, 'Vpc', { value: Fn.importValue('shared-vpc') });
    });
    expect(inventory.stacks[0].outputs.Vpc).toEqual(new Unknown('import shared-vpc'));
  });
});

describe('tokens of stacks whose environment is not known', () => {
  const { inventory } = read((app) => {
    const stack = new Stack(app, 'Agnostic');
    const stage = new CfnParameter(stack, 'Stage');
    const condition = new CfnCondition(stack, 'IsProd', { expression: Fn.conditionEquals(stage, 'prod') });
    new CfnResource(stack, 'Subject', {
      type: 'AWS::X::Y',
      properties: {
        Account: stack.account,
        Arn: stack.formatArn({ service: 's3', resource: 'x' }),
        Choice: Fn.conditionIf(condition.logicalId, 'a', 'b'),
        Fixed: Fn.conditionIf(condition.logicalId, 'a', 'a'),
        Absent: Fn.conditionIf(condition.logicalId, Aws.NO_VALUE, Aws.NO_VALUE),
        Zone: Fn.select(0, Fn.getAzs()),
        Secret: SecretValue.secretsManager('name').unsafeUnwrap(),
        Parameter: stage.valueAsString,
        Name: stack.stackName,
      },
    });
  });
  const { properties } = inventory.ofType('AWS::X::Y')[0];

  test('account and partition are references', () => {
    expect(inventory.stacks[0]).toMatchObject({ account: undefined, region: undefined });
    expect(properties.Account).toEqual(new Reference('Agnostic', 'AWS::AccountId', 'Ref'));
    expect(String(properties.Arn)).toBe('arn:${AWS::Partition}:s3:${AWS::Region}:${AWS::AccountId}:x');
  });

  test('conditions are choices unless their options agree', () => {
    expect(properties.Choice).toMatchObject({ condition: 'IsProd', options: ['a', 'b'] });
    expect(properties.Fixed).toBe('a');
    expect(properties).not.toHaveProperty('Absent');
  });

  test('zones, secrets and parameters are unknown', () => {
    expect(properties.Zone).toBeInstanceOf(Unknown);
    expect(properties.Secret).toEqual(new Unknown('dynamic reference secretsmanager:name:SecretString:::'));
    expect(properties.Parameter).toEqual(new Unknown('parameter Stage'));
    expect(properties.Name).toBe('Agnostic');
  });
});

describe('folders that are no cloud assembly', () => {
  const folder = (content: { [name: string]: string }): string => {
    const made = mkdtempSync(join(tmpdir(), 'assembly-'));
    folders.push(made);
    for (const [name, text] of Object.entries(content)) writeFileSync(join(made, name), text);
    return made;
  };
  const stack = (properties: object, more: object = {}): string =>
    JSON.stringify({ version: '55.0.0', artifacts: { S: { type: 'aws:cloudformation:stack', properties, ...more } } });

  test.each([
    ['nothing', {}, /has no manifest\.json and is no cloud assembly; run 'cdk synth', or pass the folder it wrote \(AssemblyMissing\)$/],
    ['broken JSON', { 'manifest.json': '{' }, /manifest\.json: the file is no JSON \(.*\); synthesize again \(AssemblyInvalid\)$/],
    [
      'a foreign manifest',
      { 'manifest.json': '{"name":"app"}' },
      /manifest\.json: the manifest has no artifacts and is not that of a cloud assembly/,
    ],
    [
      'a stack without template',
      { 'manifest.json': stack({}) },
      /the stack 'S' names no templateFile; synthesize again \(AssemblyInvalid\)$/,
    ],
    [
      'a template that is gone',
      { 'manifest.json': stack({ templateFile: 'S.json' }) },
      /the stack 'S' names the template 'S\.json', which is not there/,
    ],
    [
      'a broken template',
      { 'manifest.json': stack({ templateFile: 'S.json' }), 'S.json': '{"Resources":{"A":{}}}' },
      /S\.json:1: the resource 'A' has no Type/,
    ],
  ])('%s', (_, content, message) => {
    expect(failure(() => readAssembly(folder(content), files)).message).toMatch(message);
  });

  test('a folder that is not there', () => {
    expect(failure(() => readAssembly('/nowhere/cdk.out/', files)).message).toBe(
      "/nowhere/cdk.out: the folder '/nowhere/cdk.out' has no manifest.json and is no cloud assembly; run 'cdk synth', or pass the folder it wrote (AssemblyMissing)",
    );
  });

  test('metadata of older libraries stands in the manifest; unreadable records are noticed', () => {
    const metadata = {
      '/S/Bucket': [
        { type: 'cdk-bulwark:acceptance', data: RECORD },
        { type: 'cdk-bulwark:acceptance', data: 'x' },
      ],
      '/S': 'broken',
    };
    const reading = readAssembly(
      folder({ 'manifest.json': stack({ templateFile: 'S.json' }, { metadata }), 'S.json': '{"Resources":{}}' }),
      files,
    );
    expect(reading.acceptances).toEqual([{ ...RECORD, scope: { stack: 'S', path: 'S/Bucket' } }]);
    expect(reading.notices.map(({ code }) => code)).toEqual(['AcceptanceUnreadable']);
  });

  test('a metadata file that is gone is noticed', () => {
    const made = folder({
      'manifest.json': stack({ templateFile: 'S.json' }, { additionalMetadataFile: 'S.metadata.json' }),
      'S.json': '{"Resources":{}}',
    });
    expect(readAssembly(made, files).notices.map(({ code }) => code)).toEqual(['MetadataMissing']);
  });

  test('nested stacks that contain each other end', () => {
    const nested = (child: string): string =>
      JSON.stringify({
        Resources: {
          N: {
            Type: 'AWS::CloudFormation::Stack',
            Metadata: { 'aws:asset:path': child },
            Properties: { Parameters: { P: { 'Fn::GetAtt': ['N', 'Outputs.O'] } } },
          },
        },
        Parameters: { P: {} },
        Outputs: { O: { Value: { Ref: 'P' } } },
      });
    const made = folder({ 'manifest.json': stack({ templateFile: 'A.json' }), 'A.json': nested('B.json'), 'B.json': nested('A.json') });
    const inventory = buildInventory([readAssembly(made, files)]);
    expect(inventory.stacks.map(({ name }) => name)).toEqual(['S', 'S/N']);
    expect(inventory.stacks[0].outputs.O).toBeInstanceOf(Unknown);
  });
});

test('a stack without resources is read as one', () => {
  const files = new Map([
    [
      'cdk.out/manifest.json',
      JSON.stringify({
        version: '1',
        artifacts: { Empty: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Empty.template.json' } } },
      }),
    ],
    ['cdk.out/Empty.template.json', JSON.stringify({ Parameters: { BootstrapVersion: { Type: 'String' } } })],
  ]);
  const reading = readAssembly('cdk.out', {
    read: (path) => files.get(path) ?? '',
    exists: (path) => files.has(path),
    list: () => [],
  });
  expect(reading.templates.map(({ stack }) => stack)).toEqual(['Empty']);
});
