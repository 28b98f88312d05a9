import { isLatest, parseImage } from '../../lib/controls/image/reference';
import { container, deployment, pod, podOf } from '../../lib/controls/pod-examples';
import { quantity } from '../../lib/controls/resources/quantity';
import type { JsonObject } from '../../lib/inventory/value';
import { find, verdict, verdicts } from './judged';

describe('image references', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  test.each([
    ['app', { name: 'app' }, true],
    ['app:', { name: 'app', tag: '' }, true],
    ['app:latest', { name: 'app', tag: 'latest' }, true],
    ['app:1.4.2', { name: 'app', tag: '1.4.2' }, false],
    ['registry.example.com:5000/team/app', { name: 'registry.example.com:5000/team/app' }, true],
    ['registry.example.com:5000/team/app:v1', { name: 'registry.example.com:5000/team/app', tag: 'v1' }, false],
    [`app@${digest}`, { name: 'app', digest }, false],
    [`registry.example.com:5000/app:latest@${digest}`, { name: 'registry.example.com:5000/app', tag: 'latest', digest }, false],
    ['app:latest-slim', { name: 'app', tag: 'latest-slim' }, false],
    ['app@', { name: 'app', digest: '' }, true],
  ])('%s', (image, parts, latest) => {
    expect(parseImage(image)).toEqual(parts);
    expect(isLatest(parseImage(image))).toBe(latest);
  });

  test('the pull policy is what the API server makes of it', () => {
    expect(verdict('K-IMG-04', podOf({ image: 'app' })).verdict).toBe('pass');
    expect(verdict('K-IMG-04', podOf({ image: `app@${digest}` })).verdict).toBe('fail');
    expect(verdict('K-IMG-04', podOf({ image: 'app', imagePullPolicy: 'IfNotPresent' })).verdict).toBe('fail');
  });

  test('a placeholder is undecided, and fails nothing that can be known', () => {
    const image = '${handoff:output/Registry/Image}';
    expect(verdict('K-IMG-01', podOf({ image }))).toEqual({
      verdict: 'undecided',
      message: `container 'app' has the image '${image}', which is known only when it is filled in`,
      at: 'spec.containers[0].image',
    });
    expect(verdict('K-IMG-01', pod({ containers: [container({ image }), container({ image: 'nginx' })] })).verdict).toBe('fail');
  });
});

test.each([
  ['500m', 0.5],
  ['1', 1],
  [2, 2],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['1E', 1e18],
  ['1Gi', 2 ** 30],
  ['1G', 1e9],
  ['128Mi', 128 * 2 ** 20],
  ['100n', 1e-7],
])('the quantity %s is %d', (text, number) => {
  expect(quantity(text)).toBeCloseTo(number, 10);
});

test.each(['', 'much', '1gb', '1 Gi', '--1'])("'%s' is no quantity", (text) => {
  expect(quantity(text)).toBeUndefined();
});

describe('resources of the pod as a whole', () => {
  const whole = pod({ resources: { limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' } } });
  test.each(['K-RES-01', 'K-RES-02', 'K-RES-03', 'K-RES-04'])('%s counts them from 1.34 on', (id) => {
    expect(verdict(id, whole, '1.33').verdict).toBe('fail');
    expect(verdict(id, whole, '1.34').verdict).toBe('pass');
  });
  test('ephemeral storage has none', () => {
    expect(verdict('K-RES-06', whole, '1.37').verdict).toBe('fail');
  });
});

describe('service account tokens', () => {
  const account = (name: string, namespace: string, automountServiceAccountToken?: boolean): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace },
    ...(automountServiceAccountToken === undefined ? {} : { automountServiceAccountToken }),
  });
  test.each([
    ['its own account says no', account('app', 'shop', false), 'pass'],
    ['its own account says yes', account('app', 'shop', true), 'fail'],
    ['its own account says nothing', account('app', 'shop'), 'fail'],
    ['an account of the same name elsewhere says no', account('app', 'other', false), 'fail'],
    ['another account says no', account('web', 'shop', false), 'fail'],
  ])('a silent pod of which %s', (_, other, expected) => {
    expect(verdict('K-POD-15', deployment(pod({ serviceAccountName: 'app' })), '1.33', other).verdict).toBe(expected);
    expect(verdict('K-POD-15', deployment(pod({ serviceAccount: 'app' })), '1.33', other).verdict).toBe(expected);
  });
  test('a pod that names none has the account default', () => {
    expect(verdict('K-POD-15', pod(), '1.33', account('default', 'shop', false)).verdict).toBe('pass');
    expect(verdict('K-POD-15', pod({ serviceAccountName: '' }), '1.33', account('default', 'shop', false)).verdict).toBe('pass');
  });
  test('the deprecated field names an account too', () => {
    expect(verdict('K-POD-16', pod({ serviceAccount: 'app' })).verdict).toBe('pass');
    expect(verdict('K-POD-16', pod({ serviceAccountName: '', serviceAccount: 'default' })).verdict).toBe('fail');
  });
});

