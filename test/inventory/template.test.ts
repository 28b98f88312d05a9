import {
  buildInventory,
  inventoryOf,
  type JsonObject,
  jsonTextOf,
  parseJsonText,
  Reference,
  readTemplate,
  Text,
  Unknown,
  type Value,
} from '../../lib/inventory';

const OTHER = { Type: 'AWS::S3::Bucket' };

/** What a property holds once a template was read. */
function resolved(value: unknown, rest: JsonObject = {}, options: { account?: string; region?: string } = {}): Value {
  const template = {
    ...rest,
    Resources: { Subject: { Type: 'AWS::X::Y', Properties: { P: value } }, Other: OTHER, ...(rest.Resources as JsonObject) },
  } as JsonObject;
  const inventory = buildInventory([readTemplate(template, { stack: 'S', ...options })]);
  return inventory.ofType('AWS::X::Y')[0].properties.P;
}
const ref = (logicalId: string, attribute = 'Ref'): Reference => new Reference('S', logicalId, attribute);

describe('references', () => {
  test('Ref and both forms of GetAtt', () => {
    expect(resolved({ Ref: 'Other' })).toEqual(ref('Other'));
    expect(resolved({ 'Fn::GetAtt': ['Other', 'Arn'] })).toEqual(ref('Other', 'Arn'));
    expect(resolved({ 'Fn::GetAtt': 'Other.Endpoint.Address' })).toEqual(ref('Other', 'Endpoint.Address'));
    expect(resolved({ 'Fn::GetAtt': ['Other', 'Endpoint', 'Address'] })).toEqual(ref('Other', 'Endpoint.Address'));
  });

  test('find leads to the resource', () => {
    const inventory = inventoryOf({
      template: { Resources: { A: { Type: 'AWS::X::Y', Properties: { P: { Ref: 'Other' } } }, Other: OTHER } },
    });
    const [subject] = inventory.ofType('AWS::X::Y');
    expect(inventory.find(subject.properties.P)).toBe(inventory.ofType('AWS::S3::Bucket')[0]);
    expect(inventory.find('Other')).toBeUndefined();
    expect(inventory.find(undefined)).toBeUndefined();
  });

  test('pseudo parameters are references, but account and region of a known environment are text', () => {
    expect(resolved({ Ref: 'AWS::Partition' })).toEqual(ref('AWS::Partition'));
    expect(resolved({ Ref: 'AWS::Region' })).toEqual(ref('AWS::Region'));
    expect(resolved({ 'Fn::Sub': '${AWS::AccountId}/${AWS::Region}' }, {}, { account: '111122223333', region: 'eu-west-1' })).toBe(
      '111122223333/eu-west-1',
    );
  });

  test('parameters are unknown, whatever their default', () => {
    expect(resolved({ Ref: 'Size' }, { Parameters: { Size: { Type: 'Number', Default: 3 } } })).toEqual(new Unknown('parameter Size'));
  });

  test('NoValue leaves nothing behind', () => {
    expect(resolved({ a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] })).toEqual({ b: [1] });
  });

  test('what is referred to is listed for dependencies, once, without pseudo parameters', () => {
    const template = {
      Resources: {
        A: {
          Type: 'AWS::X::Y',
          DependsOn: 'Other',
          Properties: { P: { 'Fn::Sub': ['${Other.Arn}-${x}-${AWS::Region}-${!No}', { x: { Ref: 'Third' } }] }, Q: { Ref: 'Other' } },
        },
        Other: OTHER,
        Third: OTHER,
      },
    };
    const [subject] = inventoryOf({ template }).ofType('AWS::X::Y');
    expect(subject.dependsOn).toEqual(['Other']);
    expect(subject.refersTo.filter((name) => name !== 'x')).toEqual(['Other', 'Third']);
    expect(subject.refersTo).not.toContain('x');
  });
});

