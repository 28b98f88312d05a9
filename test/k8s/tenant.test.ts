import { App as CdkApp, Stack } from 'aws-cdk-lib';
import * as cdk8s from 'cdk8s';
import { Size } from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as k8s from '../../lib/k8s';
import { DEFAULT_VERSION } from '../../lib/k8s/kubernetes-version';
import { app, containers, exemption, type Loose, objects, tenant } from './fixtures';

test('its namespace enforces, audits and warns by the pinned standard, and lies in no namespace', () => {
  const scope = app({ kubernetes: '1.36' });
  tenant(scope, 'payments', { namespaceLabels: { owner: 'payments-team' } });
  expect(objects(scope)['Namespace/payments']).toEqual({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'payments',
      labels: {
        owner: 'payments-team',
        'app.kubernetes.io/managed-by': 'cdk-bulwark',
        'app.kubernetes.io/part-of': 'payments',
        'pod-security.kubernetes.io/audit': 'restricted',
        'pod-security.kubernetes.io/audit-version': 'v1.36',
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'v1.36',
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/warn-version': 'v1.36',
      },
    },
  });
});

test('a lower standard needs an exemption, which travels with the objects; warnings stay', () => {
  const scope = app();
  tenant(scope, 'agents', { podSecurity: k8s.PodSecurity.privileged(exemption()) });
  const { labels, annotations } = objects(scope)['Namespace/agents'].metadata as Loose;
  expect([labels['pod-security.kubernetes.io/enforce'], labels['pod-security.kubernetes.io/warn']]).toEqual(['privileged', 'restricted']);
  expect(JSON.parse(annotations['cdk-bulwark/acceptances'])).toMatchObject([
    { control: 'K-NSP-03', kind: 'exemption', owner: 'platform-team' },
  ]);
});

test('denies everything by name of both directions, and lets names be resolved', () => {
  const scope = app();
  tenant(scope);
  const found = objects(scope);
  // Trap: without policyTypes the API server assumes ingress alone.
  expect(found['NetworkPolicy/default-deny'].spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  expect(found['NetworkPolicy/allow-dns'].spec).toEqual({
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      {
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
            podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          },
        ],
      },
    ],
  });
});

test('has a quota and limits in its budget', () => {
  const scope = app();
  tenant(scope, 'small', { cpu: Cpu.millis(50), memory: Size.mebibytes(100), pods: 3, ephemeralStorage: Size.mebibytes(100) });
  const found = objects(scope);
  expect(found['ResourceQuota/quota'].spec).toEqual({
    hard: {
      'limits.cpu': '200m',
      'limits.ephemeral-storage': '100Mi',
      'limits.memory': '100Mi',
      pods: '3',
      'requests.cpu': '50m',
      'requests.ephemeral-storage': '100Mi',
      'requests.memory': '100Mi',
      'services.loadbalancers': '0',
      'services.nodeports': '0',
    },
  });
  // The API server refuses defaults above the maximum.
  expect(found['LimitRange/limits'].spec).toEqual({
    limits: [
      {
        type: 'Container',
        default: { cpu: '200m', 'ephemeral-storage': '100Mi', memory: '100Mi' },
        defaultRequest: { cpu: '50m', 'ephemeral-storage': '100Mi', memory: '100Mi' },
        max: { cpu: '200m', 'ephemeral-storage': '100Mi', memory: '100Mi' },
      },
    ],
  });
});

test.each([
  [{ pods: 0 }, /a tenant cannot have 0 pods; .* \(PodsInvalid\)$/],
  [{ cpu: Cpu.units(0) }, /cpu '0' is not a positive amount; .* \(CpuInvalid\)$/],
  [{ memory: Size.mebibytes(0) }, /\(SizeInvalid\)$/],
])('refuses the budget %j', (props, message) => {
  expect(() => tenant(app(), 'payments', props)).toThrow(message);
});

test.each(['Payments', 'pay_ments', '-payments', 'a'.repeat(64), 'payments.eu'])("refuses the name '%s'", (id) => {
  expect(() => tenant(app(), id)).toThrow(
    /namespace '.*' cannot be a name in Kubernetes; use at most 63 lower-case letters, .* \(NameInvalid\)$/,
  );
});

