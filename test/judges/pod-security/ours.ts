import { audit } from '../../../lib/audit';
import { allFrameworks, counts, isAsked } from '../../../lib/frameworks';
import { buildInventory, readObjects } from '../../../lib/inventory';
import { catalogue, scopeOf } from '../../../lib/posture/selection';
import type { Case } from './pods';

/** The checks that each pod fails, as the audit has it; in the order of the cases, ids sorted. */
export function ours(cases: readonly Case[]): string[][] {
  const answers: string[][] = cases.map(() => []);
  const groups = new Map<string, number[]>();
  cases.forEach(({ level, version }, index) => {
    const key = `${level} ${version}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  for (const [key, indexes] of groups) {
    const [level, version] = key.split(' ');
    const framework = allFrameworks.find(({ id }) => id === `pss-${level}`);
    if (framework === undefined) throw new Error(`there is no framework for ${level}`);
    const inventory = buildInventory([readObjects(indexes.map((index) => cases[index].pod))]);
    const place = new Map(inventory.kubernetes.map((object, at) => [object, indexes[at]]));
    const { judgements } = audit(inventory, { ...scopeOf(undefined, [framework], catalogue()), kubernetes: version, asOf: '2026-11-01' });
    for (const { control, resource, verdict, message } of judgements) {
      if (resource?.tree !== 'kubernetes' || verdict !== 'fail') throw new Error(`${control.id} is ${verdict}: ${message}`);
      const failed = answers[place.get(resource) as number];
      for (const requirement of framework.requirements)
        if (isAsked(requirement, version) && counts(requirement, control.id, resource, version) && !failed.includes(requirement.id))
          failed.push(requirement.id);
    }
  }
  for (const failed of answers) failed.sort();
  return answers;
}
