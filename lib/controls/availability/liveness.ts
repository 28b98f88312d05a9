import { control } from '../control';
import { deployment, manifests, pod, podOf } from '../pod-examples';
import { Severity } from '../severity';
import { everyProbe } from './probes';
import { availability, probe, servingCel, servingPods } from './serving';

export const liveness = control({
  ...availability,
  id: 'K-AVL-01',
  title: 'containers have a liveness probe',
  because: 'a program that hangs is otherwise never started again',
  severity: Severity.LOW,
  maturity: 'incubating',
  subjects: servingPods,
  judge: (pod) => everyProbe(pod, 'livenessProbe', 'liveness probe'),
  remedy: 'add a livenessProbe that gives up after minutes, on something that does not depend on other programs',
  references: {
    scanners: {
      checkov: ['CKV_K8S_8'],
      'kube-linter': ['no-liveness-probe', 'liveness-port'],
      'kube-score': ['pod-probes'],
      kubescape: ['C-0056'],
      polaris: ['livenessProbeMissing'],
    },
  },
  cel: servingCel('has(c.livenessProbe)'),
  examples: {
    holds: manifests(
      podOf({ livenessProbe: probe() }),
      deployment(podOf({ livenessProbe: probe() }, { initContainers: [{ name: 'init', image: 'init:1.0.0' }] })),
    ),
    breaks: manifests(pod(), deployment(pod()), podOf({ readinessProbe: probe() })),
  },
});
