import { meetPorts, onePort, type Ports, type Protocol } from '../../lib/analysis/ports';
import { Reach } from '../../lib/analysis/reach';
import type { Verdict } from '../../lib/analysis/standing';
import { type Answer, ask } from './brute-force';
import { PROBES, randomWorld } from './random-world';

function answerOf({ allowed, unenforced, undecided }: Verdict, protocol: string, port: number): Answer {
  const at = onePort(protocol as Protocol, port);
  const has = (ports: Ports): boolean => meetPorts(ports, at).length > 0;
  return has(allowed) ? 'allowed' : has(unenforced) ? 'unenforced' : has(undecided) ? 'undecided' : 'denied';
}

/** Compares every pair of some random worlds, port by port. */
export function compareWorlds(
  first: number,
  last: number,
): { readonly wrong: readonly string[]; readonly seen: { readonly [answer in Answer]: number } } {
  const wrong: string[] = [];
  const seen: { [answer in Answer]: number } = { allowed: 0, unenforced: 0, undecided: 0, denied: 0 };
  for (let seed = first; seed <= last; seed += 1) {
    const { world, brute } = randomWorld(seed, { gaps: seed % 2 === 0, quirks: true });
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
  return { wrong, seen };
}
