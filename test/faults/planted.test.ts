import { allControls } from '../../lib/controls/catalogue';
import type { JsonObject } from '../../lib/inventory';
import { changed, changes, faultOf, seen, shown } from './planted';

const named = allControls.map((control) => [control.id, control] as const);

describe.each(named)('a fault planted against %s', (_, control) => {
  const fault = faultOf(control);

  test('is one field of a subject that passes', () => {
    if (fault === undefined) throw new Error('no example that breaks is one field away from one that holds');
    expect(changes({ ...fault.passing } as JsonObject, { ...fault.faulty } as JsonObject)).toHaveLength(1);
    const before = seen(control, fault.passing);
    expect(before.pass).toBeGreaterThan(0);
    expect(before).toMatchObject({ fail: 0, at: [] });
  });

  test('is seen by the audit', () => {
    if (fault === undefined) throw new Error('no fault');
    expect(seen(control, fault.faulty).fail).toBeGreaterThan(0);
  });

  test('has a name that tells it', () => {
    if (fault === undefined) throw new Error('no fault');
    expect(shown(fault)).toMatch(/^([-+] )?[A-Za-z][^\n]+$/);
  });
});

test('changes are told at the shortest path, and one element more or less is one change', () => {
  expect(changes({ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } })).toEqual([{ path: ['a', 'c'], value: 3 }]);
  expect(changes({ a: { b: 1 } }, {})).toEqual([{ path: ['a'] }]);
  expect(changes([1, 2, 3], [1, 3])).toEqual([{ path: [1] }]);
  expect(changes([1, 3], [1, 2, 3])).toEqual([{ path: [1], value: 2, insert: true }]);
  expect(changes([1, 2], [2, 1, 3])).toEqual([{ path: [], value: [2, 1, 3] }]);
  expect(changes({ a: 1 }, { a: 2, b: 3 })).toEqual([
    { path: ['a'], value: 2 },
    { path: ['b'], value: 3 },
  ]);
});

test('a change applied leads from one document to the other and leaves the first alone', () => {
  const pairs: readonly [JsonObject, JsonObject][] = [
    [{ a: [1, 2, 3] }, { a: [1, 3] }],
    [{ a: [1, 3] }, { a: [1, 2, 3] }],
    [{ a: { b: 1 } }, { a: {} }],
    [{ a: [{ b: 1 }] }, { a: [{ b: [2] }] }],
  ];
  for (const [from, to] of pairs) {
    const text = JSON.stringify(from);
    const [change, ...others] = changes(from, to);
    expect(others).toEqual([]);
    expect(changed(from, change)).toEqual(to);
    expect(JSON.stringify(from)).toBe(text);
  }
});
