import { control, fail, pass } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { isSet, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS baseline, check hostNamespaces. */
export const hostNetwork = control({
  ...workload,
  id: 'K-POD-01',
  title: 'pods do not share the network of the node',
  because: 'a pod in the network of its node hears other pods, reaches the credentials of the node and escapes every NetworkPolicy',
  severity: Severity.HIGH,
  boundary: 'pod',
  threats: ['workload-attack', 'credential-leak'],
  judge: ({ spec, specPath }) =>
    isSet(spec.hostNetwork) && spec.hostNetwork !== false
      ? fail(`the pod has hostNetwork ${shown(spec.hostNetwork)}, it must be false or missing`, `${specPath}.hostNetwork`)
      : pass,
  remedy: 'remove hostNetwork, or accept it for a node agent with an exemption',
  references: {
    pss: 'baseline',
    cisEks: ['4.2.4'],
    cisKubernetes: ['5.2.5'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_19'],
      'kube-linter': ['host-network'],
      kubescape: ['C-0041', 'C-0196'],
      kubesec: ['HostNetwork'],
      polaris: ['hostNetworkSet'],
      trivy: ['KSV-0009'],
    },
  },
  cel: podCel((spec) => `!has(${spec}.hostNetwork) || !${spec}.hostNetwork`),
  examples: {
    holds: manifests(pod(), deployment(pod({ hostNetwork: false }))),
    breaks: manifests(pod({ hostNetwork: true }), cronJob(pod({ hostNetwork: true })), deployment(pod({ hostNetwork: true }))),
  },
});
