import { isJsonObject, type JsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { celHas, child, everyVolume, isSet, podCel, workload } from '../pod-template';
import { Severity } from '../severity';
import { everyResource, provideResource, resourceCel } from './container-resources';

const unbounded = (volume: JsonObject): boolean => isJsonObject(volume.emptyDir) && !isSet(child(volume, 'emptyDir').sizeLimit);
const resources = { requests: { 'ephemeral-storage': '256Mi' }, limits: { 'ephemeral-storage': '1Gi' } };

/** A volume without any source becomes an emptyDir in the API server, and one without a limit. */
export const ephemeralStorage = control({
  ...workload,
  id: 'K-RES-06',
  title: 'containers have a limit of ephemeral storage, and scratch volumes a size',
  because: 'logs and scratch files of one container otherwise fill the disk of the node and evict its neighbours',
  severity: Severity.LOW,
  category: 'governance',
  judge: (of, context) => {
    const limited = everyResource(of, context, 'limits', 'ephemeral-storage');
    if (limited.verdict !== 'pass') return limited;
    return everyVolume(of, (volume) =>
      unbounded(volume) || Object.keys(volume).length === 1 ? 'is an emptyDir without sizeLimit, it must have one' : undefined,
    );
  },
  remedy: 'set resources.limits.ephemeral-storage on every container, and a sizeLimit on every emptyDir',
  references: { nsa: ['dos'], scanners: { 'kube-score': ['container-ephemeral-storage-request-and-limit'] } },
  cel: `(${resourceCel('limits', 'ephemeral-storage')}) && (${podCel(
    (spec) =>
      `!has(${spec}.volumes) || ${spec}.volumes.all(v, v.exists(key, key != 'name') && (!has(v.emptyDir) || ${celHas('v', 'emptyDir.sizeLimit')}))`,
  )})`,
  repair: {
    risk: 'mayBreak',
    note: 'a container that writes more than 1Gi of logs and scratch files is evicted; watch for evictions and raise it there',
    apply: ({ spec }, fill) => {
      provideResource(spec, fill, 'limits', 'ephemeral-storage', '1Gi');
      provideResource(spec, fill, 'requests', 'ephemeral-storage', '256Mi');
      if (!Array.isArray(spec.volumes)) return;
      spec.volumes.forEach((volume, index) => {
        if (!isJsonObject(volume) || !(unbounded(volume) || Object.keys(volume).length === 1)) return;
        // In memory it counts against the memory limit of the containers that write to it.
        const size = child(volume, 'emptyDir').medium === 'Memory' ? '64Mi' : '1Gi';
        fill.set(fill.child(volume, 'emptyDir'), 'sizeLimit', size, `volumes.${index}.emptyDir`);
      });
    },
  },
  examples: {
    holds: manifests(podOf({ resources }), podOf({ resources }, { volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }] })),
    breaks: manifests(
      pod(),
      cronJob(podOf({ resources: { limits: { memory: '1Gi' } } })),
      withInit(podOf({ resources }), {}),
      podOf({ resources }, { volumes: [{ name: 'tmp', emptyDir: {} }] }),
      podOf({ resources }, { volumes: [{ name: 'defaulted' }] }),
    ),
  },
});
