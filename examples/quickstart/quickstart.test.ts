import { Posture } from 'cdk-bulwark/jest';
import { build } from './app';

const { cdk, charts } = build();
const posture = Posture.of({ cdk, cdk8s: charts, asOf: '2026-11-01' });

test('the platform has no findings', () => {
  expect(posture).toHaveNoFindings();
});

test('pods are isolated, unprivileged and without the rights of their node', () => {
  expect(posture).toHold(['K-CTR-02', 'K-CTR-04', 'K-NET-02', 'A-NOD-03']);
});

test('the gateway reaches the API, and nothing else in the namespace is reached', () => {
  expect(posture.flows({ to: 'payments/*' })).toEqual(['payments/gateway -> payments/api TCP 8443']);
  expect(posture).toReach('payments/gateway', 'payments/api', 'TCP 8443');
  expect(posture).not.toReach('payments/*', 'internet');
});

test('nobody is permitted more than the committed posture says', () => {
  expect(posture).toMatchPosture();
});

test('what holds data keeps its name', () => {
  expect(posture).toKeepIdentity();
});

test('the cluster is what was reviewed', () => {
  expect(posture.resource('Platform/Cluster')).toMatchBlueprint();
  expect(posture.resource('payments/Deployment/api')).toMatchBlueprint();
});
