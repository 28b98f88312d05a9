import { chosenBy, neighbourhood } from '../../lib/controls/neighbourhood';
import { inventoryOf, type JsonObject, podTemplates, selects } from '../../lib/inventory';

const workload = (name: string, labels: JsonObject, namespace = 'shop'): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: { template: { metadata: { labels }, spec: { containers: [] } } },
});
const policy = (podSelector: JsonObject, namespace = 'shop'): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace },
  spec: { podSelector },
});

const VALUES = ['a', 'b', 'c'];
/** Every way to give two keys one of three values or none. */
const everyLabels = VALUES.concat('').flatMap((x) => VALUES.concat('').map((y) => ({ ...(x && { x }), ...(y && { y }) }) as JsonObject));

test('the index selects what the selector selects, for every selector of a small world', () => {
  const inventory = inventoryOf({ manifests: everyLabels.map((labels, index) => workload(`w${index}`, labels)) });
  const here = neighbourhood(inventory, 'shop');
  const expressions = ['In', 'NotIn', 'Exists', 'DoesNotExist'].flatMap((operator) =>
    ['x', 'z'].map((key) => ({ key, operator, ...(operator.endsWith('In') ? { values: ['a', 'b'] } : {}) })),
  );
  let selected = 0;
  for (const matchLabels of everyLabels) {
    for (const matchExpressions of [undefined, ...expressions.map((expression) => [expression])]) {
      const selector = { matchLabels, ...(matchExpressions === undefined ? {} : { matchExpressions }) } as JsonObject;
      const expected = podTemplates(inventory).filter(({ metadata }) => selects(selector, metadata.labels));
      expect(new Set(here.selected(selector))).toEqual(new Set(expected));
      selected += expected.length;
    }
  }
  expect(selected).toBeGreaterThan(100);
  expect(here.selected(undefined)).toEqual([]);
  expect(here.selectedByMap({})).toEqual([]);
  expect(here.selectedByMap({ x: 'a', y: 'b' })).toHaveLength(1);
});

test('policies choose in their own namespace, kinds of other groups choose nothing', () => {
  const inventory = inventoryOf({
    manifests: [
      workload('web', { app: 'web' }),
      workload('api', { app: 'api' }),
      workload('other', { app: 'web' }, 'other'),
      policy({ matchLabels: { app: 'web' } }),
      { ...policy({}), apiVersion: 'crd.projectcalico.org/v1' },
    ],
  });
  const chosen = chosenBy(inventory, 'NetworkPolicy');
  expect(podTemplates(inventory).map((pod) => chosen.has(pod))).toEqual([true, false, false]);
  expect(chosenBy(inventory, 'NetworkPolicy')).toBe(chosen);
});

test('takes time in proportion to objects: 8,000 policies of 8,000 workloads with a label in common', () => {
  const manifests: JsonObject[] = [];
  for (let index = 0; index < 8_000; index += 1) {
    const labels = { app: `app-${index}`, team: 'payments' };
    manifests.push(workload(`w${index}`, labels), policy({ matchLabels: labels }));
  }
  const inventory = inventoryOf({ manifests });
  let tests = 0;
  for (const pod of podTemplates(inventory)) {
    // Counts how often any selector looks at these labels.
    pod.metadata.labels = new Proxy(pod.metadata.labels as JsonObject, {
      getOwnPropertyDescriptor: (target, key) => {
        tests += 1;
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    });
  }
  const chosen = chosenBy(inventory, 'NetworkPolicy');
  expect(podTemplates(inventory).every((pod) => chosen.has(pod))).toBe(true);
  expect(tests).toBeLessThan(12 * 8_000);
});
