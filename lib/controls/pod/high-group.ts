import { control } from '../control';
import { deployment, manifests, pod, secured } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';
import { everyHighId, highIdCel, provideId } from './high-id';

/** The group a container ends up with: its own, else the pod's. */
export const highGroup = control({
  ...workload,
  id: 'K-CTR-07',
  title: 'groups do not overlap with those of the node',
  because: 'a low gid, 0 above all, is one that owns files on the node and in volumes',
  severity: Severity.LOW,
  judge: (pod) => everyHighId(pod, 'runAsGroup'),
  remedy: 'set runAsGroup at the pod to 10000 or more, and let the image work with that group',
  references: {
    nsa: ['pod-security'],
    scanners: {
      'kube-score': ['container-security-context-user-group-id'],
      kubescape: ['C-0013'],
      kubesec: ['RunAsGroup'],
      trivy: ['KSV-0021', 'KSV-0116'],
    },
  },
  cel: highIdCel('runAsGroup'),
  repair: {
    risk: 'mayBreak',
    note: 'files of the image that only its own group may read become unreadable; start it and exercise what it writes and reads',
    apply: (pod, fill) => provideId(pod, fill, 'runAsGroup', 10001),
  },
  examples: {
    holds: manifests(
      pod({ securityContext: { runAsGroup: 10001 } }),
      deployment(secured({ runAsGroup: 65532 })),
      pod({ hostUsers: false }),
    ),
    breaks: manifests(
      pod(),
      secured({ runAsGroup: 1000 }, { securityContext: { runAsGroup: 10001 } }),
      deployment(pod({ securityContext: { runAsGroup: 999 } })),
    ),
  },
});
