import type { JsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { containerCel, everyContainer, workload } from '../pod-template';
import { Severity } from '../severity';
import { unlessFilledIn } from './filled-in';
import { isPlaceholder } from './reference';

const PINNED = /@sha(256|512):[0-9a-f]{64}/;

function withoutDigest({ image }: JsonObject): string | undefined {
  if (typeof image !== 'string' || image === '' || isPlaceholder(image) || PINNED.test(image)) return undefined;
  return `has the image '${image}' without a digest, it must have one`;
}

const DIGEST = `sha256:${'a'.repeat(64)}`;

export const imageDigest = control({
  ...workload,
  id: 'K-IMG-02',
  title: 'images are named by their digest',
  because: 'whoever may push to the registry moves a tag, and the next pod runs something else under the same name',
  severity: Severity.LOW,
  maturity: 'incubating',
  category: 'vulnerability',
  judge: (pod) => {
    const verdict = everyContainer(pod, 'image', withoutDigest);
    return verdict.verdict === 'fail' ? verdict : unlessFilledIn(pod, (image) => PINNED.test(image));
  },
  remedy: 'name the digest, as in registry.example.com/app@sha256:...; with k8s.Image.digest',
  references: { nsa: ['supply-chain'], scanners: { checkov: ['CKV_K8S_43'], kubescape: ['C-0306'] } },
  cel: containerCel("!has(c.image) || c.image.matches('@sha(256|512):[0-9a-f]{64}')"),
  examples: {
    holds: manifests(podOf({ image: `app@${DIGEST}` }), podOf({ image: `registry.example.com:5000/app:1.4.2@${DIGEST}` })),
    breaks: manifests(
      pod(),
      podOf({ image: 'app@sha256:abc' }),
      cronJob(podOf({ image: 'app:1.4.2' })),
      withInit(podOf({ image: `app@${DIGEST}` }), { image: 'busybox:1.37.0' }),
    ),
    undecided: manifests(podOf({ image: '${handoff:output/Registry/Image}' })),
  },
});
