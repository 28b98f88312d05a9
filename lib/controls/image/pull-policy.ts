import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { containerCel, everyContainer, isSet, shown, workload } from '../pod-template';
import { Severity } from '../severity';
import { defaultsToAlways } from './reference';

/** The API server's default is Always only for the tag latest, said, or meant by neither tag nor digest; elsewhere it is IfNotPresent. */
export const pullPolicy = control({
  ...workload,
  id: 'K-IMG-04',
  title: "images are pulled with the pod's own credentials at every start",
  because: 'with IfNotPresent a pod runs whatever private image another pod left on the node',
  severity: Severity.LOW,
  category: 'vulnerability',
  judge: (pod) =>
    everyContainer(pod, 'imagePullPolicy', (body) => {
      const policy = body.imagePullPolicy;
      const defaulted = !isSet(policy) && typeof body.image === 'string' && defaultsToAlways(body.image);
      return policy === 'Always' || defaulted ? undefined : `has imagePullPolicy ${shown(policy)}, it must be Always`;
    }),
  remedy: 'set imagePullPolicy to Always; layers that are on the node are not transferred again',
  references: {
    nsa: ['supply-chain'],
    scanners: {
      checkov: ['CKV_K8S_15'],
      'kube-score': ['container-image-pull-policy'],
      kubescape: ['C-0075', 'C-0123'],
      polaris: ['pullPolicyNotAlways'],
      trivy: ['KCV-0012'],
    },
  },
  // Admission sees the default.
  cel: containerCel("has(c.imagePullPolicy) && c.imagePullPolicy == 'Always'"),
  repair: {
    risk: 'restart',
    note: 'pods need the registry at every start; make sure it is as available as the cluster',
    apply: ({ spec }, fill) => fill.containers(spec, (body, path) => fill.set(body, 'imagePullPolicy', 'Always', path)),
  },
  examples: {
    holds: manifests(
      podOf({ imagePullPolicy: 'Always' }),
      podOf({ image: 'registry.example.com:5000/app' }),
      cronJob(podOf({ image: 'app:latest' })),
      podOf({ image: `app:latest@sha256:${'a'.repeat(64)}` }),
    ),
    breaks: manifests(
      pod(),
      withInit(podOf({ imagePullPolicy: 'Always' }), {}),
      podOf({ image: `app@sha256:${'a'.repeat(64)}` }),
      cronJob(podOf({ imagePullPolicy: 'IfNotPresent' })),
      podOf({ imagePullPolicy: 'Never' }),
    ),
  },
});
