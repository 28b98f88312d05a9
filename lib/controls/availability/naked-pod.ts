import { control, fail, pass } from '../control';
import { groupObjects } from '../kubernetes-objects';
import { manifests, pod } from '../pod-examples';
import { child, isSet } from '../pod-template';
import { Severity } from '../severity';
import { availability } from './serving';

const HOOK = 'helm.sh/hook';

export const nakedPod = control({
  ...availability,
  id: 'K-AVL-11',
  title: 'pods are made by a workload',
  because: 'nothing starts a bare pod again when its node goes away, and the CNI of EKS holds no NetworkPolicy for it',
  severity: Severity.LOW,
  subjects: groupObjects('', 'Pod'),
  judge: ({ name, object }) => {
    const metadata = child(object, 'metadata');
    if (Array.isArray(metadata.ownerReferences) && metadata.ownerReferences.length > 0) return pass;
    return isSet(child(metadata, 'annotations')[HOOK])
      ? pass
      : fail(`the Pod ${name} has no owner, it must be made by a Deployment, a Job or another workload`, 'kind');
  },
  remedy: 'make it the template of a Deployment, a DaemonSet or a Job',
  references: {
    scanners: { kubescape: ['C-0073'] },
    urls: ['https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html'],
  },
  cel: `(has(object.metadata.ownerReferences) && size(object.metadata.ownerReferences) > 0) || (has(object.metadata.annotations) && '${HOOK}' in object.metadata.annotations)`,
  examples: {
    holds: manifests(
      pod({}, { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'app', uid: '1' }] }),
      pod({}, { annotations: { [HOOK]: 'test' } }),
    ),
    breaks: manifests(pod(), pod({ restartPolicy: 'Never' }), pod({}, { ownerReferences: [] })),
  },
});
