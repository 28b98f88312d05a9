import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';
import { everyResource, provideResource, resourceCel } from './container-resources';

export const cpuRequest = control({
  ...workload,
  id: 'K-RES-01',
  title: 'containers have CPU requests',
  because: 'the scheduler packs pods without a request onto nodes that cannot carry them',
  severity: Severity.LOW,
  category: 'governance',
  judge: (pod, context) => everyResource(pod, context, 'requests', 'cpu'),
  remedy: 'set resources.requests.cpu on every container, from what it was seen to use',
  references: {
    nsa: ['dos'],
    scanners: {
      checkov: ['CKV_K8S_10'],
      'kube-linter': ['unset-cpu-requirements'],
      'kube-score': ['container-resources'],
      kubescape: ['C-0050', 'C-0268'],
      kubesec: ['RequestsCPU'],
      polaris: ['cpuRequestsMissing'],
      trivy: ['KSV-0015'],
    },
  },
  cel: resourceCel('requests', 'cpu'),
  repair: {
    risk: 'restart',
    note: 'the scheduler may find no room for the pod; raise the request to what the program was seen to use',
    apply: ({ spec }, fill) => provideResource(spec, fill, 'requests', 'cpu', '100m'),
  },
  examples: {
    holds: manifests(
      // The API server copies the limit.
      podOf({ resources: { limits: { cpu: '100m' } } }),
      podOf({ resources: { requests: { cpu: '100m' } } }),
      cronJob(podOf({ resources: { requests: { cpu: '100m' }, limits: { cpu: '100m' } } })),
    ),
    breaks: manifests(
      pod(),
      podOf({ resources: { requests: { memory: '1' } } }),
      withInit(podOf({ resources: { requests: { cpu: '100m' } } }), {}),
    ),
  },
});
