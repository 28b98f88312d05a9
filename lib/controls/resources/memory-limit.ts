import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';
import { everyResource, provideResource, resourceCel } from './container-resources';

export const memoryLimit = control({
  ...workload,
  id: 'K-RES-04',
  title: 'containers have memory limits',
  because: 'one leak or attack otherwise takes the memory of every pod on the node',
  severity: Severity.MEDIUM,
  category: 'governance',
  judge: (pod, context) => everyResource(pod, context, 'limits', 'memory'),
  remedy: 'set resources.limits.memory on every container, from what it was seen to use',
  references: {
    nsa: ['dos'],
    scanners: {
      checkov: ['CKV_K8S_13'],
      'kube-linter': ['unset-memory-requirements'],
      'kube-score': ['container-resources'],
      kubescape: ['C-0004', 'C-0009', 'C-0271'],
      kubesec: ['LimitsMemory'],
      polaris: ['memoryLimitsMissing'],
      trivy: ['KSV-0018'],
    },
  },
  cel: resourceCel('limits', 'memory'),
  repair: {
    risk: 'mayBreak',
    note: 'a program that needs more memory is killed and restarted; compare with what it was seen to use',
    apply: ({ spec }, fill) => provideResource(spec, fill, 'limits', 'memory', '512Mi'),
  },
  examples: {
    holds: manifests(
      podOf({ resources: { limits: { memory: '256Mi' } } }),
      cronJob(podOf({ resources: { requests: { memory: '256Mi' }, limits: { memory: '256Mi' } } })),
    ),
    breaks: manifests(
      pod(),
      podOf({ resources: { requests: { memory: '512Mi' } } }),
      podOf({ resources: { limits: { cpu: '1' } } }),
      withInit(podOf({ resources: { limits: { memory: '256Mi' } } }), {}),
    ),
  },
});
