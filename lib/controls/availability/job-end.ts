import type { JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { groupObjects } from '../kubernetes-objects';
import { cronJob, manifests, pod } from '../pod-examples';
import { child, isSet } from '../pod-template';
import { Severity } from '../severity';
import { availability } from './serving';

const HOOK = 'helm.sh/hook-delete-policy';
const FIELDS = { Job: 'ttlSecondsAfterFinished', CronJob: 'startingDeadlineSeconds' } as const;

const job = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', namespace: 'shop', ...metadata },
  spec: { template: { spec: { ...(pod().spec as JsonObject), restartPolicy: 'Never' } }, ...spec },
});
const late = (seconds: number | null): JsonObject => {
  const { spec, ...rest } = cronJob(pod());
  return { ...rest, spec: { ...(spec as JsonObject), startingDeadlineSeconds: seconds } };
};

export const jobEnd = control({
  ...availability,
  id: 'K-AVL-10',
  title: 'jobs are deleted after their end, and scheduled ones do not start too late',
  because: 'finished pods pile up with their logs and volumes, and after an outage every run that was missed may start at once',
  severity: Severity.LOW,
  subjects: groupObjects('batch', 'Job', 'CronJob'),
  judge: ({ kind, name, object }) => {
    const field = FIELDS[kind as keyof typeof FIELDS];
    if (isSet(child(object, 'spec')[field])) return pass;
    // Helm deletes its hooks itself.
    if (kind === 'Job' && isSet(child(child(object, 'metadata'), 'annotations')[HOOK])) return pass;
    return fail(`the ${kind} ${name} has no ${field}, it must have one`, `spec.${field}`);
  },
  remedy: 'set ttlSecondsAfterFinished of a Job, startingDeadlineSeconds of a CronJob',
  references: { scanners: { 'kube-linter': ['job-ttl-seconds-after-finished'], 'kube-score': ['cronjob-has-deadline'] } },
  cel: `[dyn(object)].all(o, o.kind == 'CronJob' ? has(o.spec.startingDeadlineSeconds) : (has(o.spec.ttlSecondsAfterFinished) || (has(o.metadata.annotations) && '${HOOK}' in o.metadata.annotations)))`,
  examples: {
    holds: manifests(
      job({ ttlSecondsAfterFinished: 86400 }),
      job({}, { annotations: { [HOOK]: 'hook-succeeded' } }),
      late(300),
      job({ ttlSecondsAfterFinished: 0 }),
    ),
    breaks: manifests(job({}), cronJob(pod()), late(null), job({ startingDeadlineSeconds: 300 })),
  },
});
