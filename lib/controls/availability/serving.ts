import { podTemplates } from '../../inventory/pod-templates';
import type { JsonObject } from '../../inventory/value';
import type { Subjects } from '../control';
import { type PodTemplate, podCel } from '../pod-template';

/** What controls over the availability of workloads have in common. */
export const availability = {
  maturity: 'stable',
  category: 'governance',
  boundary: 'pod',
  carrier: 'app-team',
  threats: ['workload-attack'],
} as const;

/** Pods that are to run for ever: not those of jobs, and none that may end. */
export const servingPods: Subjects<PodTemplate> = {
  description: 'pod templates that run for ever',
  *select(inventory) {
    for (const value of podTemplates(inventory)) {
      const { kind } = value.object;
      const { restartPolicy } = value.spec;
      const ends = kind === 'Job' || kind === 'CronJob' || restartPolicy === 'Never' || restartPolicy === 'OnFailure';
      if (!ends) yield { resource: value.object, value };
    }
  },
};

/** CEL for admission: an expression over `c` that must hold for every regular container of a pod that runs for ever. */
export function servingCel(expression: string): string {
  return `object.kind in ['Job', 'CronJob'] || (${podCel(
    (spec) => `(has(${spec}.restartPolicy) && ${spec}.restartPolicy in ['Never', 'OnFailure']) || ${spec}.containers.all(c, ${expression})`,
  )})`;
}

/** A probe for examples. */
export const probe = (fields: JsonObject = {}): JsonObject => ({ httpGet: { path: '/health', port: 8080 }, ...fields });
