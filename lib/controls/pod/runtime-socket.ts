import { isJsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { child, everyVolume, podCel, workload } from '../pod-template';
import { RUNTIME_SOCKET_PATTERN, reachesRuntimeSocket } from '../runtime-sockets';
import { Severity } from '../severity';

const mounts = (path: string) => pod({ volumes: [{ name: 'host', hostPath: { path } }] });

/** A folder that holds the socket counts, read-only or not: a socket is opened, not written. */
export const runtimeSocket = control({
  ...workload,
  id: 'K-POD-07',
  title: 'no pod reaches the socket of the container runtime',
  because: 'who can speak to the runtime starts a privileged container and is root on the node, whatever else the pod may not do',
  severity: Severity.CRITICAL,
  fatal: true,
  boundary: 'pod',
  threats: ['workload-attack', 'credential-leak'],
  judge: (pod) =>
    everyVolume(pod, (volume) => {
      if (!isJsonObject(volume.hostPath)) return undefined;
      const path = String(child(volume, 'hostPath').path ?? '');
      return reachesRuntimeSocket(path)
        ? `mounts '${path}', which is or holds the socket of a container runtime, it must mount a narrower path`
        : undefined;
    }),
  remedy: 'remove the mount; build images without a daemon, and read container metrics from the kubelet',
  references: {
    pss: 'baseline',
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_27'],
      'kube-linter': ['docker-sock'],
      kubescape: ['C-0074'],
      kubesec: ['DockerSock'],
      trivy: ['KSV-0006'],
    },
  },
  cel: podCel(
    (spec) => `!has(${spec}.volumes) || ${spec}.volumes.all(v, !has(v.hostPath) || !v.hostPath.path.matches(r'${RUNTIME_SOCKET_PATTERN}'))`,
  ),
  examples: {
    holds: manifests(pod(), mounts('/var/log'), deployment(mounts('/run/secrets'))),
    breaks: manifests(
      mounts('/var/run/docker.sock'),
      cronJob(mounts('/run/containerd/containerd.sock')),
      deployment(mounts('/run/containerd/')),
      mounts('/'),
    ),
  },
});
