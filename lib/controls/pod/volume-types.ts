import type { JsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { everyVolume, isSet, podCel, workload } from '../pod-template';
import { Severity } from '../severity';

const ALLOWED = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'];

/** PSS restricted, check restrictedVolumes. A volume without any source becomes an emptyDir in the API server. */
export const volumeTypes = control({
  ...workload,
  id: 'K-POD-08',
  title: 'pods use only volume types that need no trust in the node or the network',
  because: 'volume types such as nfs, iscsi or hostPath bind a pod to storage that no claim, class or driver controls',
  severity: Severity.MEDIUM,
  boundary: 'pod',
  judge: (pod) =>
    everyVolume(pod, (volume) => {
      const type = sourceOf(volume);
      return type === undefined ? undefined : `is of type ${type}, it must be one of ${ALLOWED.join(', ')}`;
    }),
  remedy: 'take a persistent volume claim or a CSI driver in place of a volume type that reaches around them',
  references: { pss: 'restricted', nsa: ['pod-security'], scanners: { trivy: ['KSV-0028'] } },
  cel: podCel(
    (spec) =>
      `!has(${spec}.volumes) || ${spec}.volumes.all(v, ${ALLOWED.map((type) => `has(v.${type})`).join(' || ')} || v.all(key, key == 'name'))`,
  ),
  examples: {
    holds: manifests(
      pod({ volumes: [{ name: 'defaulted' }, { name: 'claim', persistentVolumeClaim: { claimName: 'data' } }] }),
      deployment(pod({ volumes: [{ name: 'models', image: { reference: 'registry.example.com/models:1.0.0' } }] })),
    ),
    breaks: manifests(
      pod({ volumes: [{ name: 'share', nfs: { server: 'nfs.example.com', path: '/' } }] }),
      pod({ volumes: [{ name: 'node', hostPath: { path: '/data' } }] }),
      cronJob(
        pod({
          volumes: [
            { name: 'tmp', emptyDir: {} },
            { name: 'code', gitRepo: { repository: 'https://git.example.com/code.git' } },
          ],
        }),
      ),
    ),
  },
});

/** The source that is not allowed; undefined when there is an allowed one or none at all. */
function sourceOf(volume: JsonObject): string | undefined {
  let other: string | undefined;
  for (const key in volume) {
    if (key === 'name' || !isSet(volume[key])) continue;
    if (ALLOWED.includes(key)) return undefined;
    other = key;
  }
  return other;
}
