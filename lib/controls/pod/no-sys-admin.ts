import { control } from '../control';
import { cronJob, deployment, manifests, pod, secured, withInit } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';
import { withoutCapability, withoutCapabilityCel } from './capability';

export const noSysAdmin = control({
  ...workload,
  id: 'K-CTR-12',
  title: 'containers do not get SYS_ADMIN',
  because: 'SYS_ADMIN mounts file systems and enters namespaces, which is most of what root on the node can do',
  severity: Severity.HIGH,
  judge: (pod) => withoutCapability(pod, 'SYS_ADMIN'),
  remedy: 'remove SYS_ADMIN from securityContext.capabilities.add; ask what the program mounts, and mount it with a volume',
  references: {
    cisKubernetes: ['5.2.9'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_39'],
      kubescape: ['C-0046'],
      kubesec: ['CapSysAdmin'],
      polaris: ['dangerousCapabilities'],
      trivy: ['KSV-0005'],
    },
  },
  cel: withoutCapabilityCel('SYS_ADMIN'),
  examples: {
    holds: manifests(pod(), deployment(secured({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }))),
    breaks: manifests(
      secured({ capabilities: { add: ['SYS_ADMIN'] } }),
      cronJob(secured({ capabilities: { add: ['CAP_SYS_ADMIN'] } })),
      withInit(pod(), { securityContext: { capabilities: { add: ['ALL'] } } }),
    ),
  },
});