describe('default deny', () => {
  const namespace = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const policy = (spec: JsonObject, of: string | null = 'shop'): JsonObject => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny', namespace: of },
    spec,
  });
  const both = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
  const judge = (...manifests: JsonObject[]) => verdicts(find('K-NET-02'), { manifests });

  test('each namespace is judged once, by its own policies', () => {
    expect(judge(namespace('shop'), pod(), deployment(pod()), namespace('other'), policy(both)).map(({ verdict }) => verdict)).toEqual([
      'pass',
      'fail',
    ]);
  });
  test('namespaces of the system are not', () => {
    expect(judge(namespace('kube-system'), pod({}, { namespace: 'kube-system' }))).toEqual([]);
  });
  test('pods whose namespace is decided later are judged with the policies beside them', () => {
    const lost = pod({}, { namespace: null });
    expect(judge(lost, policy(both, null))).toEqual([{ verdict: 'pass' }]);
    expect(judge(lost, policy(both))).toEqual([
      {
        verdict: 'fail',
        message:
          'in the namespace that the objects are applied to no NetworkPolicy denies ingress of all pods and no NetworkPolicy denies egress of all pods, both directions must be denied by default',
        at: 'metadata.name',
      },
    ]);
  });
  test.each([
    ['no peers', { from: [] }],
    ['everything', {}],
    ['the whole of IPv4', { from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }],
    ['the whole of IPv6', { from: [{ podSelector: {} }, { ipBlock: { cidr: '::/0' } }] }],
    ['every namespace', { from: [{ namespaceSelector: {} }] }],
    ['every pod of every namespace', { from: [{ namespaceSelector: { matchLabels: {} }, podSelector: {} }] }],
  ])('a rule with %s opens what was denied', (_, rule) => {
    expect(judge(pod(), policy({ ...both, ingress: [rule as JsonObject] }))[0]).toMatchObject({
      verdict: 'fail',
      message: expect.stringContaining("in the namespace 'shop' a NetworkPolicy of all pods allows all ingress"),
    });
  });
  test.each([
    ['one port', { ports: [{ port: 443 }] }],
    ['the same namespace', { from: [{ podSelector: {} }] }],
    ['labelled pods everywhere', { from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'scraper' } } }] }],
    ['an address range', { from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
  ])('a rule with %s does not', (_, rule) => {
    expect(judge(pod(), policy({ ...both, ingress: [rule] }))).toEqual([{ verdict: 'pass' }]);
  });
  test('policyTypes default to Ingress, and to Egress where egress rules stand', () => {
    const dns = { ports: [{ port: 53, protocol: 'UDP' }] };
    expect(judge(pod(), policy({ podSelector: {} }))[0]).toMatchObject({
      message: expect.stringContaining('no NetworkPolicy denies egress'),
    });
    expect(judge(pod(), policy({ podSelector: {}, egress: [dns] }))).toEqual([{ verdict: 'pass' }]);
  });
});

describe('Pod Security labels', () => {
  const labels = (value: JsonObject) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: value } });
  const P = 'pod-security.kubernetes.io';
  const full = Object.fromEntries(
    ['enforce', 'audit', 'warn'].flatMap((mode) => [
      [`${P}/${mode}`, 'restricted'],
      [`${P}/${mode}-version`, 'v1.35'],
    ]),
  );
  test.each(Object.keys(full))('each one is needed: without %s the namespace fails there', (missing) => {
    const { [missing]: _, ...rest } = full;
    expect(verdict('K-NSP-03', labels(full)).verdict).toBe('pass');
    expect(verdict('K-NSP-03', labels(rest))).toMatchObject({ verdict: 'fail', at: `metadata.labels["${missing}"]` });
  });
  test('baseline is not restricted', () => {
    expect(verdict('K-NSP-03', labels({ ...full, [`${P}/enforce`]: 'baseline' }))).toMatchObject({
      message: `the label ${P}/enforce is "baseline", it must be restricted`,
    });
  });
});
