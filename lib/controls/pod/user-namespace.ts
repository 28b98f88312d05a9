import { control, fail, pass } from '../control';
import { deployment, manifests, pod } from '../pod-examples';
import { celWindows, isWindows, minor, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** The field hostUsers works without a feature gate of one's own from Kubernetes 1.33 (KEP-127). */
const SINCE = 33;

/** For those who ask for it: kernel, runtime and volumes of the nodes must know id-mapped mounts, and no manifest tells. */
export const userNamespace = control({
  ...workload,
  id: 'K-POD-04',
  title: 'pods have a user namespace of their own',
  because: 'uid 0 and every capability of the container are then nothing on the node',
  severity: Severity.LOW,
  maturity: 'sandbox',
  boundary: 'pod',
  judge: (pod, context) => {
    if (isWindows(pod) || minor(context) < SINCE || pod.spec.hostUsers === false) return pass;
    return fail(`the pod has hostUsers ${shown(pod.spec.hostUsers)}, it must be false`, `${pod.specPath}.hostUsers`);
  },
  remedy: 'set hostUsers to false on nodes that support it; volumes without id-mapped mounts (NFS, EFS) and host namespaces rule it out',
  references: { nsa: ['pod-security'], scanners: { kubesec: ['HostUsers'] } },
  // Before 1.33 the API server may drop the field: deploy this text from 1.33 on.
  cel: podCel((spec) => `(${celWindows(spec)}) || (has(${spec}.hostUsers) && !${spec}.hostUsers)`),
  examples: {
    holds: manifests(pod({ hostUsers: false }), pod({ os: { name: 'windows' } })),
    breaks: manifests(pod(), deployment(pod({ hostUsers: true }))),
  },
});
