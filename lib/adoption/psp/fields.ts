import type { Json } from '../../inventory';
import { fillContainers, fillPod, text } from './cel';
import { listOf, mapOf, type Psp } from './policy';

/** Levels of the Pod Security Standards, the strictest first. */
export const LEVELS = ['restricted', 'baseline', 'privileged'] as const;
export type Level = (typeof LEVELS)[number];

/** A condition on a pod that admission checks. */
export interface Check {
  /** CEL over `variables.pod` and `variables.containers`. */
  readonly expression: string;
  readonly message: string;
}

/** What becomes of one field of a policy. */
export interface Outcome {
  /** The strictest level that refuses nothing which this field let pass. */
  readonly level: Level;
  readonly checks?: readonly Check[];
  /** CEL of JSON patches that set what the policy set. */
  readonly fills?: readonly string[];
  /** What is different now, as sentences without a full stop. */
  readonly notes?: readonly string[];
}

type Field = (value: Json | undefined, psp: Psp) => Outcome;

const ANY: Outcome = { level: 'privileged' };
const every = (condition: string): string => `variables.containers.all(c, ${condition})`;
/** An optional of the container's field, else the pod's. */
const effective = (field: string): string => `c.?securityContext.?${field}.or(variables.pod.?securityContext.?${field})`;
const names = (value: Json | undefined): string[] => listOf(value).map(String);
const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

/** Capabilities of a container runtime's default, which the baseline level lets a pod add. */
const BASELINE_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];
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
/** Sysctls that a policy let pass without naming them. */
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];

/** A field that denies where it is not true. */
function host(field: 'hostNetwork' | 'hostPID' | 'hostIPC'): Field {
  return (value) =>
    value === true
      ? ANY
      : { level: 'restricted', checks: [{ expression: `!variables.pod.?${field}.orValue(false)`, message: `${field} is not allowed` }] };
}

interface Range {
  readonly min: number;
  readonly max: number;
}
const rangesOf = (value: Json | undefined): Range[] =>
  listOf(value).map((range) => ({ min: Number(mapOf(range).min ?? 0), max: Number(mapOf(range).max ?? 0) }));
const within = (name: string, ranges: readonly Range[]): string =>
  ranges.length === 0 ? 'false' : ranges.map(({ min, max }) => `(${name} >= ${min} && ${name} <= ${max})`).join(' || ');
const said = (ranges: readonly Range[]): string => ranges.map(({ min, max }) => `${min}-${max}`).join(', ');

const runAsUser: Field = (value) => {
  const { rule, ranges: given } = mapOf(value);
  if (rule === 'MustRunAsNonRoot') {
    const condition = `[${effective('runAsNonRoot')}].all(n, [${effective('runAsUser')}].all(u, n.orValue(true) && u.orValue(1) != 0 && (n.hasValue() || u.hasValue())))`;
    return {
      level: 'restricted',
      checks: [{ expression: every(condition), message: 'containers must run as another user than root' }],
      fills: [
        fillPod(
          ['securityContext', 'runAsNonRoot'],
          'true',
          '!has(object.spec.securityContext) || !has(object.spec.securityContext.runAsUser)',
        ),
      ],
    };
  }
  if (rule !== 'MustRunAs') return { level: 'baseline' };
  const ranges = rangesOf(given);
  return {
    // The restricted level also asks for runAsNonRoot, which a user in a range without 0 satisfies only when it is written down.
    level: 'baseline',
    checks: [
      {
        expression: every(`[${effective('runAsUser')}.orValue(-1)].all(u, ${within('u', ranges)})`),
        message: `runAsUser must lie in ${said(ranges)}`,
      },
    ],
    fills: ranges.length === 0 ? [] : [fillPod(['securityContext', 'runAsUser'], String(ranges[0].min))],
  };
};

/** Group strategies: `MustRunAs` asks for a value in the ranges, `MayRunAs` only judges one that is there. */
const runAsGroup: Field = (value) => {
  const { rule, ranges: given } = mapOf(value);
  if (rule !== 'MustRunAs' && rule !== 'MayRunAs') return { level: 'restricted' };
  const ranges = rangesOf(given);
  const missing = rule === 'MayRunAs' && ranges.length > 0 ? ranges[0].min : -1;
  return {
    level: 'restricted',
    checks: [
      {
        expression: every(`[${effective('runAsGroup')}.orValue(${missing})].all(g, ${within('g', ranges)})`),
        message: `runAsGroup must lie in ${said(ranges)}`,
      },
    ],
    fills: rule === 'MustRunAs' && ranges.length > 0 ? [fillPod(['securityContext', 'runAsGroup'], String(ranges[0].min))] : [],
  };
};

