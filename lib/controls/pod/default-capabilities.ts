import { control } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { child, containerCel, everyContainer, workload } from '../pod-template';
import { Severity } from '../severity';

/** What a runtime gives without being asked, less NET_RAW: what the baseline level lets a pod add. */
export const DEFAULT_CAPABILITIES: readonly string[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];
const isBeyond = (name: unknown): boolean => !DEFAULT_CAPABILITIES.includes(name as string);

/** PSS baseline, check capabilities_baseline. Names count as they are written: what the standard does not list is refused. */
export const defaultCapabilities = control({
  ...workload,
  id: 'K-CTR-11',
  title: 'containers add no capability beyond the default ones',
  because: 'a capability that the runtime withholds by default is one with a known way to the node',
  severity: Severity.HIGH,
  judge: (pod) =>
    everyContainer(pod, 'securityContext.capabilities.add', (_, { securityContext }) => {
      const { add } = child(securityContext, 'capabilities');
      return Array.isArray(add) && add.some(isBeyond)
        ? `adds the capabilities ${add.filter(isBeyond).join(', ')}, it may add default ones only`
        : undefined;
    }),
  remedy: 'remove the capabilities from securityContext.capabilities.add; accept one for a node agent with an exemption',
  references: {
    pss: 'baseline',
    cisKubernetes: ['5.2.9'],
    nsa: ['pod-security'],
    scanners: { checkov: ['CKV_K8S_25'], kubescape: ['C-0046'], polaris: ['dangerousCapabilities'], trivy: ['KSV-0022'] },
  },
  cel: containerCel(
    '!has(c.securityContext) || !has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add) || ' +
      `c.securityContext.capabilities.add.all(name, name in [${DEFAULT_CAPABILITIES.map((name) => `'${name}'`).join(', ')}])`,
  ),
  examples: {
    holds: manifests(pod(), secured({ capabilities: { add: ['CHOWN', 'NET_BIND_SERVICE'] } })),
    breaks: manifests(
      secured({ capabilities: { add: ['SYS_PTRACE'] } }),
      cronJob(secured({ capabilities: { drop: ['ALL'], add: ['NET_RAW'] } })),
      withInit(pod(), { securityContext: { capabilities: { add: ['CHOWN', 'ALL'] } } }),
    ),
  },
});
