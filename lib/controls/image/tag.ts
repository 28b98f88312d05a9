import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { containerCel, everyContainer, shown, workload } from '../pod-template';
import { Severity } from '../severity';
import { unlessFilledIn } from './filled-in';
import { CEL_LATEST, isLatest, isPlaceholder, parseImage } from './reference';

export const imageTag = control({
  ...workload,
  id: 'K-IMG-01',
  title: 'images have a fixed tag or a digest',
  because: 'what latest means changes between two starts of the same pod, and nobody can say what ran',
  severity: Severity.MEDIUM,
  category: 'vulnerability',
  judge: (pod) => {
    const verdict = everyContainer(pod, 'image', ({ image }) => {
      if (typeof image !== 'string' || image === '') return `has the image ${shown(image)}, it must name one`;
      if (isPlaceholder(image) || !isLatest(parseImage(image))) return undefined;
      return `has the image '${image}' ${image.endsWith(':latest') ? 'with the tag latest' : 'without a tag, which means latest'}, it must have a version`;
    });
    return verdict.verdict === 'fail' ? verdict : unlessFilledIn(pod);
  },
  remedy: 'name a version tag, or better a digest',
  references: {
    nsa: ['supply-chain'],
    scanners: {
      checkov: ['CKV_K8S_14'],
      'kube-linter': ['latest-tag'],
      'kube-score': ['container-image-tag'],
      kubescape: ['C-0075'],
      polaris: ['tagNotSpecified'],
      trivy: ['KSV-0013'],
    },
  },
  cel: containerCel(`has(c.image) && c.image != '' && !${CEL_LATEST}`),
  examples: {
    holds: manifests(
      podOf({ image: 'registry.example.com:5000/app:1.4.2' }),
      podOf({ image: `app@sha256:${'a'.repeat(64)}` }),
      podOf({ image: `app:latest@sha256:${'a'.repeat(64)}` }),
    ),
    breaks: manifests(
      podOf({ image: 'registry.example.com:5000/app' }),
      podOf({ image: 'nginx' }),
      cronJob(podOf({ image: 'app:latest' })),
      withInit(pod(), { image: 'busybox' }),
      podOf({ image: '' }),
      podOf({ image: 'app:' }),
    ),
    undecided: manifests(podOf({ image: '${handoff:output/Registry/Image}' })),
  },
});
