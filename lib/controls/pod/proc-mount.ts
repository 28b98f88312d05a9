import { control } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { celHas, containerCel, everyContainer, isSet, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/**
 * PSS checks procMount (baseline) and, from 1.35, procMount_restricted. This control is the stricter one: from 1.35 baseline lets pods with a user
 * namespace of their own unmask /proc, and its requirement says so.
 */
export const procMount = control({
  ...workload,
  id: 'K-CTR-20',
  title: 'no container unmasks /proc',
  because: 'the masked parts of /proc and /sys show and change the kernel of the node',
  severity: Severity.MEDIUM,
  judge: (pod) =>
    everyContainer(pod, 'securityContext.procMount', (_, { securityContext: { procMount } }) =>
      isSet(procMount) && procMount !== 'Default' ? `has procMount ${shown(procMount)}, it must be Default or missing` : undefined,
    ),
  remedy: 'remove procMount; build images in a pod that has hostUsers false and an exemption',
  references: {
    pss: 'baseline',
    nsa: ['pod-security'],
    scanners: { 'kube-linter': ['unsafe-proc-mount'], kubesec: ['ProcMount'], polaris: ['procMount'], trivy: ['KSV-0027'] },
  },
  cel: containerCel(`!${celHas('c', 'securityContext.procMount', (type) => `${type} != 'Default'`)}`),
  examples: {
    holds: manifests(pod(), secured({ procMount: 'Default' })),
    breaks: manifests(
      secured({ procMount: 'Unmasked' }, { hostUsers: false }),
      cronJob(secured({ procMount: 'Unmasked' }, { hostUsers: false })),
      withInit(pod({ hostUsers: false }), { securityContext: { procMount: 'Unmasked' } }),
    ),
  },
});
