import { control } from '../control';
import { deployment, manifests, pod, podOf } from '../pod-examples';
import { Severity } from '../severity';
import { everyProbe } from './probes';
import { availability, probe, servingCel, servingPods } from './serving';

export const readiness = control({
  ...availability,
  id: 'K-AVL-02',
  title: 'containers have a readiness probe',
  because: 'requests otherwise reach pods that have not started yet, at every rollout and every scaling',
  severity: Severity.LOW,
  maturity: 'incubating',
  subjects: servingPods,
  judge: (pod) => everyProbe(pod, 'readinessProbe', 'readiness probe'),
  remedy: 'add a readinessProbe that answers once the program serves requests',
  references: {
    scanners: {
      checkov: ['CKV_K8S_9'],
      'kube-linter': ['no-readiness-probe', 'readiness-port'],
      'kube-score': ['pod-probes'],
      kubescape: ['C-0018'],
      polaris: ['readinessProbeMissing'],
    },
  },
  cel: servingCel('has(c.readinessProbe)'),
  examples: {
    holds: manifests(
      podOf({ readinessProbe: probe() }),
      deployment(podOf({ readinessProbe: probe() }, { initContainers: [{ name: 'init', image: 'init:1.0.0' }] })),
    ),
    breaks: manifests(pod(), deployment(pod()), podOf({ livenessProbe: probe() })),
  },
});
