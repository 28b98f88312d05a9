import { control } from '../control';
import { deployment, manifests, pod, secured } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';
import { everyHighId, highIdCel, provideId } from './high-id';

/** The user a container ends up with: its own, else the pod's. */
export const highUser = control({
  ...workload,
  id: 'K-CTR-06',
  title: 'users do not overlap with those of the node',
  because: 'a low uid is one that exists on the node and owns files there',
  severity: Severity.LOW,
  judge: (pod) => everyHighId(pod, 'runAsUser'),
  remedy: 'set runAsUser at the pod to 10000 or more, and let the image work with that user',
  references: {
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_40'],
      'kube-score': ['container-security-context-user-group-id'],
      kubesec: ['RunAsUser'],
      trivy: ['KSV-0020'],
    },
  },
  cel: highIdCel('runAsUser'),
  repair: {
    risk: 'mayBreak',
    note: 'files of the image that only its own user may read become unreadable; start it and exercise what it writes and reads',
    apply: (pod, fill) => provideId(pod, fill, 'runAsUser', 10001),
  },
  examples: {
    holds: manifests(pod({ securityContext: { runAsUser: 10001 } }), deployment(secured({ runAsUser: 65532 })), pod({ hostUsers: false })),
    breaks: manifests(
      pod(),
      secured({ runAsUser: 1000 }, { securityContext: { runAsUser: 10001 } }),
      deployment(pod({ securityContext: { runAsUser: 999 } })),
    ),
  },
});
