import { meetPorts, onePort, type Ports, type Protocol, samePorts, unitePorts } from '../../lib/analysis/ports';
import { LAYERS, Reach } from '../../lib/analysis/reach';
import type { Verdict } from '../../lib/analysis/standing';
import { type Answer, ask } from './brute-force';
import { PROBES, randomWorld } from './random-world';

const WORLDS = Number(process.env.REACH_WORLDS ?? 2_000);

function answerOf({ allowed, unenforced, undecided }: Verdict, protocol: string, port: number): Answer {
  const at = onePort(protocol as Protocol, port);
  const has = (ports: Ports): boolean => meetPorts(ports, at).length > 0;
  return has(allowed) ? 'allowed' : has(unenforced) ? 'unenforced' : has(undecided) ? 'undecided' : 'denied';
}

test(`an evaluator that asks every policy anew gives the same answers in ${WORLDS} worlds`, () => {
  const wrong: string[] = [];
  const seen: { [answer in Answer]: number } = { allowed: 0, unenforced: 0, undecided: 0, denied: 0 };
  for (let seed = 1; seed <= WORLDS; seed += 1) {
    const { world, brute } = randomWorld(seed, { gaps: seed % 2 === 0, names: true });
    const reach = new Reach(world);
    brute.pods.forEach((from, source) => {
      brute.pods.forEach((to, target) => {
        const verdict = reach.between(source, target);
        for (const { protocol, port } of PROBES) {
          const [mine, theirs] = [answerOf(verdict, protocol, port), ask(brute, from, to, protocol, port)];
          seen[theirs] += 1;
          if (mine !== theirs)
            wrong.push(`world ${seed}: ${from.name} -> ${to.name} ${protocol} ${port}: ${mine}, by brute force ${theirs}`);
        }
      });
    });
  }
  expect(wrong.slice(0, 10)).toEqual([]);
  // All answers occur, so that agreement says something.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1_000);
}, 300_000);

test('the rows of all pairs say what each pair says', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { world } = randomWorld(seed, { gaps: true, names: true });
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