const fsGroup: Field = (value) => {
  const { rule, ranges: given } = mapOf(value);
  if (rule !== 'MustRunAs' && rule !== 'MayRunAs') return { level: 'restricted' };
  const ranges = rangesOf(given);
  const missing = rule === 'MayRunAs' && ranges.length > 0 ? ranges[0].min : -1;
  return {
    level: 'restricted',
    checks: [
      {
        expression: `[variables.pod.?securityContext.?fsGroup.orValue(${missing})].all(g, ${within('g', ranges)})`,
        message: `fsGroup must lie in ${said(ranges)}`,
      },
    ],
    fills: rule === 'MustRunAs' && ranges.length > 0 ? [fillPod(['securityContext', 'fsGroup'], String(ranges[0].min))] : [],
  };
};

const supplementalGroups: Field = (value) => {
  const { rule, ranges: given } = mapOf(value);
  if (rule !== 'MustRunAs' && rule !== 'MayRunAs') return { level: 'restricted' };
  const ranges = rangesOf(given);
  const groups = 'variables.pod.?securityContext.?supplementalGroups.orValue([])';
  return {
    level: 'restricted',
    checks: [
      {
        expression: `${rule === 'MustRunAs' ? `size(${groups}) > 0 && ` : ''}${groups}.all(g, ${within('g', ranges)})`,
        message: `supplementalGroups must lie in ${said(ranges)}`,
      },
    ],
    fills: rule === 'MustRunAs' && ranges.length > 0 ? [fillPod(['securityContext', 'supplementalGroups'], `[${ranges[0].min}]`)] : [],
  };
};

const seLinux: Field = (value) => {
  const { rule, seLinuxOptions } = mapOf(value);
  if (rule !== 'MustRunAs') {
    return {
      level: 'restricted',
      notes: ['seLinux was RunAsAny; the baseline and restricted levels refuse SELinux users, roles and types of a pod’s own choice'],
    };
  }
  const options = Object.entries(mapOf(seLinuxOptions));
  const equal = options.map(([key, wanted]) => `s.?${key}.orValue("") == ${text(String(wanted))}`).join(' && ') || 'true';
  return {
    level: 'restricted',
    checks: [
      {
        expression: every(`[${effective('seLinuxOptions')}].all(o, o.hasValue() && [o.value()].all(s, ${equal}))`),
        message: `seLinuxOptions must be ${options.map(([key, wanted]) => `${key} ${String(wanted)}`).join(', ')}`,
      },
    ],
    fills:
      options.length === 0
        ? []
        : [
            fillPod(
              ['securityContext', 'seLinuxOptions'],
              `{${options.map(([key, wanted]) => `${text(key)}: ${text(String(wanted))}`).join(', ')}}`,
            ),
          ],
  };
};

