import { lifecycleOf, lifecycles } from '../../lib/controls/api/lifecycle';
import { verdict } from './judged';

const FIRST = 25;
const LAST = 37;
const rows = [...lifecycles()];
const object = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: 'app', namespace: 'shop' } });

test('the table has what ended since 1.16, each kind of an API version once', () => {
  const keys = rows.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.length).toBeGreaterThan(70);
  for (const { deprecated, removed } of rows) {
    expect(deprecated).toBeLessThanOrEqual(LAST);
    if (removed !== undefined) expect(removed).toBeGreaterThan(deprecated);
  }
});

test('what is written instead does not end itself', () => {
  // LeaseCandidate has not left beta.
  const ending = rows
    .filter(({ kind, use }) => use !== undefined && lifecycleOf(use, kind) !== undefined)
    .map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  expect(ending).toEqual(['coordination.k8s.io/v1alpha2 LeaseCandidate']);
});

test('an API version is fine before it is deprecated, low until it is removed, and refused from then on', () => {
  for (const { apiVersion, kind, deprecated, removed } of rows) {
    for (let minor = FIRST; minor <= LAST; minor += 1) {
      const said = ['K-API-01', 'K-API-02'].map((id) => verdict(id, object(apiVersion, kind), `1.${minor}`).verdict);
      const gone = removed !== undefined && minor >= removed;
      expect([apiVersion, kind, minor, ...said]).toEqual([
        apiVersion,
        kind,
        minor,
        gone ? 'fail' : 'pass',
        !gone && minor >= deprecated ? 'fail' : 'pass',
      ]);
    }
  }
});

test.each([
  ['policy/v1beta1', 'PodDisruptionBudget', '1.24', 'pass', 'fail'],
  ['policy/v1beta1', 'PodDisruptionBudget', '1.25', 'fail', 'pass'],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', '1.25', 'pass', 'fail'],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', '1.26', 'fail', 'pass'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', '1.31', 'pass', 'fail'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', '1.32', 'fail', 'pass'],
  ['v1', 'Endpoints', '1.32', 'pass', 'pass'],
  ['v1', 'Endpoints', '1.37', 'pass', 'fail'],
  ['networking.k8s.io/v1', 'Ingress', '1.37', 'pass', 'pass'],
])('%s %s in %s: removed %s, deprecated %s', (apiVersion, kind, kubernetes, removed, deprecated) => {
  const said = ['K-API-01', 'K-API-02'].map((id) => verdict(id, object(apiVersion, kind), kubernetes).verdict);
  expect(said).toEqual([removed, deprecated]);
});
