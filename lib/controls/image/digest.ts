import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { containerCel, everyContainer, workload } from '../pod-template';
import { Severity } from '../severity';

const DIGEST = `sha256:${'a'.repeat(64)}`;

export const imageDigest = control({
  ...workload,
  id: 'K-IMG-02',
  title: 'images are named by their digest',
  because: 'whoever may push to the registry moves a tag, and the next pod runs something else under the same name',
  severity: Severity.LOW,
  maturity: 'incubating',
  category: 'vulnerability',
  judge: (pod) =>
    everyContainer(pod, 'image', ({ image }) =>
      typeof image !== 'string' || image === '' || /@sha(256|512):[0-9a-f]{64}/.test(image)
        ? undefined
        : `has the image '${image}' without a digest, it must have one`,
    ),
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
  },
});
