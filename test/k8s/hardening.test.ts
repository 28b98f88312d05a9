import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Cron, Helm, Include, JsonPatch, Testing, Yaml } from 'cdk8s';
import * as plus28 from 'cdk8s-plus-28';
import * as plus34 from 'cdk8s-plus-34';
import { Exemption } from '../../lib/controls';
import type { JsonObject } from '../../lib/inventory/value';
import * as k8s from '../../lib/k8s';
import { Posture } from '../../lib/posture';
import { thrown } from '../aws/scene';

const container = { name: 'web', image: 'registry.example.com/web:1.0.0' };
const raw = (scope: Chart, id: string, pod: JsonObject = { containers: [container] }) =>
  new ApiObject(scope, id, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: id, namespace: 'shop' },
    spec: { selector: { matchLabels: { app: id } }, template: { metadata: { labels: { app: id } }, spec: pod } },
  });

// biome-ignore lint/suspicious/noExplicitAny: manifests are open JSON.
type Manifest = any;
const podOf = (manifest: Manifest): Manifest => manifest.spec.template.spec;
const only = (chart: Chart, kind: string): Manifest => Testing.synth(chart).find((one) => one.kind === kind);

test('what is missing is filled in, safely: nothing that a running program could miss', () => {
  const chart = new Chart(Testing.app(), 'shop');
  k8s.Hardening.of(chart);
  raw(chart, 'web');
  const pod = podOf(only(chart, 'Deployment'));
  expect(pod.securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
  expect(pod.enableServiceLinks).toBe(false);
  expect(pod.containers[0].securityContext).toEqual({ allowPrivilegeEscalation: false });
  expect(pod.containers[0].resources.limits).toBeUndefined();
  expect(pod.automountServiceAccountToken).toBeUndefined();
});

test('strictly: everything that our own workloads have', () => {
  const chart = new Chart(Testing.app(), 'shop');
  k8s.Hardening.of(chart, { level: k8s.HardeningLevel.STRICT });
  raw(chart, 'web');
  const pod = podOf(only(chart, 'Deployment'));
  expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true, runAsUser: 10001 } });
  expect(pod.containers[0].securityContext).toMatchObject({ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
  const { findings } = Posture.of({ manifests: [Yaml.stringify(...Testing.synth(chart))], kubernetes: '1.35' });
  // What no repair of a pod can give: policies of its namespace, a service account of its own, and what is a choice of the team.
  const left = findings.filter(({ resource }) => resource.kind === 'Deployment').map(({ control }) => control);
  expect(left).toEqual([
    'K-NET-02',
    'K-NET-01',
    'K-POD-16',
    'K-AVL-01',
    'K-AVL-02',
    'K-AVL-04',
    'K-AVL-08',
    'K-IMG-02',
    'K-NSP-05',
    'K-RES-05',
  ]);
});

