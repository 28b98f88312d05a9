import { type UpgradeFinding, upgrade } from '../../lib/adoption';
import { introducedIn, OBJECT_FIELDS, POD_FIELDS } from '../../lib/adoption/upgrade/introduced';
import { lifecycles } from '../../lib/controls/api/lifecycle';
import { inventoryOf, type JsonObject } from '../../lib/inventory';

const run = (manifests: readonly JsonObject[], from: number, to: number, template?: JsonObject): UpgradeFinding[] =>
  upgrade(inventoryOf({ manifests, template }), { from, to });
const codes = (findings: readonly UpgradeFinding[]): string[] =>
  findings.map(({ effect, code, at }) => `${effect} ${code}${at === undefined ? '' : ` ${at}`}`);
const object = (apiVersion: string, kind: string, more: JsonObject = {}): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'shop' },
  ...more,
});
const pod = (spec: JsonObject, container: JsonObject = {}): JsonObject =>
  object('v1', 'Pod', { spec: { containers: [{ name: 'c', image: 'x:1', ...container }], ...spec } });

test.each([
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 31, 32, 'breaks ApiRemoved apiVersion'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 30, 31, 'changes ApiDeprecated apiVersion'],
  ['storage.k8s.io/v1beta1', 'VolumeAttributesClass', 36, 37, 'breaks ApiRemoved apiVersion'],
  ['policy/v1beta1', 'PodSecurityPolicy', 36, 37, 'breaks ApiRemoved apiVersion'],
  ['admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy', 34, 35, 'breaks ApiMissing apiVersion'],
])('%s %s from 1.%d to 1.%d: %s', (apiVersion, kind, from, to, expected) => {
  expect(codes(run([object(apiVersion, kind)], from, to))).toEqual([expected]);
});

test('what works before and after is not named', () => {
  expect(
    run(
      [
        object('apps/v1', 'Deployment'),
        object('example.com/v1beta1', 'Ingress'),
        object('admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy'),
      ],
      36,
      37,
    ),
  ).toEqual([]);
});

test('an API that ends says what to write instead, or that nothing takes its place', () => {
  const [hpa, psp] = run([object('autoscaling/v2beta2', 'HorizontalPodAutoscaler'), object('policy/v1beta1', 'PodSecurityPolicy')], 25, 26);
  expect(hpa.remedy).toContain('write autoscaling/v2,');
  expect(psp.message).toContain('and so does not work now');
  expect(psp.remedy).toContain('nothing takes its place');
});

test('a field that is not there yet, one behind a gate, one that takes effect', () => {
  const stop = pod({}, { lifecycle: { stopSignal: 'SIGTERM' } });
  expect(codes(run([stop], 31, 32))).toEqual(['breaks FieldMissing spec.containers[0].lifecycle.stopSignal']);
  expect(codes(run([stop], 36, 37))).toEqual(['undecided FieldGated spec.containers[0].lifecycle.stopSignal']);
  const image = object('apps/v1', 'Deployment', {
    spec: { template: { spec: { containers: [], volumes: [{ name: 'a' }, { name: 'b', image: { reference: 'x' } }] } } },
  });
  expect(codes(run([image], 34, 35))).toEqual(['changes FieldTakesEffect spec.template.spec.volumes[1].image']);
  expect(codes(run([image], 35, 36))).toEqual([]);
  const set = object('apps/v1', 'StatefulSet', { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } } });
  expect(codes(run([set], 36, 37))).toEqual(['changes FieldTakesEffect spec.updateStrategy.rollingUpdate.maxUnavailable']);
});

test('pods that the one version of the standards lets pass and the other does not', () => {
  const user = { hostUsers: false, securityContext: { runAsNonRoot: false } };
  const relaxed = run([pod(user)], 34, 35).filter(({ code }) => code === 'PodSecurity');
  expect(relaxed.map(({ effect }) => effect)).toContain('changes');
  expect(relaxed.every(({ effect }) => effect === 'changes')).toBe(true);
  const stricter = run([pod(user)], 35, 34).filter(({ code }) => code === 'PodSecurity');
  expect(stricter.map(({ effect }) => effect)).toContain('breaks');
  expect(run([pod(user)], 35, 36)).toEqual([]);
});

describe('Amazon EKS', () => {
  const template: JsonObject = {
    Resources: {
      Cluster: { Type: 'AWS::EKS::Cluster', Properties: { Version: '1.32' } },
      Old: { Type: 'AWS::EKS::Nodegroup', Properties: { AmiType: 'AL2_x86_64' } },
      New: { Type: 'AWS::EKS::Nodegroup', Properties: { AmiType: 'AL2023_x86_64_STANDARD' } },
      Dns: { Type: 'AWS::EKS::Addon', Properties: { AddonName: 'coredns', AddonVersion: 'v1.11.1-eksbuild.1' } },
      Proxy: { Type: 'AWS::EKS::Addon', Properties: { AddonName: 'kube-proxy' } },
    },
  };
  test('has no image of Amazon Linux 2 any more, pins need a look, and a step is one version', () => {
    const found = run([], 32, 35, template);
    expect(codes(found)).toEqual([
      'breaks NodeImage Properties.AmiType',
      'undecided AddOnVersion Properties.AddonVersion',
      'changes Steps Properties.Version',
    ]);
    expect(found[2].message).toContain('1.33, 1.34, 1.35');
    expect(codes(run([], 31, 32, template))).toEqual(['undecided AddOnVersion Properties.AddonVersion']);
  });
});

test('what breaks comes first', () => {
  const effects = run(
    [pod({}, { lifecycle: { stopSignal: 'SIGTERM' } }), object('v1', 'Endpoints'), object('policy/v1beta1', 'PodSecurityPolicy')],
    36,
    37,
  ).map(({ effect }) => effect);
  expect(effects).toEqual(['breaks', 'undecided', 'changes']);
});

test('the tables agree: an API version starts before it is deprecated, and a field is on no sooner than it is there', () => {
  for (const { apiVersion, kind, deprecated, removed } of lifecycles()) {
    expect([apiVersion, kind, (introducedIn(apiVersion, kind) ?? 0) <= deprecated, removed === undefined || deprecated < removed]).toEqual([
      apiVersion,
      kind,
      true,
      true,
    ]);
  }
  for (const { path, since, on } of [...POD_FIELDS, ...Object.values(OBJECT_FIELDS).flat()])
    expect([path, on === undefined || since <= on]).toEqual([path, true]);
});
