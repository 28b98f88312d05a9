import { control, fail, pass } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { isSet, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS baseline, check hostNamespaces. */
export const hostIpc = control({
  ...workload,
  id: 'K-POD-03',
  title: 'pods do not share memory with the node',
  because: 'shared memory of the node is readable to every pod that joins its IPC namespace',
  severity: Severity.HIGH,
  boundary: 'pod',
  judge: ({ spec, specPath }) =>
    isSet(spec.hostIPC) && spec.hostIPC !== false
      ? fail(`the pod has hostIPC ${shown(spec.hostIPC)}, it must be false or missing`, `${specPath}.hostIPC`)
      : pass,
  remedy: 'remove hostIPC',
  references: {
    pss: 'baseline',
    cisEks: ['4.2.3'],
    cisKubernetes: ['5.2.4'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_18'],
      'kube-linter': ['host-ipc'],
      kubescape: ['C-0038', 'C-0195', 'C-0276'],
      kubesec: ['HostIPC'],
      polaris: ['hostIPCSet'],
      trivy: ['KSV-0008'],
    },
  },
  cel: podCel((spec) => `!has(${spec}.hostIPC) || !${spec}.hostIPC`),
  examples: {
    holds: manifests(pod(), deployment(pod({ hostIPC: false }))),
    breaks: manifests(pod({ hostIPC: true }), cronJob(pod({ hostIPC: true })), deployment(pod({ hostIPC: true }))),
  },
});
