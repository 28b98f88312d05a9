import { control } from '../control';
import { deployment, manifests, pod, secured, withInit } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';
import { withoutCapability, withoutCapabilityCel } from './capability';

export const noSysModule = control({
  ...workload,
  id: 'K-CTR-14',
  title: 'containers do not get SYS_MODULE',
  because: 'SYS_MODULE loads code into the kernel of the node, which all its pods share',
  severity: Severity.HIGH,
  judge: (pod) => withoutCapability(pod, 'SYS_MODULE'),
  remedy: 'remove SYS_MODULE from securityContext.capabilities.add; load kernel modules in the image or the settings of the node',
  references: {
    cisKubernetes: ['5.2.9'],
    nsa: ['pod-security'],
    scanners: { checkov: ['CKV_K8S_25'], kubescape: ['C-0046'], polaris: ['dangerousCapabilities'], trivy: ['KSV-0120'] },
  },
  cel: withoutCapabilityCel('SYS_MODULE'),
  examples: {
    holds: manifests(pod(), secured({ capabilities: { drop: ['SYS_MODULE'] } })),
    breaks: manifests(
      deployment(secured({ capabilities: { add: ['SYS_MODULE'] } })),
      withInit(pod(), { securityContext: { capabilities: { add: ['CHOWN', 'SYS_MODULE'] } } }),
    ),
  },
});
