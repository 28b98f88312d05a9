import { control, fail, pass } from '../control';
import { Severity } from '../severity';
import { deploymentOf, type Replicated, replicated, scalerOf } from './replicated';
import { availability } from './serving';

/** A stateful set may well have one member, and a Deployment of none was switched off. */
const isAlone = ({ pod, fewest }: Replicated): boolean => pod.object.kind === 'Deployment' && fewest === 1;

export const replicas = control({
  ...availability,
  id: 'K-AVL-04',
  title: 'deployments have two pods or more',
  because: 'one pod is gone whenever its node is drained, updated or lost',
  severity: Severity.LOW,
  maturity: 'incubating',
  subjects: replicated,
  judge: (of) => (isAlone(of) ? fail(`the Deployment ${of.pod.object.name} has one pod, it must have two`, 'spec.replicas') : pass),
  remedy: 'set replicas to 2 or more, or minReplicas of its autoscaler',
  references: {
    scanners: { 'kube-linter': ['minimum-three-replicas'], 'kube-score': ['deployment-replicas'], polaris: ['deploymentMissingReplicas'] },
  },
  examples: {
    holds: [
      { manifests: [deploymentOf(2)] },
      { manifests: [deploymentOf(0)] },
      { name: 'scaled', manifests: [deploymentOf(undefined), scalerOf({ minReplicas: 2, maxReplicas: 5 })] },
      { name: 'a stateful set', manifests: [{ ...deploymentOf(1), kind: 'StatefulSet' }] },
    ],
    breaks: [
      { manifests: [deploymentOf(1)] },
      { manifests: [deploymentOf(undefined)] },
      { name: 'scaled down to one', manifests: [deploymentOf(3), scalerOf({ maxReplicas: 5 })] },
    ],
  },
});
