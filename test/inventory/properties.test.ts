import { Yaml } from 'cdk8s';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { InputError } from '../../lib/error';
import {
  inventoryOf,
  type Json,
  type JsonObject,
  jsonTextOf,
  lineOf,
  parseJsonText,
  pathSteps,
  Reference,
  readManifests,
  readTemplate,
  readText,
  selects,
  sniff,
  Text,
  type Value,
} from '../../lib/inventory';

// The same cases on every run; remove the seed for a longer hunt.
fc.configureGlobal({ seed: 20_261_101 });

const OTHER = { Type: 'AWS::S3::Bucket' };
function resolved(value: unknown): Value {
  return inventoryOf({
    template: { Resources: { A: { Type: 'AWS::X::Y', Properties: { P: value } }, Other: OTHER } } as JsonObject,
  }).ofType('AWS::X::Y')[0].properties.P;
}

const literal = fc.string({ maxLength: 8 }).filter((text) => !/[${}]/.test(text));
const part = fc.oneof(
  literal.map((text) => ({ join: text as Json, sub: text })),
  fc.constantFrom('Other', 'AWS::Region', 'Nobody').map((name) => ({ join: { Ref: name } as Json, sub: `\${${name}}` })),
  fc.constantFrom('Arn', 'A.B').map((name) => ({ join: { 'Fn::GetAtt': ['Other', name] } as Json, sub: `\${Other.${name}}` })),
);

test('Fn::Sub and Fn::Join of the same parts agree', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const joined = resolved({ 'Fn::Join': ['', parts.map(({ join }) => join)] });
      expect(resolved({ 'Fn::Sub': parts.map(({ sub }) => sub).join('') })).toEqual(joined);
    }),
  );
});

test('Fn::Join undoes Fn::Split', () => {
  fc.assert(
    fc.property(literal, fc.constantFrom('-', '/', '::'), (text, delimiter) => {
      expect(resolved({ 'Fn::Join': [delimiter, { 'Fn::Split': [delimiter, text] }] })).toBe(text);
    }),
  );
});

test('no property value, however malformed its functions, throws or loses a plain string', () => {
  const name = fc.constantFrom(
    'Ref',
    'Fn::GetAtt',
    'Fn::Sub',
    'Fn::Join',
    'Fn::If',
    'Fn::ImportValue',
    'Fn::Split',
    'Fn::Select',
    'Fn::FindInMap',
    'Fn::Cidr',
    'Fn::Base64',
    'Fn::GetAZs',
    'Fn::ToJsonString',
    'Fn::Length',
    'Fn::GetStackOutput',
    'plain',
    'PolicyDocument',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('Other', 'C', '{"a":1}', '${Other}'),
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
      fc.string({ maxLength: 5 }),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(name, tie('tree'), { maxKeys: 2 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      expect(() => resolved(value)).not.toThrow();
      expect(resolved(['kept', value])).toEqual(expect.arrayContaining(['kept']));
    }),
    { numRuns: 500 },
  );
});

test('JSON text with open parts is read back as it was written', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(new Reference('S', 'Other', 'Arn')),
    literal.filter((text) => text !== '').map((text) => new Text([new Reference('S', 'Other', 'Arn'), text])),
  );
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ) as fc.Arbitrary<Value>,
  }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), (written) => {
      expect(parseJsonText(jsonTextOf(written))).toEqual(written);
    }),
  );
});

const word = fc.oneof(
  // Not `0o17`: cdk8s leaves it without quotes, and kubectl reads the number 15.
  fc.constantFrom('yes', 'no', 'on', 'off', 'y', 'n', '0644', '1_0', '1:30', '1e3', '.5', '~', 'null', '2026-11-23', '<<', '=', ''),
  fc.string({ maxLength: 12 }),
);

test('objects come back as cdk8s writes them, YAML 1.1 words included', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.dictionary(
          word.filter((key) => key !== '<<'),
          word,
          { maxKeys: 4, noNullPrototype: true },
        ),
        { minLength: 1, maxLength: 4 },
      ),
      (data) => {
        const objects = data.map((entries, index) => ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `c-${index}` },
          data: entries,
        }));
        expect(readManifests(Yaml.stringify(...objects)).kubernetes.map(({ object }) => object)).toEqual(objects);
      },
    ),
  );
});

test('JSON is read like YAML', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (extra) => {
      const object = { ...extra, apiVersion: 'v1', kind: 'Any', metadata: { name: 'a' } };
      const expected = JSON.parse(JSON.stringify(object)) as JsonObject;
      expect(readManifests(JSON.stringify(object)).kubernetes[0].object).toEqual(expected);
    }),
  );
});

/** Every path of a value, written as verdicts write them. */
function paths(value: Json, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => paths(item, `${at}[${index}]`));
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, child]) => paths(child, `${at}[${JSON.stringify(key)}]`));
}

test('lineOf finds every scalar of a document written one value a line', () => {
  const key = fc.string({ minLength: 1, maxLength: 6 });
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
      fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    ) as fc.Arbitrary<Json>,
  }));
  fc.assert(
    fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true }), (document) => {
      const all = paths(document);
      for (const text of [JSON.stringify(document, undefined, 2), dump(document)]) {
        // Scalars stand in the order of their lines, and none shares its line with another.
        const lines = all.map((path) => lineOf(text, 0, path) as number);
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
        all.forEach((path, index) => {
          const found = pathSteps(path).reduce<unknown>((node, step) => (node as { [key: string]: unknown })[step], document);
          expect(text.split('\n')[lines[index] - 1]).toContain(String(found));
        });
      }
    }),
  );
});

test('In and NotIn, Exists and DoesNotExist are opposites', () => {
  const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y'), { noNullPrototype: true });
  fc.assert(
    fc.property(labels, fc.constantFrom('a', 'b', 'z'), fc.array(fc.constantFrom('x', 'y')), (have, key, values) => {
      const by = (operator: string): boolean => selects({ matchExpressions: [{ key, operator, values }] }, have);
      expect(by('In')).toBe(!by('NotIn'));
      expect(by('Exists')).toBe(!by('DoesNotExist'));
    }),
  );
});

test('whatever text is given, a reading or one clear error comes back', () => {
  const piece = fc.constantFrom(
    'apiVersion: v1\n',
    'kind: Pod\n',
    'metadata: {name: a}\n',
    '---\n',
    'Resources:\n',
    '  A:\n',
    '    Type: AWS::S3::Bucket\n',
    '- a\n',
    '{',
    '}',
    '[',
    '&a ',
    '*a',
    '!Ref ',
    '"',
    "'",
    '\t',
    ': ',
    '\u0000',
    '{{ .x }}',
    '|\n',
    '\uFEFF',
    '%YAML 1.1\n',
    '...\n',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      ),
      (text) => {
        sniff(text);
        for (const read of [readText, readManifests, readTemplate]) {
          try {
            read(text, { file: 'f' });
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
            expect((error as InputError).detail).toMatch(/^[^A-Z].*[^.]$|^Resources|^Outputs/s);
          }
        }
      },
    ),
    { numRuns: 1000 },
  );
});
