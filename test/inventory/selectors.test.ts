import { selects, selectsByMap } from '../../lib/inventory';

const labels = { app: 'api', tier: 'front' };

test.each([
  [undefined, false],
  [null, false],
  [{}, true],
  [{ matchLabels: {} }, true],
  [{ matchLabels: null, matchExpressions: null }, true],
  [{ matchLabels: { app: 'api' } }, true],
  [{ matchLabels: { app: 'api', tier: 'back' } }, false],
  [{ matchLabels: { app: 'api', zone: 'a' } }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In' }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api'] }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] }, false],
  [{ matchExpressions: ['x'] }, false],
  [{ matchLabels: { app: 'api' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }] }, false],
  [{ matchLabels: ['app'] }, false],
  [{ matchLabels: { toString: 'x' } }, false],
])('the LabelSelector %j selects: %s', (selector, expected) => {
  expect(selects(selector as never, labels)).toBe(expected);
});

test('labels that are missing are selected by the empty selector and by absence only', () => {
  expect(selects({}, undefined)).toBe(true);
  expect(selects({ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, undefined)).toBe(true);
  expect(selects({ matchLabels: { a: 'b' } }, null)).toBe(false);
});

test("a Service's map selects by equality, and nothing when it is empty", () => {
  expect(selectsByMap({ app: 'api' }, labels)).toBe(true);
  expect(selectsByMap({ app: 'web' }, labels)).toBe(false);
  expect(selectsByMap({}, labels)).toBe(false);
  expect(selectsByMap(undefined, labels)).toBe(false);
});
