import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';
import { everyResource, provideResource, resourceCel } from './container-resources';

export const cpuLimit = control({
  ...workload,
  id: 'K-RES-02',
  title: 'containers have CPU limits',
  because: 'one busy or hijacked container otherwise takes all processors of its node',
  severity: Severity.LOW,
  category: 'governance',
  judge: (pod, context) => everyResource(pod, context, 'limits', 'cpu'),
  remedy: 'set resources.limits.cpu on every container, from what it was seen to use',
  references: {
    nsa: ['dos'],
    scanners: {
      checkov: ['CKV_K8S_11'],
      'kube-linter': ['unset-cpu-requirements'],
      'kube-score': ['container-resources'],
      kubescape: ['C-0009', 'C-0050', 'C-0270'],
      kubesec: ['LimitsCPU'],
      polaris: ['cpuLimitsMissing'],
      trivy: ['KSV-0011'],
    },
  },
  cel: resourceCel('limits', 'cpu'),
  repair: {
    risk: 'mayBreak',
    note: 'a program that needs more than one processor is slowed down; compare its throttling before and after',
    apply: ({ spec }, fill) => provideResource(spec, fill, 'limits', 'cpu', '1'),
  },
  examples: {
    holds: manifests(
      podOf({ resources: { limits: { cpu: '1' } } }),
      cronJob(podOf({ resources: { requests: { cpu: '1' }, limits: { cpu: '1' } } })),
    ),
    breaks: manifests(
      pod(),
      podOf({ resources: { requests: { cpu: '1' } } }),
      podOf({ resources: { limits: { memory: '1' } } }),
      withInit(podOf({ resources: { limits: { cpu: '1' } } }), {}),
    ),
  },
});
