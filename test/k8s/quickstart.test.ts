import { Cron, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { harden } from '../../lib/controls/harden';
import * as k8s from '../../lib/k8s';
import { app, type Loose } from './fixtures';

const handoff = {
  'cluster/name': 'platform',
  'identity/payments/api': 'pod-identity',
  'identity/payments/batch': 'arn:aws:iam::111122223333:role/batch',
  'network/endpoints': '10.0.200.0/24',
};

/** The Kubernetes half of the program a user starts with. */
function quickstart(): k8s.App {
  const charts = app({ handoff });
  const payments = new k8s.Tenant(charts, 'payments', { cpu: Cpu.units(20), memory: Size.gibibytes(64) });
  const gateway = new k8s.Deployment(payments, 'gateway', {
    containers: [{ image: k8s.Image.semver('registry.example.com/gateway', '1.4.2'), portNumber: 8080 }],
  });
  const api = new k8s.Deployment(payments, 'api', {
    containers: [{ image: k8s.Image.semver('registry.example.com/api', '2.0.1'), portNumber: 8443 }],
  });
  new k8s.CronJob(payments, 'batch', {
    schedule: Cron.daily(),
    containers: [{ image: k8s.Image.semver('registry.example.com/batch', '3.1.0') }],
  });
  api.accept(gateway);
  return charts;
}

test('makes these objects, by these names', () => {
  expect(
    quickstart()
      ._rendered()
      .map(({ json }) => `${json.kind} ${(json.metadata as Loose).name}`)
      .sort(),
  ).toEqual([
    'CronJob batch',
    'Deployment api',
    'Deployment gateway',
    'LimitRange limits',
    'Namespace payments',
    'NetworkPolicy allow-dns',
    'NetworkPolicy api-accept-gateway',
    'NetworkPolicy api-credentials',
    'NetworkPolicy batch-credentials',
    'NetworkPolicy default-deny',
    'NetworkPolicy gateway-reach-api',
    'PodDisruptionBudget api',
    'PodDisruptionBudget gateway',
    'ResourceQuota quota',
    'ServiceAccount api',
    'ServiceAccount batch',
    'ServiceAccount gateway',
  ]);
});

test('writes the same bytes every time', () => {
  expect(quickstart().synthYaml()).toBe(quickstart().synthYaml());
});

test('leaves nothing for a second hardening to do', () => {
  for (const { json } of quickstart()._rendered()) expect(harden(json, { kubernetes: '1.35' })).toBe(json);
});

test('no policy opens all ports, none leaves its direction to a default, none names a construct path', () => {
  const policies = quickstart()
    ._rendered()
    .filter(({ json }) => json.kind === 'NetworkPolicy');
  for (const { json } of policies) {
    const spec = json.spec as Loose;
    expect(spec.policyTypes.length).toBeGreaterThan(0);
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) expect(rule.ports.length).toBeGreaterThan(0);
    expect(JSON.stringify(json)).not.toMatch(/undefined|cdk8s\.io|c8[0-9a-f]{6}/);
  }
});

test('the first object is the namespace, so that the file can be applied as it is', () => {
  expect(quickstart().synthYaml()).toMatch(/^apiVersion: v1\nkind: Namespace\n/);
});
