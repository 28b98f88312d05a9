import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { containerCel, everyContainer, workload } from '../pod-template';
import { Severity } from '../severity';

const FROZEN = /^([a-z]+[.])?k8s[.]gcr[.]io\//;

export const frozenRegistry = control({
  ...workload,
  id: 'K-IMG-06',
  title: 'no image comes from k8s.gcr.io',
  because: 'the registry has been frozen since 2023: what it still serves gets no fixes, and one day it serves nothing',
  severity: Severity.MEDIUM,
  category: 'vulnerability',
  judge: (pod) =>
    everyContainer(pod, 'image', ({ image }) =>
      typeof image === 'string' && FROZEN.test(image) ? `has the image '${image}', it must come from registry.k8s.io` : undefined,
    ),
  remedy: 'name registry.k8s.io instead of k8s.gcr.io, in a version that is still maintained',
  references: { nsa: ['supply-chain'], scanners: { kubescape: ['C-0253'] } },
  cel: containerCel("!has(c.image) || !c.image.matches('^([a-z]+[.])?k8s[.]gcr[.]io/')"),
  examples: {
    holds: manifests(pod(), podOf({ image: 'registry.k8s.io/pause:3.10' }), podOf({ image: 'registry.example.com/k8s.gcr.io/pause:3.9' })),
    breaks: manifests(
      podOf({ image: 'k8s.gcr.io/pause:3.9' }),
      cronJob(podOf({ image: 'eu.k8s.gcr.io/etcd:3.5.0' })),
      withInit(pod(), { image: 'k8s.gcr.io/git-sync:v3.1.6' }),
    ),
  },
});
