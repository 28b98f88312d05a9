import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { deployment, manifests, pod, podOf } from '../pod-examples';
import { celContainers, celHas, celWindows, child, isSet, isWindows, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

const claim: JsonObject = { name: 'data', persistentVolumeClaim: { claimName: 'data' } };
const entries = (list: Json | undefined): JsonObject[] => (Array.isArray(list) ? list.filter(isJsonObject) : []);

/** True when the pod mounts a claim: one of its volumes, or one that its StatefulSet makes and that only a mount names. */
function claims(spec: JsonObject): boolean {
  const volumes = entries(spec.volumes);
  if (volumes.some((volume) => isSet(volume.persistentVolumeClaim) || isSet(volume.ephemeral))) return true;
  return [spec.initContainers, spec.containers].some((group) =>
    entries(group).some((body) => entries(body.volumeMounts).some((mount) => volumes.every((volume) => volume.name !== mount.name))),
  );
}

export const fsGroup = control({
  ...workload,
  id: 'K-POD-10',
  title: 'volumes belong to a group of the pod and change owners once',
  because:
    'a volume of group 0 stays readable to root of any other pod, and changing the owner of every file at each start delays it by minutes',
  severity: Severity.LOW,
  boundary: 'pod',
  judge: (of) => {
    if (isWindows(of)) return pass;
    const { fsGroup: group, fsGroupChangePolicy: policy } = child(of.spec, 'securityContext');
    const at = `${of.specPath}.securityContext`;
    if (group === 0) return fail('the pod has fsGroup 0, it must be another group', `${at}.fsGroup`);
    if (!isSet(group) && !claims(of.spec)) return pass;
    if (!isSet(group)) return fail('the pod has volumes and fsGroup missing, it must name a group', `${at}.fsGroup`);
    return policy === 'OnRootMismatch'
      ? pass
      : fail(`the pod has fsGroupChangePolicy ${shown(policy)}, it must be OnRootMismatch`, `${at}.fsGroupChangePolicy`);
  },
  remedy: 'set fsGroup to 10000 or more and fsGroupChangePolicy to OnRootMismatch at the pod',
  references: { nsa: ['pod-security'], scanners: { trivy: ['KSV-0116'] } },
  cel: podCel((spec) => {
    const volumes = `(has(${spec}.volumes) ? ${spec}.volumes : [])`;
    const unused = celContainers(spec, `!has(c.volumeMounts) || c.volumeMounts.all(m, ${volumes}.exists(v, v.name == m.name))`, false);
    const used = `(${volumes}.exists(v, has(v.persistentVolumeClaim) || has(v.ephemeral)) || !${unused})`;
    const held = celHas(spec, 'securityContext.fsGroupChangePolicy', (field) => `${field} == 'OnRootMismatch'`);
    return `(${celWindows(spec)}) || (${celHas(spec, 'securityContext.fsGroup')} ? ${spec}.securityContext.fsGroup != 0 && ${held} : !${used})`;
  }),
  repair: {
    risk: 'mayBreak',
    note: 'the first start changes the group of every file in the volume; try it on a copy of a large one',
    apply: ({ spec, windows }, fill) => {
      if (windows) return;
      if (claims(spec)) fill.set(fill.child(spec, 'securityContext'), 'fsGroup', 10001, 'securityContext');
      const context = child(spec, 'securityContext');
      if (isSet(context.fsGroup) || isSet(context.fsGroupChangePolicy))
        fill.set(context, 'fsGroupChangePolicy', 'OnRootMismatch', 'securityContext');
    },
  },
  examples: {
    holds: manifests(
      pod(),
      deployment(pod({ volumes: [claim], securityContext: { fsGroup: 10001, fsGroupChangePolicy: 'OnRootMismatch' } })),
      pod({ volumes: [{ name: 'tmp', emptyDir: {} }] }),
      pod({ volumes: [claim], os: { name: 'windows' } }),
    ),
    breaks: manifests(
      pod({ volumes: [claim] }),
      podOf({ volumeMounts: [{ name: 'made-by-the-stateful-set', mountPath: '/data' }] }),
      deployment(pod({ securityContext: { fsGroup: 0, fsGroupChangePolicy: 'OnRootMismatch' } })),
      pod({ volumes: [claim], securityContext: { fsGroup: 10001, fsGroupChangePolicy: 'Always' } }),
    ),
  },
});
