import { control, pass } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { celWindows, child, containerCel, everyContainer, isWindows, minor, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS restricted, check capabilities_restricted. Dropping every capability one by one is not dropping ALL: the list grows with the kernel. */
export const dropAllCapabilities = control({
  ...workload,
  id: 'K-CTR-09',
  title: 'containers drop all capabilities',
  because: 'the runtime gives every container a dozen parts of root, raw sockets among them, that few programs need',
  severity: Severity.MEDIUM,
  judge: (pod, context) =>
    isWindows(pod) && minor(context) >= 25
      ? pass
      : everyContainer(pod, 'securityContext.capabilities.drop', (body) => {
          const { drop } = child(child(body, 'securityContext'), 'capabilities');
          return Array.isArray(drop) && drop.includes('ALL') ? undefined : `drops ${shown(drop)}, it must drop ["ALL"]`;
        }),
  remedy: 'set securityContext.capabilities.drop to ["ALL"] on every container',
  references: {
    pss: 'restricted',
    cisKubernetes: ['5.2.9'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_37', 'CKV_K8S_28'],
      'kube-linter': ['drop-net-raw-capability'],
      kubescape: ['C-0055', 'C-0201'],
      kubesec: ['CapDropAll', 'CapDropAny'],
      polaris: ['insecureCapabilities'],
      trivy: ['KSV-0003', 'KSV-0004', 'KSV-0106'],
    },
  },
  cel: containerCel(
    "has(c.securityContext) && has(c.securityContext.capabilities) && has(c.securityContext.capabilities.drop) && 'ALL' in c.securityContext.capabilities.drop",
    celWindows,
  ),
  repair: {
    risk: 'mayBreak',
    note: 'a program that binds a port below 1024, changes owners or pings fails; run it and look for "operation not permitted"',
    apply: ({ spec, windows }, fill) => {
      if (windows) return;
      fill.containers(spec, (body, path) =>
        fill.set(fill.child(fill.child(body, 'securityContext'), 'capabilities'), 'drop', ['ALL'], `${path}.securityContext.capabilities`),
      );
    },
  },
  examples: {
    holds: manifests(secured({ capabilities: { drop: ['ALL'] } }), secured({}, { os: { name: 'windows' } })),
    breaks: manifests(
      pod(),
      cronJob(secured({ capabilities: { drop: ['NET_RAW', 'SYS_ADMIN'] } })),
      withInit(secured({ capabilities: { drop: ['ALL'] } }), { securityContext: { capabilities: { add: ['NET_ADMIN'] } } }),
    ),
  },
});
