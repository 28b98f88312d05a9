import { join } from 'node:path';
import { Severity } from '../../lib/controls/severity';
import { Posture, Verdict } from '../../lib/posture';
import { nearest } from '../../lib/posture/selection';

jest.mock('../../lib/controls/catalogue', () => {
  const { encrypted, joined, labelled, notPublic, versioned } = jest.requireActual('../audit/fakes');
  return { allControls: [labelled, encrypted, versioned, notPublic, joined] };
});
jest.mock('../../lib/controls/ids', () => ({ CONTROL_IDS: { 'K-CTR-77': 'reserved' } }));

const template = `Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: Private
`;
const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: logs
  namespace: shop
  labels:
    bad: very
`;
const asOf = '2026-11-01';

test('a posture has what was found, in plain data', () => {
  const posture = Posture.of({ templates: [template], manifests: [manifest], asOf, kubernetes: '1.35' });
  expect(posture.findings.map(({ control, verdict }) => `${control} ${verdict}`)).toEqual([
    'A-S3-01 fail',
    'K-CTR-03 fail',
    'A-S3-02 fail',
  ]);
  expect(posture.findings[1]).toEqual({
    control: 'K-CTR-03',
    title: 'K-CTR-03 holds',
    severity: Severity.HIGH,
    verdict: Verdict.FAIL,
    blocking: true,
    resource: { kind: 'Deployment', name: 'logs', namespace: 'shop', path: undefined, stack: undefined },
    message: 'the label is very',
    remedy: 'mend it',
    source: { file: 'manifest 1', line: 7 },
    at: 'metadata.labels.bad',
    threats: ['workload-attack'],
    exemption: undefined,
  });
  expect(posture.findings[2].blocking).toBe(false);
  expect(posture.findings[0].resource).toEqual({
    kind: 'AWS::S3::Bucket',
    name: 'Logs',
    stack: 'template 1',
    namespace: undefined,
    path: undefined,
  });
});

test('the summary has figures by severity, carrier, category and boundary', () => {
  const { summary } = Posture.of({ templates: [template], manifests: [manifest], asOf, kubernetes: '1.35' });
  expect(summary).toMatchObject({
    pass: 2,
    fail: 3,
    undecided: 0,
    exempt: 0,
    resources: 2,
    controls: 5,
    blocking: 2,
    kubernetes: '1.35',
    asOf,
  });
  expect(summary.severities).toEqual({ critical: 0, high: 2, medium: 0, low: 1 });
  expect(summary.carriers).toEqual({
    'app-team': { pass: 2, fail: 1, undecided: 0, exempt: 0 },
    library: { pass: 0, fail: 2, undecided: 0, exempt: 0 },
  });
  expect(summary.matrix.map(({ category, boundary, controls, pass, fail }) => [category, boundary, controls, pass, fail])).toEqual([
    ['backup', 'cloud', 1, 0, 1],
    ['encryption', 'cloud', 1, 0, 1],
    ['isolation', 'cloud', 1, 1, 0],
    ['isolation', 'cluster', 1, 1, 0],
    ['isolation', 'container', 1, 0, 1],
  ]);
});

test('a value of a template that only deployment knows is undecided', () => {
  const open =
    'Parameters: {Given: {Type: String}}\nResources:\n  Logs:\n    Type: AWS::S3::Bucket\n    Properties: {BucketEncryption: !Ref Given}\n';
  const [finding] = Posture.of({ templates: [open], asOf, controls: ['A-S3-01'] }).findings;
  expect(finding).toMatchObject({ verdict: 'undecided', blocking: false });
});

test('notes tell of values that YAML turned into others, with their place', () => {
  const { notes } = Posture.of({ manifests: ['---\n' + manifest.replace('very', 'yes')], asOf });
  expect(notes).toEqual([expect.objectContaining({ code: 'YamlNotText', file: 'manifest 1' })]);
});

test('paths are read', () => {
  const posture = Posture.of({ paths: [join(__dirname, '../fixtures/insecure')], asOf });
  expect(posture.findings.map(({ control, source }) => [control, source.file?.split('/').pop(), source.line])).toEqual([
    ['A-JON-02', 'cluster.template.json', 53],
    ['A-S3-01', 'cluster.template.json', 55],
    ['A-S3-02', 'cluster.template.json', 55],
  ]);
});

test.each([
  [{}, 'no input was given; pass templates, manifests or paths (NothingToCheck)'],
  [{ manifests: [manifest], controls: ['K-CTR-30'] }, "there is no control 'K-CTR-30'; did you mean K-CTR-03"],
  [{ manifests: [manifest], controls: ['pods'] }, "there is no control 'pods'; see 'bulwark controls' for the list (UnknownControl)"],
  [
    { manifests: [manifest], controls: ['K-CTR-77'] },
    "control 'K-CTR-77' is reserved and not checked by this version; see 'bulwark controls' for those that are",
  ],
  [{ manifests: [manifest], kubernetes: '1.99' }, "the Kubernetes version is '1.99'; give one from 1.25 to 1.37, for example 1.35"],
  [{ manifests: [manifest], kubernetes: 'newest' }, "the Kubernetes version is 'newest'"],
  [{ manifests: [manifest], asOf: '2026-13-01' }, "asOf is '2026-13-01', which is no calendar day"],
  [{ manifests: ['a: ['] }, /^manifest 1:1:\d+: .*\(YamlInvalid\)$/],
  [{ templates: ['{"name": "x"}'] }, /^template 1.*: .*\(NotATemplate\)$/],
])('%j is refused', (inputs, message) => {
  expect(() => Posture.of(inputs)).toThrow(message);
});

test('near names are near', () => {
  expect(nearest('K-CRT-03', ['K-CTR-03', 'K-CTR-04', 'A-EKS-01'])).toEqual(['K-CTR-03']);
  expect(nearest('zzz', ['K-CTR-03'])).toEqual([]);
});