describe('names', () => {
  test('are construct ids without a hash, wherever the construct stands', () => {
    const names = (build: (payments: k8s.Tenant) => Construct) => {
      const scope = app();
      const place = build(tenant(scope));
      new k8s.Deployment(place, 'api', { containers });
      new plus.ConfigMap(place, 'settings');
      new cdk8s.ApiObject(place, 'raw', { apiVersion: 'v1', kind: 'ConfigMap' });
      return scope._rendered().map(({ json }) => json);
    };
    const flat = names((payments) => payments);
    expect(flat.map(({ kind, metadata }) => `${kind}/${(metadata as Loose).name}`)).toEqual(
      expect.arrayContaining(['Deployment/api', 'ServiceAccount/api', 'PodDisruptionBudget/api', 'ConfigMap/settings', 'ConfigMap/raw']),
    );
    // Law: moving a construct renames nothing, selectors and pod templates included.
    expect(names((payments) => new Construct(new Construct(payments, 'backend'), 'tier'))).toEqual(flat);
  });

  test('come from the way to the construct where its id is none', () => {
    const scope = app();
    const payments = tenant(scope);
    new plus.ConfigMap(new Construct(payments, 'Web'), 'MainSettings');
    expect(objects(scope)).toHaveProperty(['ConfigMap/web-mainsettings']);
  });

  test('a second owner is an error', () => {
    const payments = tenant(app());
    new k8s.Deployment(payments, 'api', { containers });
    const other = new Construct(payments, 'other');
    expect(() => new k8s.Deployment(other, 'api', { containers })).toThrow(
      "[payments/other/api/Resource]: the name 'api' is taken by the Deployment of 'payments/api/Resource' in namespace 'payments'; choose another construct id (NameTaken)",
    );
    // Another kind may share the name in Kubernetes, but both would own the service account and the pods.
    expect(() => new k8s.Job(new Construct(payments, 'jobs'), 'api', { containers })).toThrow(/\(NameTaken\)$/);
  });

  test('explicit names that collide are found at synthesis', () => {
    const scope = app();
    const payments = tenant(scope);
    for (const id of ['one', 'two']) new plus.ConfigMap(payments, id, { metadata: { name: 'same' } });
    expect(() => scope.synth()).toThrow(
      "[payments] ConfigMap 'same' in namespace 'payments' is made by 'payments/one/Resource' and by 'payments/two/Resource'; rename one (NameTaken)",
    );
  });

  test('the same names are free in another tenant', () => {
    const scope = app();
    for (const id of ['payments', 'shop']) new k8s.Deployment(tenant(scope, id), 'api', { containers });
    expect(objects(scope)).toHaveProperty(['shop/Deployment/api']);
  });

  test('a cron job leaves room for the names of its runs', () => {
    const payments = tenant(app());
    expect(() => new k8s.CronJob(payments, 'a'.repeat(53), { containers, schedule: cdk8s.Cron.daily() })).toThrow(
      /use at most 52 .* \(NameInvalid\)$/,
    );
  });
});

test('a chart or workload in a CloudFormation stack is an error', () => {
  class Platform extends Stack {}
  const stack = new Platform(new CdkApp(), 'Platform');
  const message = (id: string) =>
    `'${id}' is placed in the stack 'Platform', which cannot write Kubernetes manifests; place it in a k8s.App (ChartInStack)`;
  expect(() => new k8s.Tenant(stack, 'payments', { cpu: Cpu.units(1), memory: Size.gibibytes(1) })).toThrow(message('payments'));
  expect(() => new k8s.Deployment(new cdk8s.Chart(stack, 'chart'), 'api', { containers })).toThrow(message('api'));
});

test('works in a plain cdk8s App, for the oldest version in standard support', () => {
  const plain = cdk8s.Testing.app();
  const payments = new k8s.Tenant(plain, 'payments', { cpu: Cpu.units(1), memory: Size.gibibytes(1) });
  expect(cdk8s.Testing.synth(payments)[0].metadata.labels['pod-security.kubernetes.io/enforce-version']).toBe(`v${DEFAULT_VERSION}`);
});

describe('registries', () => {
  test('are written on the namespace, each once, for the control that judges images by them', () => {
    const scope = app();
    tenant(scope, 'payments', { registries: ['registry.example.com/payments', 'registry.example.com:5000', 'registry.example.com:5000'] });
    const { annotations } = objects(scope)['Namespace/payments'].metadata as Loose;
    expect(annotations).toEqual({ 'cdk-bulwark/registries': 'registry.example.com/payments,registry.example.com:5000' });
  });

  test.each([
    'payments',
    'https://registry.example.com',
    'registry.example.com/app:1.0.0',
    'registry.example.com/',
    'registry.example.com,x.y',
  ])("'%s' fails as no registry", (registry) => {
    expect(() => tenant(app(), 'payments', { registries: [registry] })).toThrow(
      `'${registry}' is no registry; write its host and a path, as in 'registry.example.com/team' (RegistryInvalid)`,
    );
  });

  test('fails where the list is empty', () => {
    expect(() => tenant(app(), 'payments', { registries: [] })).toThrow(/no image could come from anywhere.*\(RegistriesEmpty\)/);
  });
});
