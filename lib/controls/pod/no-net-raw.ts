import { control, pass } from '../control';
import { cronJob, deployment, manifests, pod, secured, withInit } from '../pod-examples';
import { capabilities, celHas, celWindows, child, containerCel, everyContainer, isWindows, workload } from '../pod-template';
import { Severity } from '../severity';
import { names } from './capability';

/** The runtime gives it to every container, so that it is dropped by name or with all of them. Windows has none. */
export const noNetRaw = control({
  ...workload,
  id: 'K-CTR-13',
  title: 'containers drop NET_RAW and do not add it',
  because: 'raw sockets forge packets: a container that has them answers for the addresses and names of its neighbours',
  severity: Severity.MEDIUM,
  judge: (pod) =>
    isWindows(pod)
      ? pass
      : everyContainer(pod, 'securityContext.capabilities', (_, { securityContext }) => {
          const { add, drop } = child(securityContext, 'capabilities');
          const added = capabilities(add);
          if (added.includes('NET_RAW') || added.includes('ALL')) return 'adds the capability NET_RAW, it must do without';
          const dropped = capabilities(drop);
          return dropped.includes('NET_RAW') || dropped.includes('ALL')
            ? undefined
            : 'keeps the capability NET_RAW, it must drop it or ALL';
        }),
  remedy: 'set securityContext.capabilities.drop to ["ALL"], or to ["NET_RAW"] where other default capabilities are needed',
  references: {
    cisKubernetes: ['5.2.8'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_28'],
      'kube-linter': ['drop-net-raw-capability'],
      kubescape: ['C-0199'],
      polaris: ['insecureCapabilities'],
      trivy: ['KSV-0119'],
    },
  },
  cel: containerCel(
    `!${celHas('c', 'securityContext.capabilities.add', (add) => `${add}.exists(name, name.upperAscii() in ${names('NET_RAW')})`)} && ` +
      celHas('c', 'securityContext.capabilities.drop', (drop) => `${drop}.exists(name, name.upperAscii() in ${names('NET_RAW')})`),
    celWindows,
  ),
  examples: {
    holds: manifests(
      secured({ capabilities: { drop: ['ALL'] } }),
      deployment(secured({ capabilities: { drop: ['NET_RAW'], add: ['NET_BIND_SERVICE'] } })),
      pod({ os: { name: 'windows' } }),
    ),
    breaks: manifests(
      pod(),
      cronJob(secured({ capabilities: { drop: ['ALL'], add: ['NET_RAW'] } })),
      withInit(secured({ capabilities: { drop: ['ALL'] } }), { securityContext: { capabilities: { drop: ['CHOWN'] } } }),
    ),
  },
});
