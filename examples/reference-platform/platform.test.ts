import { Posture } from 'cdk-bulwark/jest';
import { build } from './app';

const { cdk, charts } = build();
const posture = Posture.of({ cdk, cdk8s: charts, asOf: '2026-11-01' });

test('nothing of medium severity or above is open in either environment', () => {
  expect(posture).toHaveNoFindings({ atLeast: 'medium' });
});

test('both environments keep what the auditors ask for', () => {
  expect(posture).toHold(['A-EKS-03', 'A-EKS-05', 'A-KMS-01', 'A-S3-01', 'A-VPC-01']);
});

test('requests go from the shop to the ledger by one way', () => {
  expect(posture.flows({ to: 'payments/*' })).toEqual([
    'payments/api -> payments/ledger TCP 8443',
    'payments/gateway -> payments/api TCP 8443',
    'storefront/web -> payments/gateway TCP 8080',
  ]);
  expect(posture).not.toReach('storefront/*', 'payments/ledger');
  expect(posture).not.toReach('internet', 'payments/*');
});

test('nobody is permitted more than the committed posture says', () => {
  expect(posture).toMatchPosture();
});

test('what holds data keeps its name', () => {
  expect(posture).toKeepIdentity();
});

test.each(['Production/Cluster', 'Staging/Cluster', 'Production/Statements', 'storefront/StatefulSet/catalog'])(
  '%s is what was reviewed',
  (name) => {
    expect(posture.resource(name)).toMatchBlueprint();
  },
);
