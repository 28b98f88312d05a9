import { buildInventory, inventoryOf, podTemplates, readManifests, readObjects } from '../../lib/inventory';
import { failure } from './failure';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: payments
spec:
  template:
    metadata:
      labels: { app: api }
    spec:
      containers:
        - name: main
          image: registry.example.com/api:1.0.0
`;

describe('documents', () => {
  test('several documents become objects in their order, each with its place', () => {
    const { kubernetes } = readManifests(`${DEPLOYMENT}---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: payments\n`, {
      file: 'a.yaml',
    });
    expect(kubernetes.map(({ kind, name, namespace, source }) => [kind, name, namespace, source.document])).toEqual([
      ['Deployment', 'api', 'payments', 0],
      ['Namespace', 'payments', undefined, 1],
    ]);
    expect(kubernetes[1].source.file).toBe('a.yaml');
  });

  test('empty documents and comments are skipped and still counted', () => {
    const { kubernetes } = readManifests(`# head\n---\n---\n# only a comment\n---\n${DEPLOYMENT}`);
    expect(kubernetes).toHaveLength(1);
    expect(kubernetes[0].name).toBe('api');
  });

  test('a text without any document has no objects', () => {
    expect(readManifests('').kubernetes).toEqual([]);
    expect(readManifests('\n# nothing\n').kubernetes).toEqual([]);
  });

  test('JSON is read as well, with byte order mark and CRLF', () => {
    const { kubernetes } = readManifests('\uFEFF{"apiVersion": "v1",\r\n"kind": "ServiceAccount",\r\n"metadata": {"name": "api"}}\r\n');
    expect(kubernetes[0].object).toEqual({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'api' } });
    expect(readManifests(DEPLOYMENT.replaceAll('\n', '\r\n')).kubernetes[0].object).toEqual(readManifests(DEPLOYMENT).kubernetes[0].object);
  });

  test('generateName names an object that has no name', () => {
    const [job] = readObjects([{ apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'load-' } }]).kubernetes;
    expect(job.name).toBe('load-');
  });
});

describe('lists', () => {
  const item = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };

  test('a List is unwrapped', () => {
    const { kubernetes, notices } = readObjects([{ apiVersion: 'v1', kind: 'List', items: [item, { ...item, metadata: { name: 'b' } }] }]);
    expect(kubernetes.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(notices).toEqual([]);
  });

  test('items of a typed list may leave out their kind', () => {
    const { kubernetes } = readObjects([{ apiVersion: 'v1', kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] }]);
    expect(kubernetes.map(({ kind, apiVersion, name }) => [kind, apiVersion, name])).toEqual([['ConfigMap', 'v1', 'a']]);
    expect(kubernetes[0].object.kind).toBe('ConfigMap');
  });

  test('a List in a List is read and noticed', () => {
    const { kubernetes, notices } = readObjects([
      { apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'List', items: [item] }] },
    ]);
    expect(kubernetes.map(({ name }) => name)).toEqual(['a']);
    expect(notices.map(({ code }) => code)).toEqual(['NestedList']);
  });

  test('a List without items has none; a custom kind that ends in List and has no items stays an object', () => {
    expect(readObjects([{ apiVersion: 'v1', kind: 'List', items: [] }]).kubernetes).toEqual([]);
    const allow = { apiVersion: 'example.com/v1', kind: 'AllowList', metadata: { name: 'office' }, spec: { cidrs: [] } };
    expect(readObjects([allow]).kubernetes.map(({ kind }) => kind)).toEqual(['AllowList']);
  });
});

describe('what is no manifest', () => {
  test.each([
    [
      'kind: Pod\nmetadata: {name: a}\n',
      'document 1 has no apiVersion and is no Kubernetes object; add it, or leave the file out (NotAManifest)',
    ],
    [
      'apiVersion: v1\nmetadata: {name: a}\n',
      'document 1 has no kind and is no Kubernetes object; add it, or leave the file out (NotAManifest)',
    ],
    ['hello\n', "document 1 is the string 'hello', not an object; start it with apiVersion and kind (NotAManifest)"],
    ['- a\n- b\n', 'document 1 is a list, not an object; start it with apiVersion and kind (NotAManifest)'],
  ])('%j', (text, message) => {
    expect(failure(() => readManifests(text, { file: 'a.yaml' })).message).toBe(`a.yaml:1: ${message}`);
  });

  test('an item of a List that is no object is named by its position', () => {
    const text = 'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    metadata: {name: a}\n';
    expect(failure(() => readManifests(text)).detail).toBe(
      'item 0 of the List has no kind and is no Kubernetes object; add it, or leave the file out',
    );
  });

  test('the line is that of the document', () => {
    const error = failure(() => readManifests(`${DEPLOYMENT}---\nfoo: bar\n`, { file: 'a.yaml' }));
    expect(error.place).toMatchObject({ file: 'a.yaml', line: 15 });
  });
});

