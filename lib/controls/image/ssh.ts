import { isJsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, manifests, pod, podOf } from '../pod-examples';
import { containerCel, everyContainer, isSet, workload } from '../pod-template';
import { Severity } from '../severity';

const SSH = 22;

export const noSsh = control({
  ...workload,
  id: 'K-IMG-07',
  title: 'no container serves SSH',
  because: 'a login of its own passes the permissions and the audit log of the API server',
  severity: Severity.MEDIUM,
  category: 'authentication',
  threats: ['workload-attack', 'credential-leak'],
  judge: (pod) =>
    everyContainer(pod, 'ports', ({ ports }) =>
      Array.isArray(ports) &&
      ports.some(
        (port) =>
          isJsonObject(port) && port.containerPort === SSH && (!isSet(port.protocol) || port.protocol === '' || port.protocol === 'TCP'),
      )
        ? 'listens on port 22, it must serve no logins'
        : undefined,
    ),
  remedy: 'take the SSH server out of the image; debug with an ephemeral container, which the API server permits and logs',
  references: { nsa: ['network'], scanners: { 'kube-linter': ['ssh-port'], kubescape: ['C-0042'] } },
  cel: containerCel(
    "!has(c.ports) || c.ports.all(p, !has(p.containerPort) || p.containerPort != 22 || (has(p.protocol) && p.protocol != 'TCP'))",
  ),
  examples: {
    holds: manifests(pod(), podOf({ ports: [{ containerPort: 8022 }, { containerPort: 22, protocol: 'UDP' }] })),
    breaks: manifests(
      podOf({ ports: [{ containerPort: 22 }] }),
      podOf({ ports: [{ containerPort: 80 }, { containerPort: 22, protocol: 'TCP' }] }),
      cronJob(podOf({ ports: [{ containerPort: 22, name: 'ssh' }] })),
    ),
  },
});
