import type { JsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, deployment, manifests, podOf, withInit } from '../pod-examples';
import { celHas, child, containerCel, everyContainer, isSet, workload } from '../pod-template';
import { Severity } from '../severity';

const PLACES = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'].flatMap((handler) =>
  ['httpGet', 'tcpSocket'].map((action) => ({ steps: [...handler.split('.'), action], path: `${handler}.${action}.host` })),
);

/** PSS baseline, check hostProbesAndHostLifecycle of 1.34; the kubelet has made such requests for longer than the standard has named them. */
export const probeHost = control({
  ...workload,
  id: 'K-CTR-21',
  title: 'probes and lifecycle hooks ask the pod itself',
  because: 'the kubelet makes the request from the node, past every NetworkPolicy, so a host field turns it into a scanner of the network',
  severity: Severity.MEDIUM,
  category: 'firewall',
  judge: (pod) =>
    everyContainer(
      pod,
      (body) => placeOf(body)?.path ?? '',
      (body) => {
        if (!isSet(body.livenessProbe) && !isSet(body.readinessProbe) && !isSet(body.startupProbe) && !isSet(body.lifecycle))
          return undefined;
        const found = placeOf(body);
        return found === undefined
          ? undefined
          : `sends its ${found.path.replace(/\.\w+\.host$/, '')} to ${found.host}, it must name no host`;
      },
    ),
  remedy: 'remove the host field of the probe or hook, so that it asks the pod; set a Host header where a virtual host is needed',
  references: { pss: 'baseline', nsa: ['pod-security'] },
  cel: containerCel(`!(${PLACES.map(({ path }) => celHas('c', path, (host) => `${host} != ''`)).join(' || ')})`),
  examples: {
    holds: manifests(
      podOf({ livenessProbe: { httpGet: { path: '/live', port: 8080 } } }),
      deployment(podOf({ readinessProbe: { tcpSocket: { port: 8080, host: '' } } })),
    ),
    breaks: manifests(
      podOf({ livenessProbe: { httpGet: { path: '/', port: 80, host: '10.0.0.1' } } }),
      cronJob(podOf({ lifecycle: { preStop: { httpGet: { path: '/', port: 80, host: 'metadata.example.com' } } } })),
      withInit(podOf({}), { restartPolicy: 'Always', startupProbe: { tcpSocket: { port: 22, host: '10.0.0.1' } } }),
    ),
  },
});

function placeOf(body: JsonObject): { readonly path: string; readonly host: string } | undefined {
  for (const { steps, path } of PLACES) {
    const { host } = steps.reduce(child, body);
    if (isSet(host) && host !== '') return { path, host: String(host) };
  }
  return undefined;
}
