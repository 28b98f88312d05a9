import type { Inventory, KubernetesObject } from '../../inventory/model';
import type { Json, JsonObject } from '../../inventory/value';
import { control, fail, pass, type Subjects, type Verdict } from '../control';
import { ofGroup } from '../kubernetes-objects';
import { chosenBy, neighbourhood } from '../neighbourhood';
import { child, minor } from '../pod-template';
import { Severity } from '../severity';
import { deploymentOf, isMany, type Replicated, replicasOf, replicated, scalerOf } from './replicated';
import { availability } from './serving';

type Subject = { readonly workload: Replicated } | { readonly budget: KubernetesObject };

/** Workloads of several pods, which need a budget, and the budgets. */
const drained: Subjects<Subject> = {
  description: 'Deployment and StatefulSet of several pods, PodDisruptionBudget',
  *select(inventory) {
    for (const { resource, value } of replicated.select(inventory)) if (isMany(value)) yield { resource, value: { workload: value } };
    for (const resource of ofGroup(inventory, 'policy', 'PodDisruptionBudget')) yield { resource, value: { budget: resource } };
  },
};

const isNone = (amount: Json | undefined): boolean => amount === 0 || amount === '0' || amount === '0%';
/** The field is on by default from 1.27. */
const EVICTION_POLICY = 27;

function judgeBudget(budget: KubernetesObject, inventory: Inventory, evictionPolicy: boolean): Verdict {
  const spec = child(budget.object, 'spec');
  const { minAvailable, maxUnavailable } = spec;
  const named = `the PodDisruptionBudget ${budget.name}`;
  if (isNone(maxUnavailable)) return fail(`${named} lets no pod go, maxUnavailable must be 1 or more`, 'spec.maxUnavailable');
  if (minAvailable === '100%') return fail(`${named} keeps every pod, minAvailable must be less`, 'spec.minAvailable');
  if (typeof minAvailable === 'number') {
    let most = 0;
    for (const pod of neighbourhood(inventory, budget.namespace).selected(spec.selector)) most += replicasOf(inventory, pod).most;
    if (most > 0 && minAvailable >= most)
      return fail(`${named} keeps ${minAvailable} of ${most} pods, minAvailable must be less`, 'spec.minAvailable');
  }
  return evictionPolicy && spec.unhealthyPodEvictionPolicy !== 'AlwaysAllow'
    ? fail(`${named} keeps pods that never became ready, unhealthyPodEvictionPolicy must be AlwaysAllow`, 'spec.unhealthyPodEvictionPolicy')
    : pass;
}

const budget = (spec: JsonObject): JsonObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'app', namespace: 'shop' },
  spec: { selector: { matchLabels: { app: 'app' } }, unhealthyPodEvictionPolicy: 'AlwaysAllow', ...spec },
});

export const disruptionBudget = control({
  ...availability,
  id: 'K-AVL-05',
  title: 'workloads of several pods have a disruption budget that lets nodes drain',
  because: 'without one an update of the nodes stops all pods at once, and with one that never yields it stops for ever',
  severity: Severity.LOW,
  subjects: drained,
  judge: (subject, context) => {
    if ('budget' in subject) return judgeBudget(subject.budget, context.inventory, minor(context) >= EVICTION_POLICY);
    const { pod } = subject.workload;
    return chosenBy(context.inventory, 'PodDisruptionBudget').has(pod)
      ? pass
      : fail(
          `no PodDisruptionBudget selects the pods of ${pod.object.kind} ${pod.object.name}, one must`,
          `${pod.specPath.replace(/\.spec$/, '')}.metadata.labels`,
        );
  },
  remedy:
    'add a PodDisruptionBudget with maxUnavailable 1 and unhealthyPodEvictionPolicy AlwaysAllow; k8s.Deployment and k8s.StatefulSet make one',
  references: {
    scanners: {
      'kube-linter': ['pdb-max-unavailable', 'pdb-min-available', 'pdb-unhealthy-pod-eviction-policy'],
      'kube-score': ['deployment-has-poddisruptionbudget', 'statefulset-has-poddisruptionbudget', 'poddisruptionbudget-has-policy'],
      polaris: ['missingPodDisruptionBudget', 'pdbDisruptionsIsZero'],
    },
  },
  examples: {
    holds: [
      { manifests: [deploymentOf(2), budget({ maxUnavailable: 1 })] },
      { manifests: [deploymentOf(3), budget({ minAvailable: 2 })] },
      { manifests: [deploymentOf(3), budget({ minAvailable: '50%', selector: {} })] },
      {
        name: 'by an expression',
        manifests: [
          deploymentOf(2),
          budget({ maxUnavailable: '25%', selector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['web'] }] } }),
        ],
      },
      { name: 'of pods that are not here', manifests: [budget({ minAvailable: 2 })] },
    ],
    breaks: [
      { manifests: [deploymentOf(2)] },
      { name: 'scaled', manifests: [deploymentOf(undefined), scalerOf({ maxReplicas: 4 })] },
      { name: 'of other pods', manifests: [deploymentOf(2), budget({ maxUnavailable: 1, selector: { matchLabels: { app: 'other' } } })] },
      {
        name: 'of nothing: a missing selector selects no pod',
        manifests: [deploymentOf(2), budget({ maxUnavailable: 1, selector: null })],
      },
      { manifests: [deploymentOf(2), budget({ maxUnavailable: 0 })] },
      { manifests: [deploymentOf(2), budget({ maxUnavailable: '0%' })] },
      { manifests: [deploymentOf(2), budget({ minAvailable: 2 })] },
      { manifests: [deploymentOf(2), budget({ minAvailable: '100%' })] },
      { manifests: [deploymentOf(2), budget({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'IfHealthyBudget' })] },
    ],
  },
});
