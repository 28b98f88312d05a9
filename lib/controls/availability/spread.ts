import type { JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { deploymentOf, isMany, replicated, scalerOf } from './replicated';
import { availability } from './serving';

const isFilled = (list: unknown): boolean => Array.isArray(list) && list.length > 0;

function isSpread(spec: JsonObject): boolean {
  if (isFilled(spec.topologySpreadConstraints)) return true;
  const apart = child(child(spec, 'affinity'), 'podAntiAffinity');
  return isFilled(apart.requiredDuringSchedulingIgnoredDuringExecution) || isFilled(apart.preferredDuringSchedulingIgnoredDuringExecution);
}

const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'app' } } };

export const spread = control({
  ...availability,
  id: 'K-AVL-06',
  title: 'pods of one workload are spread over nodes or zones',
  because: 'the scheduler otherwise may put all of them onto one node, which then takes all of them with it',
  severity: Severity.LOW,
  subjects: replicated,
  judge: (of) =>
    !isMany(of) || isSpread(of.pod.spec)
      ? pass
      : fail(
          `the pods of ${of.pod.object.kind} ${of.pod.object.name} are not kept apart, they must be spread`,
          `${of.pod.specPath}.topologySpreadConstraints`,
        ),
  remedy: 'add topologySpreadConstraints over topology.kubernetes.io/zone, or podAntiAffinity over kubernetes.io/hostname',
  references: {
    scanners: {
      'kube-linter': ['no-anti-affinity', 'no-node-affinity'],
      'kube-score': ['deployment-has-host-podantiaffinity', 'pod-topology-spread-constraints'],
      polaris: ['topologySpreadConstraint'],
    },
  },
  examples: {
    holds: [
      { manifests: [deploymentOf(1)] },
      { manifests: [deploymentOf(3, { topologySpreadConstraints: [{ ...term, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' }] })] },
      { manifests: [deploymentOf(2, { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } })] },
    ],
    breaks: [
      { manifests: [deploymentOf(2)] },
      { manifests: [deploymentOf(2, { topologySpreadConstraints: [], affinity: { podAntiAffinity: {} } })] },
      { manifests: [deploymentOf(2, { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } })] },
      { name: 'scaled', manifests: [deploymentOf(1), scalerOf({ minReplicas: 1, maxReplicas: 3 })] },
    ],
  },
});
