import { text } from './cel';
import { ANY, every, type Field, names } from './outcome';
import { listOf, mapOf } from './policy';

/** Every source a volume of a pod may have. */
const VOLUMES = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'glusterfs',
  'hostPath',
  'image',
  'iscsi',
  'nfs',
  'persistentVolumeClaim',
  'photonPersistentDisk',
  'portworxVolume',
  'projected',
  'quobyte',
  'rbd',
  'scaleIO',
  'secret',
  'storageos',
  'vsphereVolume',
];
const RESTRICTED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
/** Volumes of images came with this version, and an expression must not name a field that a server does not know. */
const IMAGE_SINCE = 31;

export const volumes: Field = (value, { minor }) => {
  const allowed = names(value);
  if (allowed.includes('*')) return ANY;
  const refused = VOLUMES.filter((type) => !allowed.includes(type) && (type !== 'image' || minor >= IMAGE_SINCE));
  // A policy let the token that the API server mounts itself pass wherever it let secrets pass.
  const token = `v.?projected.?sources.orValue([]).all(s, has(s.serviceAccountToken) || has(s.downwardAPI) || s.?configMap.?name.orValue("") == "kube-root-ca.crt")`;
  const conditions = refused.map((type) =>
    type === 'projected' && allowed.includes('secret') ? `(!has(v.projected) || ${token})` : `!has(v.${type})`,
  );
  return {
    level: allowed.every((type) => RESTRICTED_VOLUMES.includes(type))
      ? 'restricted'
      : allowed.includes('hostPath')
        ? 'privileged'
        : 'baseline',
    checks:
      conditions.length === 0
        ? []
        : [
            {
              expression: `variables.pod.?volumes.orValue([]).all(v, ${conditions.join(' && ')})`,
              message: `volumes must be of ${allowed.length === 0 ? 'no type at all' : allowed.join(', ')}`,
            },
          ],
  };
};

export const allowedHostPaths: Field = (value, { spec }) => {
  const paths = listOf(value).map(mapOf);
  const hostPaths = names(spec.volumes).some((type) => type === '*' || type === 'hostPath');
  if (paths.length === 0 || !hostPaths) return { level: 'restricted' };
  // Step by step: /var/logs does not lie below /var/log, and nothing that climbs lies below anything.
  const matches = paths.map(({ pathPrefix, readOnly }) => {
    const steps = String(pathPrefix ?? '')
      .split('/')
      .filter((step) => step !== '' && step !== '.');
    const inside = steps.map((step, index) => `p[${index}] == ${text(step)}`);
    const mounted = every('c.?volumeMounts.orValue([]).all(m, m.name != v.name || m.?readOnly.orValue(false))');
    return [`size(p) >= ${steps.length}`, ...inside, ...(readOnly === true ? [mounted] : [])].join(' && ');
  });
  const segments = 'v.hostPath.path.split("/").filter(s, s != "" && s != ".")';
  return {
    level: 'privileged',
    checks: [
      {
        expression: `variables.pod.?volumes.orValue([]).all(v, !has(v.hostPath) || [${segments}].all(p, !(".." in p) && (${matches.map((match) => `(${match})`).join(' || ')})))`,
        message: `hostPath volumes must lie below ${paths.map(({ pathPrefix, readOnly }) => `${pathPrefix}${readOnly === true ? ' (mounted read-only)' : ''}`).join(', ')}`,
      },
    ],
  };
};
