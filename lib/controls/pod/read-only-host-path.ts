import { isJsonObject, type JsonObject } from '../../inventory/value';
import { control, pass } from '../control';
import { cronJob, deployment, manifests, pod, podOf, withInit } from '../pod-examples';
import { celContainers, everyContainer, isSet, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

const logs: JsonObject = { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] };
const mount = (fields: JsonObject): JsonObject => ({ volumeMounts: [{ name: 'logs', mountPath: '/logs', ...fields }] });

/** Where the standard's rule against host paths is exempted, this one still stands. */
export const readOnlyHostPath = control({
  ...workload,
  id: 'K-POD-06',
  title: 'paths of the node are mounted read-only',
  because: 'who writes to the file system of a node changes what runs there: a cron file, a manifest of the kubelet, a key',
  severity: Severity.HIGH,
  boundary: 'pod',
  judge: (pod) => {
    const { volumes } = pod.spec;
    if (!Array.isArray(volumes)) return pass;
    const paths = volumes.filter((volume): volume is JsonObject => isJsonObject(volume) && isSet(volume.hostPath));
    if (paths.length === 0) return pass;
    return everyContainer(pod, 'volumeMounts', ({ volumeMounts }) => {
      if (!Array.isArray(volumeMounts)) return undefined;
      const writable = volumeMounts.filter(
        (mount): mount is JsonObject => isJsonObject(mount) && mount.readOnly !== true && paths.some(({ name }) => name === mount.name),
      );
      return writable.length === 0
        ? undefined
        : `mounts the host path volume ${writable.map(({ name }) => shown(name)).join(', ')} to write, it must set readOnly`;
    });
  },
  remedy: 'set readOnly on the mount; accept one that a node agent has to write to with an exemption',
  references: {
    nsa: ['pod-security'],
    scanners: { 'kube-linter': ['writable-host-mount'], kubescape: ['C-0045'] },
  },
  cel: podCel((spec) => {
    const paths = `${spec}.volumes.exists(v, v.name == m.name && has(v.hostPath))`;
    const each = celContainers(spec, `!has(c.volumeMounts) || c.volumeMounts.all(m, (has(m.readOnly) && m.readOnly) || !${paths})`);
    return `!has(${spec}.volumes) || ${each}`;
  }),
  examples: {
    holds: manifests(
      pod(logs),
      podOf(mount({ readOnly: true }), logs),
      deployment(podOf(mount({}), { volumes: [{ name: 'logs', emptyDir: {} }] })),
    ),
    breaks: manifests(
      podOf(mount({}), logs),
      cronJob(podOf(mount({ readOnly: false }), logs)),
      withInit(podOf(mount({ readOnly: true }), logs), mount({})),
    ),
  },
});
