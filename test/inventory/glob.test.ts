import fc from 'fast-check';
import { fitsGlob } from '../../lib/inventory/glob';

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['?', '', false],
  ['a*c', 'abbc', true],
  ['a*c', 'abbcd', false],
  ['team-?', 'team-a', true],
  ['team-?', 'team-ab', false],
  ['*.*', 'a.b', true],
  ['a.c', 'abc', false],
  ['**a', 'ba', true],
])("'%s' and '%s': %s", (pattern, text, fits) => expect(fitsGlob(pattern, text)).toBe(fits));

test('says what a regular expression says', () => {
  const word = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
  fc.assert(
    fc.property(word('ab.*?'), word('ab.*?'), (pattern, text) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
      expect(fitsGlob(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 5_000 },
  );
});

test('is not slowed down by many stars', () => {
  expect(fitsGlob(`${'a*'.repeat(500)}b`, 'a'.repeat(5_000))).toBe(false);
});
