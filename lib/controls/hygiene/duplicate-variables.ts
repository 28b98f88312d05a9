import { isJsonObject, type Json } from '../../inventory/value';
import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { containerCel, everyContainer, workload } from '../pod-template';
import { Severity } from '../severity';

const FEW = 30;

/** The first name that stands twice. Comparing the pairs of a short list allocates nothing. */
function doubled(env: readonly Json[]): string | undefined {
  const seen = env.length > FEW ? new Set<string>() : undefined;
  for (let index = 0; index < env.length; index += 1) {
    const name = nameAt(env, index);
    if (name === undefined) continue;
    if (seen?.has(name)) return name;
    seen?.add(name);
    if (seen !== undefined) continue;
    for (let before = 0; before < index; before += 1) if (nameAt(env, before) === name) return name;
  }
  return undefined;
}

function nameAt(env: readonly Json[], index: number): string | undefined {
  const entry = env[index];
  return isJsonObject(entry) && typeof entry.name === 'string' && entry.name !== '' ? entry.name : undefined;
}

const env = (...names: string[]) => ({ env: names.map((name, index) => ({ name, value: `${index}` })) });

export const duplicateVariables = control({
  ...workload,
  id: 'K-HYG-01',
  title: 'no environment variable is given twice',
  because: 'the last one counts without a word, so a value that was reviewed is not the one that runs',
  severity: Severity.LOW,
  category: 'governance',
  threats: ['permission-mistake'],
  judge: (pod) =>
    everyContainer(pod, 'env', ({ env }) => {
      const name = Array.isArray(env) ? doubled(env) : undefined;
      return name === undefined ? undefined : `gives the variable ${name} twice, it must be given once`;
    }),
  remedy: 'remove the entry that does not count',
  references: {
    scanners: { 'kube-linter': ['duplicate-env-var'], 'kube-score': ['environment-variable-key-duplication'], kubescape: ['C-0295'] },
  },
  cel: containerCel('!has(c.env) || c.env.all(e, !has(e.name) || c.env.exists_one(o, has(o.name) && o.name == e.name))'),
  examples: {
    holds: manifests(pod(), podOf(env('A', 'B', 'a')), podOf(env(...Array.from({ length: 40 }, (_, index) => `V${index}`)))),
    breaks: manifests(
      podOf(env('A', 'B', 'A')),
      cronJob(podOf(env('A', 'A'))),
      withInit(pod(), env('B', 'A', 'B')),
      podOf(env(...Array.from({ length: 40 }, (_, index) => `V${index % 39}`))),
    ),
  },
});
