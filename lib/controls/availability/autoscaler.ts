import { control, fail, pass, undecided } from '../control';
import { groupObjects } from '../kubernetes-objects';
import { namespaceName, neighbourhood } from '../neighbourhood';
import { pod } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { deploymentOf, scalerOf, scalesPods, targetOf } from './replicated';
import { availability } from './serving';

export const autoscaler = control({
  ...availability,
  id: 'K-AVL-09',
  title: 'autoscalers have a target and room between two pods and more',
  because: 'one that scales nothing, or between one and one, is found out on the day of the load',
  severity: Severity.LOW,
  subjects: groupObjects('autoscaling', 'HorizontalPodAutoscaler'),
  judge: (scaler, { inventory }) => {
    const named = `the autoscaler ${scaler.name}`;
    const { minReplicas = 1, maxReplicas } = child(scaler.object, 'spec');
    // Zero is how an autoscaler switches off what nobody asks for.
    if (minReplicas === 1 || minReplicas === null) return fail(`${named} goes down to one pod, minReplicas must be 2`, 'spec.minReplicas');
    if (typeof maxReplicas === 'number' && typeof minReplicas === 'number' && maxReplicas <= minReplicas) {
      return fail(`${named} has no room between ${minReplicas} and ${maxReplicas} pods, maxReplicas must be more`, 'spec.maxReplicas');
    }
    const target = targetOf(scaler);
    if (!scalesPods(target))
      return undecided(`${named} scales a ${target.kind ?? 'target without a kind'}, which is not looked up`, 'spec.scaleTargetRef');
    const here = neighbourhood(inventory, scaler.namespace);
    if (here.workloads.has(`${target.kind} ${target.name}`)) return pass;
    const where = namespaceName(scaler.namespace);
    return here.workloads.size === 0 || here.open
      ? undecided(`${named} scales the ${target.kind} ${target.name} of ${where}, which was not read`, 'spec.scaleTargetRef.name')
      : fail(`${named} scales the ${target.kind} ${target.name}, which is not in ${where}`, 'spec.scaleTargetRef.name');
  },
  remedy: 'name a Deployment or StatefulSet of the same namespace, and give minReplicas and a larger maxReplicas',
  references: {
    scanners: {
      'kube-linter': ['hpa-minimum-three-replicas', 'dangling-horizontalpodautoscaler'],
      'kube-score': ['horizontalpodautoscaler-replicas', 'horizontalpodautoscaler-has-target'],
      kubescape: ['C-0300'],
      polaris: ['hpaMinAvailability', 'hpaMaxAvailability'],
    },
  },
  examples: {
    holds: [
      { manifests: [deploymentOf(undefined), scalerOf({ minReplicas: 2, maxReplicas: 6 })] },
      { manifests: [deploymentOf(undefined), scalerOf({ minReplicas: 0, maxReplicas: 6 })] },
    ],
    breaks: [
      { manifests: [deploymentOf(undefined), scalerOf({ maxReplicas: 6 })] },
      { manifests: [deploymentOf(undefined), scalerOf({ minReplicas: 1, maxReplicas: 6 })] },
      { manifests: [deploymentOf(undefined), scalerOf({ minReplicas: 3, maxReplicas: 3 })] },
      {
        name: 'of a deployment that is not there',
        manifests: [
          deploymentOf(undefined),
          scalerOf({ minReplicas: 2, maxReplicas: 6 }, { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ap' }),
        ],
      },
      {
        name: 'of another kind of that name',
        manifests: [
          deploymentOf(undefined),
          scalerOf({ minReplicas: 2, maxReplicas: 6 }, { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'app' }),
        ],
      },
    ],
    undecided: [
      { name: 'nothing else of the namespace', manifests: [pod({}, { namespace: 'other' }), scalerOf({ minReplicas: 2, maxReplicas: 6 })] },
      {
        name: 'a custom kind',
        manifests: [
          deploymentOf(2),
          scalerOf({ minReplicas: 2, maxReplicas: 6 }, { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'app' }),
        ],
      },
    ],
  },
});
