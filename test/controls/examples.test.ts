import type { AnyControl, Example } from '../../lib/controls/control';
import { harden } from '../../lib/controls/harden';
import { REPAIRS } from '../../lib/controls/repairs';
import { pathSteps } from '../../lib/inventory';
import { everyControl, verdicts } from './judged';

const named = everyControl.map((control) => [control.id, control] as const);
const repairable = named.filter(([, control]) => control.repair !== undefined);
const title = (example: Example, index: number): string => example.name ?? `example ${index}`;
const hardened = (example: Example): Example => ({
  ...example,
  manifests: example.manifests?.map((manifest) => harden(manifest, { kubernetes: '1.33' })),
});

/** The value under the path of a verdict in the object that it was given about. */
function valueAt(example: Example, at: string | undefined): unknown {
  for (const manifest of example.manifests ?? []) {
    const value = pathSteps(at ?? '').reduce<unknown>(
      (holder, step) => (holder as { [key: string]: unknown } | undefined)?.[step],
      manifest,
    );
    if (value !== undefined) return value;
  }
  return undefined;
}

test('the folders hold controls, each id once', () => {
  expect(everyControl.length).toBeGreaterThan(25);
  expect(new Set(everyControl.map(({ id }) => id)).size).toBe(everyControl.length);
});

describe.each(named)('%s', (_, control: AnyControl) => {
  test('passes on every example that holds', () => {
    const said = control.examples.holds.map((example, index) => [title(example, index), verdicts(control, example)]);
    for (const [name, list] of said) {
      expect([name, list.length > 0]).toEqual([name, true]);
      expect([name, list]).toEqual([name, (list as unknown[]).map(() => ({ verdict: 'pass' }))]);
    }
  });

  test('fails on every example that breaks', () => {
    control.examples.breaks.forEach((example, index) => {
      const failed = verdicts(control, example).filter(({ verdict }) => verdict === 'fail');
      expect([title(example, index), failed.length > 0]).toEqual([title(example, index), true]);
    });
  });

  test('cannot decide the examples that are undecided', () => {
    (control.examples.undecided ?? []).forEach((example, index) => {
      const said = verdicts(control, example).map(({ verdict }) => verdict);
      expect([title(example, index), said.includes('undecided'), said.includes('fail')]).toEqual([title(example, index), true, false]);
    });
  });

  test('says what is wrong in lower case, without a full stop, and where', () => {
    for (const example of [...control.examples.breaks, ...(control.examples.undecided ?? [])]) {
      for (const verdict of verdicts(control, example)) {
        if (verdict.verdict === 'pass') continue;
        expect(verdict.message).not.toMatch(/^[A-Z][a-z]|\.$/);
        expect(verdict.message).not.toMatch(/undefined|\[object/);
        expect(verdict.at).toBeTruthy();
      }
    }
  });

  test('writes title, reason and remedy as sentences in lower case without a full stop', () => {
    for (const text of [control.title, control.because, control.remedy]) {
      expect(text.length).toBeGreaterThan(10);
      expect(text).not.toMatch(/\.$/);
      expect(text).not.toMatch(/^[A-Z][a-z]/);
    }
  });
});

describe.each(repairable)('the repair of %s', (_, control: AnyControl) => {
  test('turns every example that breaks by omission into one that holds', () => {
    expect(REPAIRS).toContain(control.repair);
    let healed = 0;
    for (const example of control.examples.breaks) {
      for (const verdict of verdicts(control, hardened(example))) {
        // A value that the example sets is the user's and stays a finding.
        if (verdict.verdict === 'fail') expect(valueAt(example, verdict.at)).toBeDefined();
        else healed += 1;
      }
    }
    expect(healed).toBeGreaterThan(0);
  });

  test('changes nothing that an example sets', () => {
    for (const example of [...control.examples.holds, ...control.examples.breaks]) {
      const before = JSON.stringify(example);
      expect(hardened(example).manifests).toMatchObject([...(example.manifests ?? [])]);
      expect(JSON.stringify(example)).toBe(before);
    }
  });

  test('says what it may break', () => {
    expect(control.repair?.note.length).toBeGreaterThan(20);
  });

  test('leaves every example that holds holding', () => {
    for (const example of control.examples.holds) {
      expect(verdicts(control, hardened(example)).every(({ verdict }) => verdict === 'pass')).toBe(true);
    }
  });
});
