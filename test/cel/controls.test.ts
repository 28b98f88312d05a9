import type { AnyControl } from '../../lib/controls/control';
import type { JsonObject } from '../../lib/inventory/value';
import { everyControl } from '../controls/judged';
import { arrived } from './arrival';
import { examplesOf, mutants, vocabulary } from './mutations';
import { byCode, byText } from './verdicts';

const MUTANTS = 100;
const withText = everyControl.filter(({ cel }) => cel !== undefined);
const words = vocabulary(everyControl);

interface Disagreement {
  readonly code: string | undefined;
  readonly defaulted: string | undefined;
  readonly cel: string;
  readonly object: JsonObject;
}

/** What the code says of an object as it was written and as it arrives, and the CEL text of what arrives. What is undecided is a value that nobody can post. */
function disagreement(control: AnyControl, object: JsonObject): Disagreement | undefined {
  const code = byCode(control, object);
  if (code === undefined || code === 'undecided') return undefined;
  const seen = arrived(object);
  const [defaulted, cel] = [byCode(control, seen), byText(control, seen)];
  return code === cel && defaulted === cel ? undefined : { code, defaulted, cel, object };
}

test('controls with a CEL text are found', () => {
  expect(withText.length).toBeGreaterThan(25);
});

describe.each(withText.map((control) => [control.id, control] as const))('the CEL text of %s', (_, control) => {
  const manifests = examplesOf(control)
    .flatMap((example) => example.manifests ?? [])
    .filter((manifest) => byCode(control, manifest) !== undefined);

  test('says of its examples what its code says', () => {
    expect(manifests.length).toBeGreaterThan(1);
    expect(manifests.map((manifest) => disagreement(control, manifest)).filter((found) => found !== undefined)).toEqual([]);
  });

  test(`and of ${MUTANTS} mutations of each`, () => {
    const found: Disagreement[] = [];
    const verdicts = new Set<string | undefined>();
    manifests.forEach((manifest, index) => {
      for (const mutant of mutants(manifest, words, MUTANTS, index + 1)) {
        verdicts.add(byCode(control, mutant));
        const wrong = disagreement(control, mutant);
        if (wrong !== undefined) found.push(wrong);
      }
    });
    expect(found.slice(0, 3)).toEqual([]);
    // Mutations that all have one verdict would prove little.
    expect([verdicts.has('pass'), verdicts.has('fail')]).toEqual([true, true]);
  });
});
