import type { Judgement } from '../../lib/audit';
import { buildInventory, readManifests, readTemplate } from '../../lib/inventory';
import { Texts } from '../../lib/posture/texts';
import { labelled } from '../audit/fakes';

const yaml = `# a file with comments
---
# the first
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  text: |
    some text
    - more
---

apiVersion: v1
kind: ConfigMap
metadata:
  name: b
  labels:
    app: "yes"
---
{"apiVersion": "v1", "kind": "ConfigMap",
 "metadata": {"name": "c"}}
`;

const judged = (resource: Judgement['resource'], at?: string): Judgement => ({
  control: labelled,
  resource,
  verdict: 'fail',
  message: '',
  at,
});

describe('lines of a file of many documents', () => {
  const texts = new Texts();
  texts.hold('app.yaml', yaml);
  const [a, b, c] = readManifests(yaml, { file: 'app.yaml' }).kubernetes;
  test.each([
    [a, undefined, 4],
    [a, 'metadata.name', 7],
    [a, 'data.text', 9],
    [b, undefined, 14],
    [b, 'metadata.labels.app', 19],
    [b, 'metadata.annotations.gone', 16],
    [c, 'metadata.name', 22],
  ])('%#', (resource, at, line) => {
    expect(texts.lineOf(judged(resource, at))).toBe(line);
  });

  test('are cut where a file begins with an object and ends without one', () => {
    const other = new Texts();
    other.hold('x.yaml', 'apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B\n---\n');
    const [, second] = readManifests('apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B\n---\n', { file: 'x.yaml' }).kubernetes;
    expect(other.lineOf(judged(second, 'kind'))).toBe(5);
  });
});

test('an item of a List has its own lines', () => {
  const text =
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n  metadata: {name: a}\n- apiVersion: v1\n  kind: B\n  metadata:\n    name: b\n';
  const texts = new Texts();
  texts.hold('list.yaml', text);
  const [, second] = readManifests(text, { file: 'list.yaml' }).kubernetes;
  expect(texts.lineOf(judged(second, 'metadata.name'))).toBe(10);
  expect(texts.lineOf(judged(second))).toBe(7);
});

test('many lines at once are those of each, in their order', () => {
  const texts = new Texts();
  texts.hold('app.yaml', yaml);
  texts.hold('again.yaml', `# one line more\n${yaml}`);
  const objects = ['app.yaml', 'again.yaml'].flatMap((file) => readManifests(yaml, { file }).kubernetes);
  const [inMemory] = readManifests(yaml).kubernetes;
  const judgements = [
    ...['metadata.name', 'data.text', undefined].flatMap((at) => objects.map((resource) => judged(resource, at))),
    judged(inMemory),
    judged(undefined),
  ];
  const lines = texts.linesOf(judgements);
  expect(lines).toEqual(judgements.map((judgement) => texts.lineOf(judgement)));
  expect(lines.slice(0, 6)).toEqual([7, 17, 22, 8, 18, 23]);
  expect(lines.slice(-2)).toEqual([undefined, undefined]);
});

test('a template is asked by logical id', () => {
  const text = `{
  "Resources": {
    "Topic": {
      "Type": "AWS::SNS::Topic",
      "Properties": {
        "TopicName": "a"
      }
    }
  }
}`;
  const texts = new Texts();
  texts.hold('t.json', text);
  const [topic] = buildInventory([readTemplate(text, { file: 't.json' })]).cloudformation;
  expect(texts.lineOf(judged(topic, 'Properties.TopicName'))).toBe(6);
  expect(texts.lineOf(judged(topic))).toBe(3);
});

test('what is in no file has no line', () => {
  const [object] = readManifests('apiVersion: v1\nkind: A\n').kubernetes;
  expect(new Texts().lineOf(judged(object))).toBeUndefined();
  expect(new Texts().lineOf(judged(undefined))).toBeUndefined();
});