describe('texts', () => {
  test.each([
    [{ 'Fn::Join': ['-', ['a', 'b', 3]] }, 'a-b-3'],
    [{ 'Fn::Join': ['', []] }, ''],
    [{ 'Fn::Sub': 'a${!b}' }, 'a${b}'],
    [{ 'Fn::Sub': ['${x}${x}', { x: 'a' }] }, 'aa'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [{ 'Fn::Select': [0, ['a', 'b']] }, 'a'],
    [{ 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    [{ 'Fn::Length': [1, 2] }, 2],
    [{ 'Fn::ToJsonString': { a: [1, 'b'] } }, '{"a":[1,"b"]}'],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    [{ 'Fn::Cidr': ['192.168.4.77/24', '2', '4'] }, ['192.168.4.0/28', '192.168.4.16/28']],
  ])('%j is %j', (value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test('known and open parts stay apart', () => {
    expect(resolved({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', 'aws', ':policy/X']] })).toEqual(
      new Text(['arn:', ref('AWS::Partition'), ':iam::aws:policy/X']),
    );
    expect(resolved({ 'Fn::Sub': '${Other.Arn}' })).toEqual(ref('Other', 'Arn'));
    expect(resolved({ 'Fn::Sub': '${Other.Arn}/*' })).toEqual(new Text([ref('Other', 'Arn'), '/*']));
  });

  test('a split at a separator that no open part can hold', () => {
    const arn = { 'Fn::Sub': 'a/${Other}/c' };
    expect(resolved({ 'Fn::Select': [2, { 'Fn::Split': ['/', arn] }] })).toBe('c');
    expect(resolved({ 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-${x}'] }] })).toBe('${x}');
    expect(resolved({ 'Fn::Select': [1, { 'Fn::Split': ['//', { 'Fn::GetAtt': ['Other', 'Url'] }] }] })).toEqual(
      new Unknown('part of ${Other.Url}'),
    );
  });

  test('dynamic references are unknown, inside text and around references too', () => {
    expect(resolved('{{resolve:ssm:/a/b}}')).toEqual(new Unknown('dynamic reference ssm:/a/b'));
    expect(resolved('x{{resolve:ssm:/a}}y')).toEqual(new Text(['x', new Unknown('dynamic reference ssm:/a'), 'y']));
    expect(resolved({ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Other' }, ':SecretString:password::}}']] })).toEqual(
      new Unknown('dynamic reference secretsmanager:${Other}:SecretString:password::'),
    );
  });
});

describe('conditions', () => {
  const parameters = { Stage: { Type: 'String' } };
  const when = (condition: unknown) =>
    resolved({ 'Fn::If': ['C', 'yes', 'no'] }, { Parameters: parameters, Conditions: { C: condition } } as JsonObject);
  const open = { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] };
  const holds = { 'Fn::Equals': ['a', 'a'] };
  const fails = { 'Fn::Equals': ['a', 'b'] };

  test.each([
    [holds, 'yes'],
    [fails, 'no'],
    [{ 'Fn::Not': [fails] }, 'yes'],
    [{ 'Fn::And': [holds, fails] }, 'no'],
    [{ 'Fn::And': [open, fails] }, 'no'],
    [{ 'Fn::Or': [open, holds] }, 'yes'],
    [{ Condition: 'C' }, undefined],
    [open, undefined],
    [{ 'Fn::And': [open, holds] }, undefined],
    ['nonsense', undefined],
  ])('%j', (condition, expected) => {
    const value = when(condition);
    if (expected === undefined) expect(value).toMatchObject({ condition: 'C', options: ['yes', 'no'] });
    else expect(value).toBe(expected);
  });

  test('by name, and on a known environment', () => {
    const Conditions = { A: { Condition: 'B' }, B: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } };
    expect(resolved({ 'Fn::If': ['A', 1, 2] }, { Conditions }, { region: 'eu-west-1' })).toBe(1);
    expect(resolved({ 'Fn::If': ['A', 1, 2] }, { Conditions }, { region: 'eu-west-2' })).toBe(2);
    expect(resolved({ 'Fn::If': ['A', 1, 2] }, { Conditions })).toMatchObject({ options: [1, 2] });
  });

  test('equal options are no choice', () => {
    const rest = { Parameters: parameters, Conditions: { C: open } } as JsonObject;
    expect(resolved({ 'Fn::If': ['C', { Ref: 'Other' }, { Ref: 'Other' }] }, rest)).toEqual(ref('Other'));
    expect(resolved({ a: { 'Fn::If': ['C', 1, { Ref: 'AWS::NoValue' }] } }, rest)).toMatchObject({
      a: { condition: 'C', options: [1, expect.anything()] },
    });
  });

  test('a resource exists unless its condition is ruled out', () => {
    const template = (region?: string) =>
      buildInventory([
        readTemplate(
          {
            Conditions: { There: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
            Resources: { A: { Type: 'AWS::X::Y', Condition: 'There' }, B: { Type: 'AWS::X::Y', Condition: 'Nobody' } },
          },
          { region },
        ),
      ]).cloudformation.map(({ logicalId }) => logicalId);
    expect(template()).toEqual(['A', 'B']);
    expect(template('eu-west-1')).toEqual(['A', 'B']);
    expect(template('us-east-1')).toEqual(['B']);
  });

  test('a choice inside a text is a choice of texts', () => {
    const rest = { Parameters: parameters, Conditions: { C: open } } as JsonObject;
    expect(resolved({ 'Fn::Join': ['', ['x-', { 'Fn::If': ['C', 'a', 'b'] }]] }, rest)).toMatchObject({
      condition: 'C',
      options: ['x-a', 'x-b'],
    });
  });
});

describe('mappings', () => {
  const Mappings = { Zones: { 'eu-west-1': { size: 'a', same: 's' }, 'us-east-1': { size: 'b', same: 's' } } };

  test('known keys give the value, an open one a choice, equal values no choice', () => {
    expect(resolved({ 'Fn::FindInMap': ['Zones', 'eu-west-1', 'size'] }, { Mappings })).toBe('a');
    expect(resolved({ 'Fn::FindInMap': ['Zones', { Ref: 'AWS::Region' }, 'size'] }, { Mappings }, { region: 'us-east-1' })).toBe('b');
    expect(resolved({ 'Fn::FindInMap': ['Zones', { Ref: 'AWS::Region' }, 'size'] }, { Mappings })).toMatchObject({ options: ['a', 'b'] });
    expect(resolved({ 'Fn::FindInMap': ['Zones', { Ref: 'AWS::Region' }, 'same'] }, { Mappings })).toBe('s');
    expect(resolved({ 'Fn::FindInMap': ['Zones', 'mars', 'size', { DefaultValue: 'd' }] }, { Mappings })).toBe('d');
  });
});

describe('malformed and unresolvable functions are unknown, never a crash', () => {
  test.each([
    [{ Ref: 'Nobody' }],
    [{ Ref: 7 }],
    [{ Ref: null }],
    [{ 'Fn::GetAtt': 'Other' }],
    [{ 'Fn::GetAtt': [] }],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }],
    [{ 'Fn::Sub': null }],
    [{ 'Fn::Sub': [1, 2] }],
    [{ 'Fn::Sub': '${}' }],
    [{ 'Fn::Join': ['-'] }],
    [{ 'Fn::Join': ['-', 'a'] }],
    [{ 'Fn::Join': ['-', { Ref: 'Other' }] }],
    [{ 'Fn::If': ['C'] }],
    [{ 'Fn::ImportValue': 'nowhere' }],
    [{ 'Fn::ImportValue': { Ref: 'Other' } }],
    [{ 'Fn::Split': ',' }],
    [{ 'Fn::Select': [9, ['a']] }],
    [{ 'Fn::Select': ['x', ['a']] }],
    [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    [{ 'Fn::FindInMap': ['M', 'a', 'b'] }],
    [{ 'Fn::FindInMap': 'M' }],
    [{ 'Fn::Cidr': ['10.0.0.0/30', 9, 8] }],
    [{ 'Fn::Cidr': 'x' }],
    [{ 'Fn::GetAZs': { Ref: 'AWS::Region' } }],
    [{ 'Fn::Transform': { Name: 'X' } }],
    [{ 'Fn::GetStackOutput': 'x' }],
    [{ 'Fn::GetStackOutput': { StackName: 'x', OutputName: 'y' } }],
    [{ 'Fn::Base64': { Ref: 'Other' } }],
    [{ 'Fn::Nonsense': 1 }],
  ])('%j', (value) => {
    expect(resolved(value)).toBeInstanceOf(Unknown);
  });

  test('nesting without end', () => {
    let value: unknown = 'x';
    for (let level = 0; level < 5000; level += 1) value = { 'Fn::Join': ['', [value]] };
    expect(JSON.stringify(resolved(value))).toContain('nesting too deep');
  });
});

test('short-form tags of YAML mean what the long forms mean', () => {
  const yaml = `
Parameters: { Stage: { Type: String } }
Conditions:
  Prod: !Equals [!Ref Stage, prod]
  Both: !And [!Condition Prod, !Not [!Condition Prod], !Or [!Equals [a, a], !Equals [a, b]]]
Resources:
  Other: { Type: AWS::S3::Bucket }
  A:
    Type: AWS::X::Y
    Condition: Both
    Properties:
      Ref: !Ref Other
      Attribute: !GetAtt Other.Arn
      Listed: !GetAtt [Other, Arn]
      Sub: !Sub "\${Other.Arn}/*"
      SubMap: !Sub ["\${x}-1", { x: !Ref Other }]
      Join: !Join ["-", [a, !Ref Other]]
      If: !If [Prod, 1, !Ref AWS::NoValue]
      Import: !ImportValue "shared-vpc"
      ImportSub: !ImportValue
        Fn::Sub: "\${Stage}-vpc"
      Select: !Select [1, !Split [",", "a,b"]]
      Cidr: !Cidr ["10.0.0.0/24", 1, 5]
      Zones: !GetAZs ""
      Data: !Base64 hello
      Macro: !Transform { Name: X, Parameters: { a: 1 } }
      Mode: 0644
      Day: 2012-10-17
      Switch: off
      Answer: y
`;
  const long = {
    Ref: { Ref: 'Other' },
    Attribute: { 'Fn::GetAtt': ['Other', 'Arn'] },
    Listed: { 'Fn::GetAtt': ['Other', 'Arn'] },
    Sub: { 'Fn::Sub': '${Other.Arn}/*' },
    SubMap: { 'Fn::Sub': ['${x}-1', { x: { Ref: 'Other' } }] },
    Join: { 'Fn::Join': ['-', ['a', { Ref: 'Other' }]] },
    If: { 'Fn::If': ['Prod', 1, { Ref: 'AWS::NoValue' }] },
    Import: { 'Fn::ImportValue': 'shared-vpc' },
    ImportSub: { 'Fn::ImportValue': { 'Fn::Sub': '${Stage}-vpc' } },
    Select: 'b',
    Cidr: ['10.0.0.0/27'],
    Zones: { 'Fn::GetAZs': '' },
    Data: 'aGVsbG8=',
    Macro: { 'Fn::Transform': { Name: 'X', Parameters: { a: 1 } } },
  };
  const [fromYaml] = buildInventory([readTemplate(yaml, { stack: 'S' })]).ofType('AWS::X::Y');
  const { Mode, Day, Switch, Answer, ...properties } = fromYaml.properties;
  expect(properties).toEqual(
    resolved(long, { Parameters: { Stage: {} }, Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } } }),
  );
  // YAML 1.1, as CloudFormation documents it.
  expect([Mode, Day, Switch, Answer]).toEqual([420, '2012-10-17', false, 'y']);
  expect(fromYaml.condition).toBe('Both');
});

describe('JSON inside text', () => {
  const trust = (effect: unknown) => ({ Version: '2012-10-17', Statement: [{ Effect: effect }] });

  test('a policy given as text becomes an object, keys that embed references included', () => {
    const text =
      '{"Statement":[{"Principal":{"Federated":"${Other.Arn}"},"Condition":{"StringEquals":{"${Other.Url}:sub":"system:serviceaccount:a:b"}}}]}';
    const [role] = inventoryOf({
      template: {
        Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { 'Fn::Sub': text } } }, Other: OTHER },
      },
    }).ofType('AWS::IAM::Role');
    expect(role.properties.AssumeRolePolicyDocument).toEqual({
      Statement: [
        {
          Principal: { Federated: new Reference('template', 'Other', 'Arn') },
          Condition: { StringEquals: { '${Other.Url}:sub': 'system:serviceaccount:a:b' } },
        },
      ],
    });
  });

  test.each(['PolicyDocument', 'AssumeRolePolicyDocument', 'KeyPolicy', 'ResourcePolicy', 'RepositoryPolicyText'])(
    '%s by Fn::Join, also deeper',
    (name) => {
      const join = { 'Fn::Join': ['', ['{"Version":"2012-10-17","Statement":[{"Effect":"', { Ref: 'Other' }, '"}]}']] };
      expect(resolved({ Policies: [{ [name]: join }] })).toEqual({ Policies: [{ [name]: trust(ref('Other')) }] });
    },
  );

  test('text that is no JSON, and other properties, stay text', () => {
    expect(resolved({ PolicyDocument: 'arn:aws:x', Name: '{"a":1}' })).toEqual({ PolicyDocument: 'arn:aws:x', Name: '{"a":1}' });
  });

  test('parseJsonText on demand', () => {
    expect(parseJsonText('{"a":[1,true,null]}')).toEqual({ a: [1, true, null] });
    expect(parseJsonText(new Text(['{"a":', ref('Other'), ',"b":"x', ref('Other'), '"}']))).toEqual({
      a: ref('Other'),
      b: new Text(['x', ref('Other')]),
    });
    expect(parseJsonText('hello')).toBeUndefined();
    expect(parseJsonText('{"a":')).toBeUndefined();
    expect(parseJsonText(new Unknown('x'))).toBeUndefined();
    expect(parseJsonText(undefined)).toBeUndefined();
  });

  test('jsonTextOf is its inverse', () => {
    const value = { a: ref('Other'), b: [1, new Text(['x', ref('Other', 'Arn')])], c: 'q"uote' };
    expect(parseJsonText(jsonTextOf(value))).toEqual(value);
  });
});

describe('several templates', () => {
  const reading = (stack: string, template: object) => readTemplate(template as JsonObject, { stack });
  const user = (value: unknown) => reading('User', { Resources: { A: { Type: 'AWS::X::Y', Properties: { P: value } } } });

  test('an import leads to the exporting template, in any order', () => {
    const producer = reading('Net', {
      Resources: { Vpc: { Type: 'AWS::EC2::VPC' } },
      Outputs: { V: { Value: { Ref: 'Vpc' }, Export: { Name: { 'Fn::Sub': 'shared-${!x}' } } } },
    });
    for (const readings of [
      [producer, user({ 'Fn::ImportValue': 'shared-${x}' })],
      [user({ 'Fn::ImportValue': 'shared-${x}' }), producer],
    ]) {
      const inventory = buildInventory(readings);
      const [subject] = inventory.ofType('AWS::X::Y');
      expect(subject.properties.P).toEqual(new Reference('Net', 'Vpc', 'Ref'));
      expect(inventory.find(subject.properties.P)?.type).toBe('AWS::EC2::VPC');
    }
  });

  test('exports that refer to each other in a ring stay unknown', () => {
    const ring = (stack: string, own: string, other: string) =>
      reading(stack, { Resources: {}, Outputs: { O: { Value: { 'Fn::ImportValue': other }, Export: { Name: own } } } });
    const inventory = buildInventory([ring('A', 'a', 'b'), ring('B', 'b', 'a'), user({ 'Fn::ImportValue': 'a' })]);
    expect(inventory.ofType('AWS::X::Y')[0].properties.P).toBeInstanceOf(Unknown);
  });

  test('two templates of one name keep their own resources apart', () => {
    const one = reading('Same', {
      Resources: { A: { Type: 'AWS::X::Y', Properties: { P: { Ref: 'B' } } }, B: { Type: 'AWS::S3::Bucket' } },
    });
    const two = reading('Same', {
      Resources: { A: { Type: 'AWS::X::Y', Properties: { P: { Ref: 'B' } } }, B: { Type: 'AWS::SQS::Queue' } },
    });
    const inventory = buildInventory([one, two]);
    expect(inventory.ofType('AWS::X::Y').map(({ properties }) => inventory.find(properties.P)?.type)).toEqual([
      'AWS::S3::Bucket',
      'AWS::SQS::Queue',
    ]);
    expect(inventory.stacks.map(({ name }) => name)).toEqual(['Same', 'Same#2']);
  });

  test('outputs are resolved', () => {
    const inventory = buildInventory([
      reading('S', { Resources: { Other: OTHER }, Outputs: { A: { Value: { 'Fn::GetAtt': ['Other', 'Arn'] } }, Broken: 'x' } }),
    ]);
    expect(inventory.stacks[0].outputs).toEqual({ A: ref('Other', 'Arn') });
  });
});

test('macros and loops are noticed, since nobody sees here what they make', () => {
  const { notices } = readTemplate({
    Transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'],
    Resources: { 'Fn::ForEach::Buckets': ['x', ['a'], {}] },
  });
  expect(notices.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'TemplateTransform: the transform AWS::Serverless-2016-10-31 is expanded at deployment; what it adds or changes is not seen here',
    'TemplateTransform: Fn::ForEach::Buckets is expanded at deployment; what it adds or changes is not seen here',
  ]);
});