describe('reaches objects of every kind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-include-'));
  const file = join(folder, 'agent.yaml');
  writeFileSync(
    file,
    Yaml.stringify({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: { template: { spec: { containers: [container] } } },
    }),
  );

  test.each<[string, string, (chart: Chart) => unknown]>([
    ['Include', 'DaemonSet', (chart) => new Include(chart, 'agent', { url: file })],
    ['cdk8s-plus-28', 'Deployment', (chart) => new plus28.Deployment(chart, 'web', { containers: [{ image: container.image }] })],
    ['cdk8s-plus-34', 'Deployment', (chart) => new plus34.Deployment(chart, 'web', { containers: [{ image: container.image }] })],
    [
      'cdk8s-plus-34',
      'StatefulSet',
      (chart) =>
        new plus34.StatefulSet(chart, 'web', {
          containers: [{ image: container.image }],
          service: new plus34.Service(chart, 'service', { ports: [{ port: 80 }] }),
        }),
    ],
  ])('%s, a %s', (_, kind, make) => {
    const chart = new Chart(Testing.app(), 'shop');
    make(chart);
    k8s.Hardening.of(chart, { level: k8s.HardeningLevel.STRICT });
    const pod = podOf(only(chart, kind));
    expect(pod.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
    expect(pod.containers[0].securityContext.capabilities).toEqual({ drop: ['ALL'] });
    // Fields and quantities that the generated class does not know, or only as instances of its own: it drops them from what it is given.
    expect(pod.securityContext.supplementalGroupsPolicy).toBe('Strict');
    expect(pod.containers[0].resources.limits['ephemeral-storage']).toBe('1Gi');
  });

  test('a class that nobody used before the scope was hardened: nothing that it does not know is lost', () => {
    const chart = new Chart(Testing.app(), 'shop');
    k8s.Hardening.of(chart, { level: k8s.HardeningLevel.STRICT, kubernetes: '1.35' });
    const job = new plus34.CronJob(chart, 'late', { schedule: Cron.daily(), containers: [{ image: container.image }] });
    const direct = ApiObject.of(job).toJson();
    expect(direct.spec.jobTemplate.spec.template.spec.securityContext.supplementalGroupsPolicy).toBe('Strict');
    expect(Testing.synth(chart)).toEqual([direct]);
  });

  test('an included List, which stays one object: its items', () => {
    const list = join(folder, 'list.yaml');
    const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [container] } });
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' }, data: {} };
    writeFileSync(list, Yaml.stringify({ apiVersion: 'v1', kind: 'List', items: [pod('a'), map, pod('b')] }));
    const chart = new Chart(Testing.app(), 'shop');
    k8s.Hardening.of(chart, { kubernetes: '1.35' });
    new Include(chart, 'list', { url: list });
    const { items } = only(chart, 'List') as { items: Manifest[] };
    expect(items.map(({ kind, spec }) => [kind, spec?.enableServiceLinks])).toEqual([
      ['Pod', false],
      ['ConfigMap', undefined],
      ['Pod', false],
    ]);
    expect(items[1]).toEqual(map);
  });

  test('a Helm chart, by way of what helm prints', () => {
    const helm = join(folder, 'helm');
    writeFileSync(helm, `#!/bin/sh\ncat ${file}\n`, { mode: 0o755 });
    const chart = new Chart(Testing.app(), 'shop');
    new Helm(chart, 'agent', { chart: folder, helmExecutable: helm });
    k8s.Hardening.of(chart, { level: k8s.HardeningLevel.STRICT });
    const pod = podOf(only(chart, 'DaemonSet'));
    expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { supplementalGroupsPolicy: 'Strict' } });
  });

  test('those that were there before, and those that come later, in files as in tests', () => {
    const app = new App({ outdir: join(folder, 'dist') });
    const chart = new Chart(app, 'shop');
    raw(chart, 'before');
    k8s.Hardening.of(app);
    raw(chart, 'after');
    app.synth();
    const written = Yaml.load(join(folder, 'dist', 'shop.k8s.yaml')) as Manifest[];
    expect(written.map((one) => podOf(one).enableServiceLinks)).toEqual([false, false]);
    expect(Testing.synth(chart)).toEqual(written);
  });
});

test('what somebody wrote stays, weaker or not', () => {
  const chart = new Chart(Testing.app(), 'shop');
  k8s.Hardening.of(chart, { level: k8s.HardeningLevel.STRICT });
  const pod = {
    enableServiceLinks: true,
    automountServiceAccountToken: true,
    containers: [{ ...container, securityContext: { runAsUser: 0, readOnlyRootFilesystem: false } }],
  };
  raw(chart, 'web', pod).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation', true));
  const written = podOf(only(chart, 'Deployment'));
  expect(written).toMatchObject({ enableServiceLinks: true, automountServiceAccountToken: true });
  expect(written.containers[0].securityContext).toMatchObject({
    runAsUser: 0,
    readOnlyRootFilesystem: false,
    allowPrivilegeEscalation: true,
  });
});

