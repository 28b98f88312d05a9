import { isJsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { child, everyVolume, isSet, podCel, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS baseline, check hostPathVolumes. */
export const hostPath = control({
  ...workload,
  id: 'K-POD-05',
  title: 'pods mount nothing of the node',
  because: 'a path of the node inside a pod is a way to its credentials, its logs and, when writable, to the node itself',
  severity: Severity.HIGH,
  boundary: 'pod',
  threats: ['workload-attack', 'credential-leak'],
  judge: (pod) =>
    everyVolume(pod, (volume) =>
      isSet(volume.hostPath)
        ? `mounts the host path '${isJsonObject(volume.hostPath) ? child(volume, 'hostPath').path : volume.hostPath}', it must use another type`
        : undefined,
    ),
  remedy: 'use an emptyDir, a persistent volume claim or a projected volume; accept it for a node agent with an exemption',
  references: {
    pss: 'baseline',
    cisKubernetes: ['5.2.11'],
    nsa: ['pod-security'],
    scanners: {
      'kube-linter': ['sensitive-host-mounts'],
      kubescape: ['C-0048', 'C-0203'],
      polaris: ['hostPathSet'],
      trivy: ['KSV-0023', 'KSV-0121'],
    },
  },
  cel: podCel((spec) => `!has(${spec}.volumes) || ${spec}.volumes.all(v, !has(v.hostPath))`),
  examples: {
    holds: manifests(pod(), deployment(pod({ volumes: [{ name: 'tmp', emptyDir: {} }, { name: 'defaulted' }] }))),
    breaks: manifests(
      pod({
        volumes: [
          { name: 'tmp', emptyDir: {} },
          { name: 'logs', hostPath: { path: '/var/log' } },
        ],
      }),
      cronJob(pod({ volumes: [{ name: 'root', hostPath: { path: '/', type: 'Directory' } }] })),
    ),
  },
});
