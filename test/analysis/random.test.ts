import { meetPorts, type Ports, samePorts, unitePorts } from '../../lib/analysis/ports';
import { LAYERS, Reach } from '../../lib/analysis/reach';
import { compareWorlds } from './agreement';
import { randomWorld } from './random-world';

// Ten thousand are compared where the judges judge.
test('an evaluator that asks every policy anew gives the same answers in 1,000 worlds', () => {
  const { wrong, seen } = compareWorlds(1, 1_000);
  expect(wrong.slice(0, 10)).toEqual([]);
  // All answers occur, so that agreement says something.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1_000);
}, 120_000);

test('the rows of all pairs say what each pair says', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const { world } = randomWorld(seed, { gaps: true, quirks: true });
    const reach = new Reach(world);
    for (const layer of LAYERS) {
      const pairs = new Map<string, Ports>();
      for (const { source, targets, ports } of reach.rows(layer)) {
        targets.each((target) => {
          const before = pairs.get(`${source} ${target}`) ?? [];
          expect(meetPorts(before, ports)).toEqual([]);
          pairs.set(`${source} ${target}`, unitePorts(before, ports));
        });
      }
      reach.index.classes.forEach((_, source) => {
        reach.index.classes.forEach((__, target) => {
          expect(samePorts(pairs.get(`${source} ${target}`) ?? [], reach.pair(source, target, layer))).toBe(true);
        });
      });
    }
  }
});
