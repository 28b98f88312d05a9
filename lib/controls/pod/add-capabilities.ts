import { control, pass } from '../control';
import { manifests, pod, secured, withInit } from '../pod-examples';
import { celWindows, child, containerCel, everyContainer, isWindows, minor, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS restricted, check capabilities_restricted. */
export const addCapabilities = control({
  ...workload,
  id: 'K-CTR-10',
  title: 'containers add no capability but NET_BIND_SERVICE',
  because: 'every other capability is a part of root that works on the node as well',
  severity: Severity.HIGH,
  judge: (pod, context) =>
    isWindows(pod) && minor(context) >= 25
      ? pass
      : everyContainer(pod, 'securityContext.capabilities.add', (body) => {
          const { add } = child(child(body, 'securityContext'), 'capabilities');
          const extra = Array.isArray(add) ? add.filter((name) => name !== 'NET_BIND_SERVICE') : [];
          return extra.length === 0 ? undefined : `adds the capabilities ${extra.join(', ')}, it may add NET_BIND_SERVICE only`;
        }),
  remedy: 'remove the added capabilities; to bind a low port set the safe sysctl net.ipv4.ip_unprivileged_port_start instead',
  references: {
    pss: 'restricted',
    cisKubernetes: ['5.2.9'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_25'],
      kubescape: ['C-0046', 'C-0200'],
      polaris: ['insecureCapabilities'],
      trivy: ['KSV-0022', 'KSV-0106'],
    },
  },
  cel: containerCel(
    "!has(c.securityContext) || !has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add) || c.securityContext.capabilities.add.all(name, name == 'NET_BIND_SERVICE')",
    celWindows,
  ),
  examples: {
    holds: manifests(pod(), secured({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } })),
    breaks: manifests(
      secured({ capabilities: { add: ['SYS_ADMIN'] } }),
      withInit(pod(), { securityContext: { capabilities: { add: ['NET_BIND_SERVICE', 'NET_RAW'] } } }),
    ),
  },
});
