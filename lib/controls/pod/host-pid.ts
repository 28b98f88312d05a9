import { control, fail, pass } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { isSet, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS baseline, check hostNamespaces. */
export const hostPid = control({
  ...workload,
  id: 'K-POD-02',
  title: 'pods do not see the processes of the node',
  because: 'a pod that sees the processes of its node can read their environment and, as root, enter them',
  severity: Severity.HIGH,
  boundary: 'pod',
  judge: ({ spec, specPath }) =>
    isSet(spec.hostPID) && spec.hostPID !== false
      ? fail(`the pod has hostPID ${shown(spec.hostPID)}, it must be false or missing`, `${specPath}.hostPID`)
      : pass,
  remedy: 'remove hostPID, or accept it for a node agent with an exemption',
  references: {
    pss: 'baseline',
    cisEks: ['4.2.2'],
    cisKubernetes: ['5.2.3'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_17'],
      'kube-linter': ['host-pid'],
      kubescape: ['C-0038', 'C-0194', 'C-0275'],
      kubesec: ['HostPID'],
      polaris: ['hostPIDSet'],
      trivy: ['KSV-0010'],
    },
  },
  cel: podCel((spec) => `!has(${spec}.hostPID) || !${spec}.hostPID`),
  examples: {
    holds: manifests(pod(), deployment(pod({ hostPID: false }))),
    breaks: manifests(pod({ hostPID: true }), cronJob(pod({ hostPID: true })), deployment(pod({ hostPID: true }))),
  },
});
