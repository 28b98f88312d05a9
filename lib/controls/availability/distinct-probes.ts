import { isJsonObject } from '../../inventory/value';
import { control } from '../control';
import { deployment, manifests, pod, podOf, withInit } from '../pod-examples';
import { containerCel, everyContainer, podTemplateSubjects } from '../pod-template';
import { Severity } from '../severity';
import { asksTheSame, patience } from './probes';
import { availability, probe } from './serving';

const patienceCel = (at: string): string =>
  `(has(${at}.periodSeconds) ? ${at}.periodSeconds : 10) * (has(${at}.failureThreshold) ? ${at}.failureThreshold : 3)`;
const sameCel = ['httpGet', 'tcpSocket', 'exec', 'grpc']
  .map(
    (handler) =>
      `(has(c.livenessProbe.${handler}) ? (has(c.readinessProbe.${handler}) && c.livenessProbe.${handler} == c.readinessProbe.${handler}) : !has(c.readinessProbe.${handler}))`,
  )
  .join(' && ');

/** The same question is no harm where the restart waits longer than the traffic stays away. */
export const distinctProbes = control({
  ...availability,
  id: 'K-AVL-03',
  title: 'a container is restarted later than it is taken out of traffic',
  because: 'with the same probe for both, a program that is only busy is restarted, and its load kills the next one',
  severity: Severity.LOW,
  maturity: 'incubating',
  subjects: podTemplateSubjects,
  judge: (pod) =>
    everyContainer(pod, 'livenessProbe', ({ livenessProbe, readinessProbe }) =>
      isJsonObject(livenessProbe) &&
      isJsonObject(readinessProbe) &&
      asksTheSame(livenessProbe, readinessProbe) &&
      patience(livenessProbe) <= patience(readinessProbe)
        ? 'has the same probe for liveness and readiness, liveness must ask something else or give up later'
        : undefined,
    ),
  remedy: 'let liveness ask something cheaper, or raise its periodSeconds and failureThreshold above those of readiness',
  references: { scanners: { 'kube-score': ['pod-probes-identical'] } },
  cel: containerCel(
    `!has(c.livenessProbe) || !has(c.readinessProbe) || !(${sameCel}) || ${patienceCel('c.livenessProbe')} > ${patienceCel('c.readinessProbe')}`,
  ),
  examples: {
    holds: manifests(
      pod(),
      podOf({ livenessProbe: probe() }),
      podOf({ livenessProbe: probe(), readinessProbe: probe({ httpGet: { path: '/ready', port: 8080 } }) }),
      podOf({ livenessProbe: probe({ failureThreshold: 6 }), readinessProbe: probe() }),
      podOf({ livenessProbe: { exec: { command: ['live'] } }, readinessProbe: { exec: { command: ['ready'] } } }),
      podOf({ livenessProbe: probe({ httpGet: { path: '/health', port: 8081 } }), readinessProbe: probe() }),
    ),
    breaks: manifests(
      podOf({ livenessProbe: probe(), readinessProbe: probe() }),
      deployment(podOf({ livenessProbe: probe({ periodSeconds: 5 }), readinessProbe: probe({ failureThreshold: 3 }) })),
      podOf({ livenessProbe: { tcpSocket: { port: 80 } }, readinessProbe: { tcpSocket: { port: 80 } } }),
      podOf({ livenessProbe: { exec: { command: ['a', 'b'] } }, readinessProbe: { exec: { command: ['a', 'b'] } } }),
      withInit(pod(), { restartPolicy: 'Always', livenessProbe: probe(), readinessProbe: probe() }),
    ),
  },
});