/** What yaml.v2, which kubectl reads with, makes of plain scalars. */
describe('scalars as kubectl reads them', () => {
  const value = (scalar: string): unknown =>
    (readManifests(`apiVersion: v1\nkind: X\nmetadata: {name: a}\nvalue: ${scalar}\n`).kubernetes[0].object as { value: unknown }).value;

  test.each([
    ['yes', true],
    ['y', true],
    ['On', true],
    ['NO', false],
    ['n', false],
    ['off', false],
    ['true', true],
    ['0644', 420],
    ['0o644', 420],
    ['0O17', 15],
    ['0x1F', 31],
    ['1_0e3', 10000],
    ['_1', '_1'],
    ['0b101', 5],
    ['1_000', 1000],
    ['-12', -12],
    ['1e3', 1000],
    ['1.50', 1.5],
    ['~', null],
    ['', null],
    ['1:30', '1:30'],
    ['2026-11-23', '2026-11-23'],
    ['0899', 899],
    ['1.2.3', '1.2.3'],
    ['"yes"', 'yes'],
    ["'0644'", '0644'],
    ['=', '='],
  ])('%s is %j', (scalar, expected) => {
    expect(value(scalar)).toBe(expected);
  });

  test('keys that are booleans become text, as in JSON', () => {
    const [object] = readManifests('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {on: "x", n: z}\n').kubernetes;
    expect(object.object.data).toEqual({ true: 'x', false: 'z' });
  });
});

describe('text that YAML did not leave text', () => {
  const notices = (yaml: string): string[] => readManifests(yaml).notices.map(({ code, message }) => `${code}: ${message}`);

  test.each([
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: on}\n', 'metadata.name of ConfigMap true is read as the boolean true'],
    [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {debug: no}}\n',
      'metadata.labels.debug of ConfigMap a is read as the boolean false',
    ],
    [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {mode: 0644}}\n',
      'metadata.annotations.mode of ConfigMap a is read as the number 420',
    ],
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {port: 8080}\n', 'data.port of ConfigMap a is read as the number 8080'],
  ])('%j', (yaml, said) => {
    expect(notices(yaml)).toEqual([`YamlNotText: ${said} where Kubernetes wants text; put it in quotes`]);
  });

  test('environment values and arguments of containers', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: x\n    args: [--port, 80]\n    env: [{name: A, value: yes}]\n';
    expect(notices(pod)).toEqual([
      'YamlNotText: containers[0].env[0].value of Pod a is read as the boolean true where Kubernetes wants text; put it in quotes',
      'YamlNotText: containers[0].args[1] of Pod a is read as the number 80 where Kubernetes wants text; put it in quotes',
    ]);
  });

  test('quoted values, base-60 look-alikes and numbers where numbers belong are left alone', () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "on", labels: {at: 1:30}}\ndata: {a: "yes"}\n';
    expect(notices(yaml)).toEqual([]);
    expect(notices('apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {priority: 5, hostNetwork: no, containers: []}\n')).toEqual([]);
  });
});

describe('acceptances on objects', () => {
  const annotated = (annotation: string) =>
    readObjects([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', annotations: { 'cdk-bulwark/acceptances': annotation } } }]);

  test('are read with the object they stand on', () => {
    const record = { control: 'K-CTR-04', kind: 'decision', owner: 'net', reason: 'legacy', until: '2027-01-01' };
    const { acceptances, kubernetes } = annotated(JSON.stringify([record]));
    expect(acceptances).toEqual([{ ...record, scope: { object: kubernetes[0] } }]);
  });

  test.each(['nonsense', '{}', '[{"control":"K-CTR-04"}]', '[null]'])('%s accepts nothing and is noticed', (text) => {
    const { acceptances, notices } = annotated(text);
    expect(acceptances).toEqual([]);
    expect(notices.map(({ code }) => code)).toEqual(['AcceptanceUnreadable']);
  });
});

describe('pod templates', () => {
  const spec = { containers: [] };
  const template = { metadata: { labels: { a: 'b' } }, spec };
  const object = (kind: string, apiVersion: string, body: object) => ({
    apiVersion,
    kind,
    metadata: { name: kind.toLowerCase() },
    ...body,
  });
  const inventory = inventoryOf({
    manifests: [
      object('Pod', 'v1', { spec }),
      object('Deployment', 'apps/v1', { spec: { template } }),
      object('CronJob', 'batch/v1', { spec: { jobTemplate: { spec: { template } } } }),
      object('PodTemplate', 'v1', { template }),
      object('ReplicationController', 'v1', { spec: { template } }),
      object('Deployment', 'example.com/v1', { spec: { template } }),
      object('Job', 'batch/v1', { spec: {} }),
      object('Service', 'v1', { spec: {} }),
    ],
  });

  test('are found wherever a built-in kind keeps them', () => {
    expect(podTemplates(inventory).map(({ object: { kind }, specPath }) => `${kind} ${specPath}`)).toEqual([
      'Pod spec',
      'Deployment spec.template.spec',
      'CronJob spec.jobTemplate.spec.template.spec',
      'PodTemplate template.spec',
      'ReplicationController spec.template.spec',
    ]);
  });

  test('carry the metadata beside their spec', () => {
    expect(podTemplates(inventory)[0].metadata).toEqual({ name: 'pod' });
    expect(podTemplates(inventory)[2].metadata).toEqual({ labels: { a: 'b' } });
  });

  test('are found once per inventory', () => {
    expect(podTemplates(inventory)).toBe(podTemplates(inventory));
    expect(podTemplates(buildInventory([]))).toEqual([]);
  });
});
