import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';
import { everyResource, provideResource, resourceCel } from './container-resources';

export const memoryRequest = control({
  ...workload,
  id: 'K-RES-03',
  title: 'containers have memory requests',
  because: 'pods without a request are the first that a node under pressure kills, and the scheduler cannot place them',
  severity: Severity.MEDIUM,
  category: 'governance',
  judge: (pod, context) => everyResource(pod, context, 'requests', 'memory'),
  remedy: 'set resources.requests.memory on every container, from what it was seen to use',
  references: {
    nsa: ['dos'],
    scanners: {
      checkov: ['CKV_K8S_12'],
      'kube-linter': ['unset-memory-requirements'],
      'kube-score': ['container-resources'],
      kubescape: ['C-0004', 'C-0269'],
      kubesec: ['RequestsMemory'],
      polaris: ['memoryRequestsMissing'],
      trivy: ['KSV-0016'],
    },
  },
  cel: resourceCel('requests', 'memory'),
  repair: {
    risk: 'restart',
    note: 'the scheduler may find no room for the pod; raise the request to what the program was seen to use',
    apply: ({ spec }, fill) => provideResource(spec, fill, 'requests', 'memory', '128Mi'),
  },
  examples: {
    holds: manifests(
      // The API server copies the limit.
      podOf({ resources: { limits: { memory: '128Mi' } } }),
      podOf({ resources: { requests: { memory: '256Mi' } } }),
      cronJob(podOf({ resources: { requests: { memory: '256Mi' }, limits: { memory: '256Mi' } } })),
    ),
    breaks: manifests(
      pod(),
      podOf({ resources: { requests: { cpu: '1' } } }),
      withInit(podOf({ resources: { requests: { memory: '256Mi' } } }), {}),
    ),
  },
});
