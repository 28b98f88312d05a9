import { isJsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, manifests, pod, podOf } from '../pod-examples';
import { containerCel, everyContainer, podTemplateSubjects } from '../pod-template';
import { Severity } from '../severity';
import { firewall } from './policies';

const UNPRIVILEGED = 1024;

export const privilegedPort = control({
  ...firewall,
  id: 'K-NET-12',
  title: 'containers listen on ports from 1024',
  because: 'below that a program needs root or a capability, which the sandbox takes away',
  severity: Severity.LOW,
  maturity: 'incubating',
  boundary: 'container',
  subjects: podTemplateSubjects,
  judge: (pod) =>
    everyContainer(pod, 'ports', ({ ports }) => {
      if (!Array.isArray(ports)) return undefined;
      for (const port of ports) {
        if (isJsonObject(port) && typeof port.containerPort === 'number' && port.containerPort < UNPRIVILEGED)
          return `listens on port ${port.containerPort}, it must be ${UNPRIVILEGED} or above`;
      }
      return undefined;
    }),
  remedy: 'let the program listen on a port such as 8080',
  references: { nsa: ['network'], scanners: { 'kube-linter': ['privileged-ports'], trivy: ['KSV-0117'] } },
  cel: containerCel('!has(c.ports) || c.ports.all(p, !has(p.containerPort) || p.containerPort >= 1024)'),
  examples: {
    holds: manifests(pod(), podOf({ ports: [{ containerPort: 1024 }, { containerPort: 8443 }] })),
    breaks: manifests(
      podOf({ ports: [{ containerPort: 80 }] }),
      cronJob(podOf({ ports: [{ containerPort: 8080 }, { containerPort: 1023 }] })),
    ),
  },
});