test('values that cdk8s-plus writes unasked are nobody’s choice; the same values in a raw object are', () => {
  const chart = new Chart(Testing.app(), 'shop');
  k8s.Hardening.of(chart, { level: k8s.HardeningLevel.STRICT });
  new plus28.Deployment(chart, 'generated', { containers: [{ image: container.image }], securityContext: { fsGroup: 2000 } });
  raw(chart, 'written', { containers: [container], securityContext: { fsGroup: 2000, fsGroupChangePolicy: 'Always' } });
  const [generated, written] = Testing.synth(chart).filter((one) => one.kind === 'Deployment');
  expect(podOf(generated).securityContext.fsGroupChangePolicy).toBe('OnRootMismatch');
  expect(podOf(written).securityContext.fsGroupChangePolicy).toBe('Always');
});

test('the nearest scope counts, and what stands outside is not touched', () => {
  const app = Testing.app();
  const [inner, outer, free] = [new Chart(app, 'inner'), new Chart(app, 'outer'), new Chart(Testing.app(), 'free')];
  k8s.Hardening.of(app);
  k8s.Hardening.of(inner, { level: k8s.HardeningLevel.STRICT });
  for (const chart of [inner, outer, free]) raw(chart, 'web');
  expect([inner, outer, free].map((chart) => podOf(only(chart, 'Deployment')).securityContext?.runAsUser)).toEqual([
    10001,
    undefined,
    undefined,
  ]);
  expect(podOf(only(outer, 'Deployment')).enableServiceLinks).toBe(false);
  expect(podOf(only(free, 'Deployment'))).toEqual({ containers: [container] });
});

test('our own workloads and objects without pods are written as they are', () => {
  const made = (harden: boolean) => {
    const app = new k8s.App({ kubernetes: '1.35', outdir: mkdtempSync(join(tmpdir(), 'bulwark-own-')) });
    if (harden) k8s.Hardening.of(app);
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    new k8s.Deployment(chart, 'web', { containers: [{ image: k8s.Image.semver('registry.example.com/web', '1.0.0'), portNumber: 8080 }] });
    new ApiObject(chart, 'map', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' }, data: { b: '1', a: '2' } });
    return app.synthYaml();
  };
  expect(made(true)).toBe(made(false));
});

test('twice is once', () => {
  const chart = new Chart(Testing.app(), 'shop');
  k8s.Hardening.of(chart, { level: k8s.HardeningLevel.STRICT });
  const object = raw(chart, 'web');
  const first = object.toJson();
  const again = new Chart(Testing.app(), 'again');
  k8s.Hardening.of(again, { level: k8s.HardeningLevel.STRICT });
  expect(new ApiObject(again, 'web', first as { apiVersion: string; kind: string }).toJson()).toEqual(first);
});

test('an exemption on a foreign object is written into it, so that a check of the files knows', () => {
  const chart = new Chart(Testing.app(), 'shop');
  k8s.Hardening.of(chart, { level: k8s.HardeningLevel.STRICT });
  const web = raw(chart, 'web', { containers: [{ ...container, securityContext: { readOnlyRootFilesystem: false } }] });
  Exemption.on(web, 'K-CTR-08', { owner: 'shop', reason: 'writes beside its program', until: '2027-06-30' });
  const { findings } = Posture.of({ manifests: [Yaml.stringify(...Testing.synth(chart))], kubernetes: '1.35', asOf: '2026-11-24' });
  expect(findings.map(({ control, verdict }) => [control, verdict])).toContainEqual(['K-CTR-08', 'exempt']);
});

test('a version leaves out what it does not know', () => {
  const chart = new Chart(Testing.app(), 'shop');
  k8s.Hardening.of(chart, { level: k8s.HardeningLevel.STRICT, kubernetes: '1.35' });
  raw(chart, 'web');
  expect(podOf(only(chart, 'Deployment')).securityContext.supplementalGroupsPolicy).toBe('Strict');
  expect(thrown(() => k8s.Hardening.of(new Chart(chart, 'inner'), { kubernetes: '1.2' }))).toMatch(/^KubernetesVersionUnknown/);
  expect(thrown(() => k8s.Hardening.of(chart))).toBe(
    'HardenedTwice: [shop]: the scope is hardened already; say the level once, or harden a scope below (HardenedTwice)',
  );
});
