import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdk8s from 'cdk8s';
import * as k8s from '../../lib/k8s';
import { app, containers, objects, tenant } from './fixtures';

const dir = mkdtempSync(join(tmpdir(), 'bulwark-'));
afterAll(() => rmSync(dir, { recursive: true }));
const file = (text: string) => {
  const path = join(dir, 'outputs.json');
  writeFileSync(path, text);
  return path;
};

test('gives fixed and deployed values by key', () => {
  const scope = app({ handoff: { 'cluster/name': 'platform' }, outputsFile: file('{"Storage":{"FileSystem":"fs-0123"}}') });
  expect(scope.handoff.value('cluster/name')).toBe('platform');
  expect(k8s.Handoff.of(new cdk8s.Chart(scope, 'chart')).value('output/Storage/FileSystem')).toBe('fs-0123');
  expect(scope.handoff.has('network/cidr')).toBe(false);
});

test('names what is missing and how to get it', () => {
  const { handoff } = app();
  expect(() => handoff.value('network/cidr')).toThrow(
    "hand-off 'network/cidr' is missing; pass 'aws.Handoff.of(cluster).values' as 'handoff', or use k8s.Handoff.placeholders() (HandoffMissing)",
  );
  expect(() => handoff.value('output/Storage/FileSystem')).toThrow(
    /deploy with 'cdk deploy --outputs-file FILE' and pass the file as 'outputsFile'/,
  );
});

test('a plain cdk8s App has no values', () => {
  expect(() => k8s.Handoff.of(cdk8s.Testing.app()).value('cluster/name')).toThrow(/\(HandoffMissing\)$/);
});

test('placeholders stand for what is missing only', () => {
  const { handoff } = app({ handoff: k8s.Handoff.placeholders({ 'cluster/name': 'platform' }) });
  expect(handoff.value('cluster/name')).toBe('platform');
  expect(handoff.value('output/Storage/FileSystem')).toBe('${handoff:output/Storage/FileSystem}');
  expect(handoff.has('handoff/placeholders')).toBe(false);
});

test('refuses a value that is still a token', () => {
  expect(() => app({ handoff: { 'identity/payments/batch': '${Token[TOKEN.19]}' } })).toThrow(
    /hand-off 'identity\/payments\/batch' holds '\$\{Token\[TOKEN\.19\]\}', which only a deployment resolves; .* \(HandoffUnresolved\)$/,
  );
});

test('refuses an outputs file that is missing or none', () => {
  expect(() => app({ outputsFile: join(dir, 'none.json') })).toThrow(
    /none\.json: cannot read the outputs file; .* \(OutputsFileMissing\)$/,
  );
  expect(() => app({ outputsFile: file('{') })).toThrow(/outputs\.json: not JSON .* \(OutputsFileInvalid\)$/);
  expect(() => app({ outputsFile: file('{"Stack":"text"}') })).toThrow(/not a map of stacks to outputs; .* \(OutputsFileInvalid\)$/);
  expect(() => app({ outputsFile: file('[1]') })).toThrow(/\(OutputsFileInvalid\)$/);
});

const endpoints = { 'network/endpoints': '10.0.200.0/24, 10.0.201.0/24' };
const https = {
  ports: [{ port: 443, protocol: 'TCP' }],
  to: [{ ipBlock: { cidr: '10.0.200.0/24' } }, { ipBlock: { cidr: '10.0.201.0/24' } }],
};

test('a pod identity gets the way to the agent and to AWS', () => {
  const scope = app({ handoff: { ...endpoints, 'identity/payments/api': 'pod-identity' } });
  new k8s.Deployment(tenant(scope), 'api', { containers });
  const found = objects(scope);
  expect(found['NetworkPolicy/api-credentials'].spec).toEqual({
    podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'api', 'app.kubernetes.io/name': 'api' } },
    policyTypes: ['Egress'],
    egress: [{ ports: [{ port: 80, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '169.254.170.23/32' } }] }, https],
  });
  expect(found['ServiceAccount/api'].metadata).not.toHaveProperty('annotations');
});

test('an IRSA role is announced on the service account, without the way to the agent', () => {
  const role = 'arn:aws-us-gov:iam::111122223333:role/batch';
  const scope = app({ handoff: { ...endpoints, 'identity/payments/batch': role } });
  new k8s.Deployment(tenant(scope), 'batch', { containers });
  const found = objects(scope);
  expect(found['ServiceAccount/batch'].metadata).toMatchObject({ annotations: { 'eks.amazonaws.com/role-arn': role } });
  expect(found['NetworkPolicy/batch-credentials'].spec).toMatchObject({ egress: [https] });
});

test('an identity without endpoints is an error, a foreign namespace none', () => {
  const scope = app({ handoff: { 'identity/payments/api': 'pod-identity' } });
  new k8s.Deployment(tenant(scope, 'shop'), 'api', { containers });
  expect(objects(scope)).not.toHaveProperty('NetworkPolicy/api-credentials');
  expect(() => new k8s.Deployment(tenant(scope), 'api', { containers })).toThrow(/hand-off 'network\/endpoints' is missing/);
});

test('refuses an identity that is none', () => {
  const scope = app({ handoff: { ...endpoints, 'identity/payments/api': 'role/api' } });
  expect(() => new k8s.Deployment(tenant(scope), 'api', { containers })).toThrow(
    "hand-off 'identity/payments/api' is 'role/api'; it must be 'pod-identity' or the ARN of an IAM role (IdentityInvalid)",
  );
});
