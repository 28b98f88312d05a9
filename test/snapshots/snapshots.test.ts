import { Draw } from './draw';
import { REFACTORINGS } from './refactorings';
import { WIDENINGS } from './widenings';
import { blueprintsOf, changedLines, copyOf, type Example, postureOf, worldOf } from './world';

const EXAMPLES: readonly Example[] = ['quickstart', 'reference-platform'];
const worlds = EXAMPLES.map((example) => {
  const world = worldOf(example);
  return { example, world, before: postureOf(world), blueprints: blueprintsOf(world) };
});

/** Runs changes by turns over both examples, until each of the wanted number was made. */
function run<C>(
  changes: { readonly [name: string]: C },
  number: number,
  apply: (change: C, draw: Draw, at: number, start: (typeof worlds)[0]) => string[] | undefined,
) {
  const made: { name: string; lines: string[] }[] = [];
  const names = Object.keys(changes);
  for (let at = 0; made.length < number; at += 1) {
    const name = names[at % names.length];
    const start = worlds[Math.floor(at / names.length) % worlds.length];
    const lines = apply(changes[name], new Draw(at), at, start);
    if (lines !== undefined) made.push({ name: `${name} (${start.example}, ${at})`, lines });
  }
  return made;
}

test('300 widenings: every one changes the posture file, half of them by three lines at most', () => {
  const made = run(WIDENINGS, 300, (widen, draw, at, { world, before }) => {
    const changed = copyOf(world);
    return widen(changed, draw, at) ? changedLines(before, postureOf(changed)) : undefined;
  });
  expect(made.filter(({ lines }) => !lines.some((line) => /^[+-] (?!schema:)/.test(line))).map(({ name }) => name)).toEqual([]);
  const sizes = made.map(({ lines }) => lines.length).sort((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(3);
}, 120_000);

test('100 refactorings: none changes the posture file', () => {
  const made = run(REFACTORINGS, 100, (refactor, draw, _, { world, before }) => {
    const changed = copyOf(world);
    refactor(changed, draw);
    expect(JSON.stringify(changed)).not.toBe(JSON.stringify(world));
    return changedLines(before, postureOf(changed));
  });
  expect(made.filter(({ lines }) => lines.length > 0)).toEqual([]);
}, 120_000);

test.each(['other order of keys', 'other order of objects', 'another logical id', 'a stack in two', 'Fn::Sub in place of Fn::Join'])(
  '%s changes one line of a hundred at most in the blueprints',
  (name) => {
    for (const { world, blueprints } of worlds) {
      const changed = copyOf(world);
      REFACTORINGS[name](changed, new Draw(7));
      expect(changedLines(blueprints, blueprintsOf(changed)).length).toBeLessThanOrEqual(blueprints.split('\n').length / 100);
    }
  },
);
