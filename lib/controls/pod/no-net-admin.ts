import { control } from '../control';
import { deployment, manifests, pod, secured, withInit } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';
import { withoutCapability, withoutCapabilityCel } from './capability';

export const noNetAdmin = control({
  ...workload,
  id: 'K-CTR-15',
  title: 'containers do not get NET_ADMIN',
  because: 'NET_ADMIN rewrites routes and packet filters, and with them what a NetworkPolicy and a service mesh enforce inside the pod',
  severity: Severity.HIGH,
  judge: (pod) => withoutCapability(pod, 'NET_ADMIN'),
  remedy: 'remove NET_ADMIN from securityContext.capabilities.add; let a CNI plugin set up what a sidecar redirects',
  references: {
    cisKubernetes: ['5.2.9'],
    nsa: ['pod-security'],
    scanners: { checkov: ['CKV_K8S_25'], kubescape: ['C-0046'], polaris: ['dangerousCapabilities'], trivy: ['KSV-0022'] },
  },
  cel: withoutCapabilityCel('NET_ADMIN'),
  examples: {
    holds: manifests(pod(), secured({ capabilities: { add: ['NET_BIND_SERVICE'] } })),
    breaks: manifests(
      deployment(secured({ capabilities: { add: ['NET_ADMIN'] } })),
      withInit(pod(), { securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } } }),
    ),
  },
});