const volumes: Field = (value) => {
  const allowed = names(value);
  if (allowed.includes('*')) return ANY;
  const refused = VOLUMES.filter((type) => !allowed.includes(type));
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

const allowedHostPaths: Field = (value, { spec }) => {
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

const allowedCapabilities: Field = (value, { spec }) => {
  const allowed = names(value);
  if (allowed.includes('*')) return ANY;
  const all = [...new Set([...allowed, ...names(spec.defaultAddCapabilities)])];
  const level = all.every((name) => name === 'NET_BIND_SERVICE')
    ? 'restricted'
    : all.every((name) => BASELINE_CAPABILITIES.includes(name))
      ? 'baseline'
      : 'privileged';
  return {
    level,
    checks: [
      {
        expression: every(`c.?securityContext.?capabilities.?add.orValue([]).all(a, a in ${list(all)})`),
        message: all.length === 0 ? 'no capability may be added' : `capabilities may be added of ${all.join(', ')} only`,
      },
    ],
  };
};

const requiredDropCapabilities: Field = (value) => {
  const required = names(value);
  const drop = 'c.?securityContext.?capabilities.?drop.orValue([])';
  if (required.length === 0) return { level: 'baseline' };
  return {
    level: required.includes('ALL') ? 'restricted' : 'baseline',
    checks: [
      {
        expression: every(`"ALL" in ${drop} || ${list(required)}.all(r, r in ${drop})`),
        message: `capabilities must be dropped: ${required.join(', ')}`,
      },
    ],
    fills: [fillContainers(['securityContext', 'capabilities', 'drop'], list(required))],
  };
};

const sysctls = (allowed: readonly string[]): string =>
  allowed
    .map((name) =>
      name === '*' ? 'true' : name.endsWith('*') ? `s.name.startsWith(${text(name.slice(0, -1))})` : `s.name == ${text(name)}`,
    )
    .join(' || ') || 'false';
const everySysctl = (condition: string): string => `variables.pod.?securityContext.?sysctls.orValue([]).all(s, ${condition})`;

/** What a policy calls a profile, as the fields of today call it; `undefined` for a name that means nothing. */
function profiles(allowed: readonly string[]): { readonly types: string[]; readonly files: string[] } {
  const types = allowed.flatMap((name) =>
    /^(runtime|docker)\/default$/.test(name) ? ['RuntimeDefault'] : name === 'unconfined' ? ['Unconfined'] : [],
  );
  return {
    types: [...new Set(types)],
    files: allowed.filter((name) => name.startsWith('localhost/')).map((name) => name.slice('localhost/'.length)),
  };
}

function profileCheck(field: string, allowed: readonly string[], unset: boolean): Check {
  const { types, files } = profiles(allowed);
  const local = files.includes('*')
    ? 'p.type == "Localhost"'
    : `(p.type == "Localhost" && p.?localhostProfile.orValue("") in ${list(files)})`;
  const condition = `[${effective(field)}].all(o, o.hasValue() ? [o.value()].all(p, p.type in ${list(types)} || ${local}) : ${unset})`;
  return { expression: every(condition), message: `${field} must be one of ${allowed.join(', ')}` };
}

function profileFill(field: string, name: Json | undefined): string[] {
  if (typeof name !== 'string') return [];
  const { types, files } = profiles([name]);
  if (types.length > 0) return [fillPod(['securityContext', field], `{"type": ${text(types[0])}}`)];
  return files.length > 0 ? [fillPod(['securityContext', field], `{"type": "Localhost", "localhostProfile": ${text(files[0])}}`)] : [];
}

/** Every field of a PodSecurityPolicy's spec, with what becomes of it. */
export const FIELDS: { readonly [field: string]: Field } = {
  privileged: (value) =>
    value === true
      ? ANY
      : {
          level: 'restricted',
          checks: [
            { expression: every('!c.?securityContext.?privileged.orValue(false)'), message: 'privileged containers are not allowed' },
          ],
        },
  defaultAddCapabilities: (value) => {
    const added = names(value);
    if (added.length === 0) return { level: 'restricted' };
    return {
      level: added.every((name) => name === 'NET_BIND_SERVICE')
        ? 'restricted'
        : added.every((name) => BASELINE_CAPABILITIES.includes(name))
          ? 'baseline'
          : 'privileged',
      fills: [fillContainers(['securityContext', 'capabilities', 'add'], list(added))],
      notes: [
        `defaultAddCapabilities added ${added.join(', ')} to what a container lists itself; what replaces it adds them where a container lists none`,
      ],
    };
  },
  requiredDropCapabilities,
  allowedCapabilities,
  volumes,
  hostNetwork: host('hostNetwork'),
  hostPorts: (value) => {
    const ranges = rangesOf(value);
    const none = ranges.every(({ min, max }) => min === 0 && max === 0);
    return {
      level: none ? 'restricted' : 'privileged',
      checks: [
        {
          expression: every(
            `c.?ports.orValue([]).all(p, [p.?hostPort.orValue(0)].all(h, h == 0 || ${none ? 'false' : within('h', ranges)}))`,
          ),
          message: none ? 'host ports are not allowed' : `host ports must lie in ${said(ranges)}`,
        },
      ],
    };
  },
  hostPID: host('hostPID'),
  hostIPC: host('hostIPC'),
  seLinux,
  runAsUser,
  runAsGroup,
  supplementalGroups,
  fsGroup,
  readOnlyRootFilesystem: (value) =>
    value === true
      ? {
          level: 'restricted',
          checks: [
            {
              expression: every('c.?securityContext.?readOnlyRootFilesystem.orValue(false)'),
              message: 'root file systems must be read-only',
            },
          ],
          fills: [fillContainers(['securityContext', 'readOnlyRootFilesystem'], 'true')],
        }
      : { level: 'restricted' },
  defaultAllowPrivilegeEscalation: (value) =>
    typeof value === 'boolean'
      ? { level: 'restricted', fills: [fillContainers(['securityContext', 'allowPrivilegeEscalation'], String(value))] }
      : { level: 'restricted' },
  allowPrivilegeEscalation: (value, { spec }) =>
    value === false
      ? {
          level: 'restricted',
          checks: [
            {
              expression: every('!c.?securityContext.?allowPrivilegeEscalation.orValue(true)'),
              message: 'allowPrivilegeEscalation must be false',
            },
          ],
          fills:
            typeof spec.defaultAllowPrivilegeEscalation === 'boolean'
              ? []
              : [fillContainers(['securityContext', 'allowPrivilegeEscalation'], 'false')],
        }
      : { level: 'baseline' },
  allowedHostPaths,
  allowedFlexVolumes: (value) => {
    const drivers = listOf(value).map((one) => String(mapOf(one).driver));
    if (drivers.length === 0) return { level: 'restricted' };
    return {
      level: 'restricted',
      checks: [
        {
          expression: `variables.pod.?volumes.orValue([]).all(v, !has(v.flexVolume) || v.flexVolume.driver in ${list(drivers)})`,
          message: `flexVolume drivers must be one of ${drivers.join(', ')}`,
        },
      ],
    };
  },
  allowedCSIDrivers: (value) => {
    const drivers = listOf(value).map((one) => String(mapOf(one).name));
    if (drivers.length === 0) return { level: 'restricted' };
    return {
      level: 'restricted',
      checks: [
        {
          expression: `variables.pod.?volumes.orValue([]).all(v, !has(v.csi) || v.csi.driver in ${list(drivers)})`,
          message: `inline CSI drivers must be one of ${drivers.join(', ')}`,
        },
      ],
    };
  },
  allowedUnsafeSysctls: (value) => {
    const allowed = names(value);
    return {
      level: allowed.length === 0 ? 'restricted' : 'privileged',
      checks: [
        { expression: everySysctl(sysctls([...SAFE_SYSCTLS, ...allowed])), message: `sysctls must be ${['safe', ...allowed].join(', ')}` },
      ],
      notes: allowed.length === 0 ? [] : ['sysctls that are not safe must be allowed by the kubelet too, as before'],
    };
  },
  forbiddenSysctls: (value) => {
    const forbidden = names(value);
    if (forbidden.length === 0) return { level: 'restricted' };
    return {
      level: 'restricted',
      checks: [{ expression: everySysctl(`!(${sysctls(forbidden)})`), message: `sysctls must not be ${forbidden.join(', ')}` }],
    };
  },
  allowedProcMountTypes: (value) => {
    const allowed = names(value).length === 0 ? ['Default'] : names(value);
    return {
      level: allowed.includes('Unmasked') ? 'privileged' : 'restricted',
      checks: [
        {
          expression: every(`c.?securityContext.?procMount.orValue("Default") in ${list(allowed)}`),
          message: `procMount must be ${allowed.join(' or ')}`,
        },
      ],
    };
  },
  runtimeClass: (value) => {
    const { allowedRuntimeClassNames, defaultRuntimeClassName } = mapOf(value);
    const allowed = names(allowedRuntimeClassNames);
    if (Object.keys(mapOf(value)).length === 0 || allowed.includes('*'))
      return { level: 'restricted', fills: runtimeFill(defaultRuntimeClassName) };
    return {
      level: 'restricted',
      checks: [
        {
          expression: `!has(variables.pod.runtimeClassName) || variables.pod.runtimeClassName in ${list(allowed)}`,
          message: `runtimeClassName must be one of ${allowed.join(', ') || 'none at all'}`,
        },
      ],
      fills: runtimeFill(defaultRuntimeClassName),
    };
  },
};

const runtimeFill = (name: Json | undefined): string[] =>
  typeof name === 'string' && name !== '' ? [fillPod(['runtimeClassName'], text(name))] : [];

const SECCOMP = 'seccomp.security.alpha.kubernetes.io';
const APPARMOR = 'apparmor.security.beta.kubernetes.io';

/** Annotations by which a policy spoke of profiles, with what becomes of them. */
export const ANNOTATIONS: { readonly [annotation: string]: Field } = {
  [`${SECCOMP}/allowedProfileNames`]: (value) => {
    if (typeof value !== 'string') {
      return {
        level: 'baseline',
        notes: [
          'the policy said nothing about seccomp, so pods could not name a profile; now they may, and the restricted level would ask for one',
        ],
      };
    }
    const allowed = value.split(',').map((name) => name.trim());
    if (allowed.includes('*')) return { level: 'privileged' };
    const confined = !allowed.includes('unconfined');
    return { level: confined ? 'restricted' : 'privileged', checks: [profileCheck('seccompProfile', allowed, !confined)] };
  },
  [`${SECCOMP}/defaultProfileName`]: (value) => ({ level: 'restricted', fills: profileFill('seccompProfile', value) }),
  [`${APPARMOR}/allowedProfileNames`]: (value) => {
    if (typeof value !== 'string') return { level: 'restricted' };
    const allowed = value.split(',').map((name) => name.trim());
    const confined = !allowed.includes('unconfined');
    // Without a profile a node with AppArmor uses its runtime's default.
    return {
      level: confined ? 'restricted' : 'privileged',
      checks: [
        profileCheck(
          'appArmorProfile',
          allowed,
          allowed.some((name) => name === 'runtime/default'),
        ),
      ],
    };
  },
  [`${APPARMOR}/defaultProfileName`]: (value) => ({ level: 'restricted', fills: profileFill('appArmorProfile', value) }),
};

/** The weakest of levels: the strictest that all of them bear. */
export function weakest(levels: readonly Level[]): Level {
  return LEVELS[Math.max(0, ...levels.map((level) => LEVELS.indexOf(level)))];
}
