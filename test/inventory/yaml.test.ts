import { lineOf, MAX_BYTES, pathSteps, readManifests, readTemplate, readText, sniff } from '../../lib/inventory';
import { failure } from './failure';

describe('input that cannot be read', () => {
  const said = (text: string): string => failure(() => readManifests(text, { file: 'bad.yaml' })).message;

  test('malformed YAML is an error with line and column', () => {
    expect(said('apiVersion: v1\nkind: Pod\nmetadata: [a\nspec: {}\n')).toMatch(
      /^bad\.yaml:4:\d+: the input is neither YAML nor JSON: .*; correct it at this place \(YamlInvalid\)$/,
    );
  });

  test('malformed JSON is an error with line', () => {
    expect(said('{"apiVersion": "v1",\n"kind": "Pod",\n"metadata": {"name" "a"}}')).toMatch(/^bad\.yaml:3(:\d+)?: .*\(YamlInvalid\)$/);
  });

  test('a tab as indentation', () => {
    expect(said('apiVersion: v1\nmetadata:\n\tname: a\n')).toMatch(/^bad\.yaml:3:\d+: .*tab.*\(YamlInvalid\)$/);
  });

  test('a duplicate key, with the line of the second', () => {
    expect(said('apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  name: b\n')).toMatch(
      /^bad\.yaml:5:\d+: .*duplicated mapping key.*\(YamlInvalid\)$/,
    );
  });

  test('a duplicate key in JSON too', () => {
    expect(said('{"apiVersion": "v1",\n"kind": "Pod",\n"kind": "Job"}')).toMatch(/^bad\.yaml:3:\d+: .*duplicated mapping key/);
  });

  test('an anchor that contains itself', () => {
    expect(said('apiVersion: v1\nkind: X\nmetadata: &loop\n  name: a\n  again: *loop\n')).toMatch(
      /^bad\.yaml(:\d+)*: an alias refers to a value that contains it; write the value out \(YamlCycle\)$/,
    );
  });

  test('aliases that blow up', () => {
    const lines = ['apiVersion: v1', 'kind: X', 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 10; level += 1)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    expect(said(`${lines.join('\n')}\n`)).toMatch(
      /^bad\.yaml: aliases expand to more than \d+ million values; write the values out \(YamlBomb\)$/,
    );
  });

  test('a few aliases are as good as the values written out', () => {
    const { kubernetes } = readManifests(
      'apiVersion: v1\nkind: X\nmetadata: {name: a, labels: &l {x: "1"}}\nspec: {selector: *l, other: {<<: *l, z: "2"}}\n',
    );
    expect(kubernetes[0].object.spec).toEqual({ selector: { x: '1' }, other: { x: '1', z: '2' } });
  });

  test('binary', () => {
    expect(said('PK\u0003\u0004\u0000\u0000\u0008')).toBe(
      'bad.yaml: the input has NUL bytes and is no text; pass YAML or JSON (InputBinary)',
    );
    expect(said('\u001f\ufffd\u0008abc\ufffd\ufffd')).toMatch(/^bad\.yaml.*\((InputBinary|YamlInvalid)\)$/);
  });

  test("a chart's template", () => {
    expect(said('apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n')).toMatch(
      /^bad\.yaml:4:\d+: the input holds '\{\{ \.\.\. \}\}' and looks like a chart's template; render it first, for example with 'helm template' \(HelmTemplate\)$/,
    );
    expect(said('{{- if .Values.on }}\napiVersion: v1\nkind: Pod\n{{- end }}\n')).toMatch(/\(HelmTemplate\)$/);
  });

  test('an unknown tag', () => {
    expect(said('apiVersion: v1\nkind: !!python/object:x.Y {}\n')).toMatch(/^bad\.yaml:2:\d+: .*tag.*\(YamlInvalid\)$/);
  });

  test.each([
    ['lists', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`, /^bad\.yaml:1:\d+: /],
    ['maps', `a: ${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}`, /^bad\.yaml:1:\d+: /],
    ['JSON', `{"a":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, /^bad\.yaml:1:\d+: /],
    ['JSON lists', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, /^bad\.yaml:1:\d+: /],
    ['indentation', Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /^bad\.yaml:\d+:\d+: /],
    ['dashes', `a:\n  ${'- '.repeat(10_000)}x`, /^bad\.yaml:2:\d+: /],
    [
      'aliases',
      ['a0: &a0 {}', ...Array.from({ length: 9_000 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}]`)].join('\n'),
      /^bad\.yaml: /,
    ],
  ])('nesting without end, of %s', (_, text, place) => {
    expect(said(text)).toMatch(place);
    expect(said(text)).toMatch(
      /: the input nests values more than 200 deep, as nothing that is deployed does; flatten it \(InputTooDeep\)$/,
    );
  });

  test('more aliases than a document has', () => {
    expect(said(`a: &a x\nb: [${'*a, '.repeat(10_001)}]`)).toMatch(
      /^bad\.yaml:2:\d+: a document has more than 10000 aliases; .* \(YamlBomb\)$/,
    );
  });

  test('merge keys that copy a map again and again', () => {
    const keys = Array.from({ length: 1_000 }, (_, at) => `k${at}: v`).join(', ');
    const text = `base: &base {${keys}}\n${Array.from({ length: 1_001 }, (_, at) => `m${at}: {<<: *base}`).join('\n')}\n`;
    expect(said(text)).toMatch(/: the merge keys of the input copy more than 1 million keys; write the values out \(YamlBomb\)$/);
  });

  test('what is larger than the limit names the limit', () => {
    const text = `# ${'x'.repeat(MAX_BYTES)}`;
    expect(said(text)).toBe('bad.yaml: the input has 65 MiB, more than 64; split it (InputTooLarge)');
  });

  test('50 MB are read', () => {
    const value = 'x'.repeat(1_000_000);
    const text = Array.from(
      { length: 50 },
      (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big-${index}}\ndata: {a: ${value}}\n`,
    ).join('---\n');
    expect(readManifests(text).kubernetes).toHaveLength(50);
  });
});

describe('lineOf', () => {
  const yaml = [
    '# head',
    'apiVersion: v1',
    'kind: Pod',
    'metadata: {name: a, annotations: {"example.com/a.b": x}}',
    'spec:',
    '  containers:',
    '    - name: one',
    '      image: a',
    '    - name: two',
    '      "image": >-',
    '        b',
    '      env: []',
    '---',
    'kind: Second',
    'items: [1,',
    '  2]',
    '',
  ].join('\n');

  test.each([
    [0, '', 2],
    [0, 'kind', 3],
    [0, 'metadata.annotations["example.com/a.b"]', 4],
    [0, 'spec.containers[0].image', 8],
    [0, 'spec.containers[1]', 9],
    [0, 'spec.containers[1].image', 10],
    [0, 'spec.containers[1].env', 12],
    [1, 'kind', 14],
    [1, 'items[1]', 16],
  ])('document %i, %s', (document, path, line) => {
    expect(lineOf(yaml, document, path)).toBe(line);
    expect(lineOf(`\uFEFF${yaml.replaceAll('\n', '\r\n')}`, document, path)).toBe(line);
  });

  test('what is missing has the line of its nearest ancestor', () => {
    expect(lineOf(yaml, 0, 'spec.containers[0].securityContext.runAsNonRoot')).toBe(7);
    expect(lineOf(yaml, 0, 'spec.hostNetwork')).toBe(5);
    expect(lineOf(yaml, 0, 'status')).toBe(2);
  });

  test('a document that is not there has no line', () => {
    expect(lineOf(yaml, 2, 'kind')).toBeUndefined();
    expect(lineOf('a: [', 0, 'a')).toBeUndefined();
  });

  test('JSON and templates', () => {
    const json = JSON.stringify(
      { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { 'a"b': 1, Tags: [{ Key: 'x' }] } } } },
      undefined,
      1,
    );
    const at = (needle: string): number => json.split('\n').findIndex((line) => line.includes(needle)) + 1;
    expect(lineOf(json, 0, 'Resources.Bucket.Properties.Tags[0].Key')).toBe(at('"Key"'));
    expect(lineOf(json, 0, 'Resources.Bucket.Properties["a\\"b"]')).toBe(at('a\\"b'));
    expect(
      lineOf(
        'Resources:\n  A:\n    Type: X::Y::Z\n    Properties:\n      P: !Sub\n        - a\n        - b: c\n',
        0,
        'Resources.A.Properties.P',
      ),
    ).toBe(5);
  });

  test('steps of a path', () => {
    expect(pathSteps('spec.containers[0].env[12]["a.b"].c')).toEqual(['spec', 'containers', 0, 'env', 12, 'a.b', 'c']);
  });
});

describe('sniff and readText', () => {
  test.each([
    ['apiVersion: v1\nkind: Pod\n', 'manifest'],
    ['# c\n---\nkind: Pod\napiVersion: v1\n', 'manifest'],
    ['{"apiVersion":"v1","kind":"List","items":[]}', 'manifest'],
    ['{apiVersion: v1, kind: Pod}', 'manifest'],
    ['kind: Pod\nmetadata: {}\n', 'manifest'],
    ['AWSTemplateFormatVersion: "2010-09-09"\nResources: {}\n', 'template'],
    ['Resources:\n  A:\n    Type: AWS::S3::Bucket\n', 'template'],
    ['{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}', 'template'],
    ['{"Outputs":{"A":{"Value":"x"}}}', 'template'],
    ['apiVersion: v1\nkind: ConfigMap\ndata:\n  t: |\n    AWSTemplateFormatVersion: "2010-09-09"\n    Resources:\n', 'manifest'],
    ['Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      M: |\n        apiVersion: v1\n        kind: Pod\n', 'template'],
    ['{Resources: {A: {Type: AWS::S3::Bucket}}}', 'template'],
    ['{"version":"55.0.0","artifacts":{}}', 'assembly'],
    ['{"name":"a-package","version":"1.0.0"}', 'neither'],
    ['{"Resources":[1,2]}', 'neither'],
    ['hello: world\n', 'neither'],
    ['', 'neither'],
    ['[]', 'neither'],
    ['{', 'neither'],
  ])('%j is %s', (text, kind) => {
    expect(sniff(text)).toBe(kind);
  });

  test('readText picks the reader', () => {
    expect(readText('apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n').kubernetes).toHaveLength(1);
    expect(readText('Resources:\n  A:\n    Type: AWS::S3::Bucket\n').templates).toHaveLength(1);
    expect(readText('# nothing\n').kubernetes).toEqual([]);
  });

  test.each([
    [
      '{"name":"x","version":"1.0.0"}',
      'the input has the keys name, version and is neither a Kubernetes manifest (apiVersion, kind) nor a CloudFormation template (Resources); leave it out (NotRecognised)',
    ],
    [
      '{}',
      'the input is an empty object and is neither a Kubernetes manifest (apiVersion, kind) nor a CloudFormation template (Resources); leave it out (NotRecognised)',
    ],
    [
      '[1]',
      'the input is a list and is neither a Kubernetes manifest (apiVersion, kind) nor a CloudFormation template (Resources); leave it out (NotRecognised)',
    ],
    [
      '{"version":"55.0.0","artifacts":{}}',
      'the input is the manifest of a cloud assembly; pass the folder that holds it (AssemblyManifest)',
    ],
  ])('%s', (text, message) => {
    expect(failure(() => readText(text, { file: 'x.json' })).message).toBe(`x.json: ${message}`);
  });

  test.each([
    ['{"name":"x"}', 'the input has the keys name but no Resources, so it is no template; pass a CloudFormation template (NotATemplate)'],
    ['apiVersion: v1\nkind: Pod\n', "the input is the Kubernetes object 'Pod', not a template; read it as a manifest (NotATemplate)"],
    ['[]', 'the input is a list, not a template; start it with Resources (NotATemplate)'],
    ['', 'the input has 0 documents where a template has one; pass one template per file (NotATemplate)'],
    [
      'Resources: {}\n---\nResources: {}\n',
      'the input has 2 documents where a template has one; pass one template per file (NotATemplate)',
    ],
    ['Resources: [a]\n', 'Resources is a list, not an object; correct it or leave it out (TemplateMalformed)'],
    ['Resources:\n  A: {}\n', "the resource 'A' has no Type; add it (TemplateMalformed)"],
    ['Resources: {}\nOutputs:\n', 'Outputs is empty, not an object; correct it or leave it out (TemplateMalformed)'],
  ])('a template is not %j', (text, message) => {
    const error = failure(() => readTemplate(text, { file: 'x.yaml' }));
    expect(`${error.detail} (${error.code})`).toBe(message);
    expect(error.place.file).toBe('x.yaml');
  });

  test('a malformed element of a template is named with its line', () => {
    expect(
      failure(() => readTemplate('Resources:\n  A:\n    Type: X::Y::Z\n  B:\n    Properties: {}\n', { file: 'x.yaml' })).place.line,
    ).toBe(4);
  });
});
