import { DEFAULT_CAPABILITIES } from '../../controls/pod/default-capabilities';
import type { Json } from '../../inventory';
import { allowedCapabilities, requiredDropCapabilities } from './capabilities';
import { fillContainers, fillPod, text } from './cel';
import { fsGroup, runAsGroup, runAsUser, seLinux, supplementalGroups } from './identity';
import { ANY, every, type Field, list, names, rangesOf, said, within } from './outcome';
import { listOf, mapOf } from './policy';
import { profileCheck, profileFill } from './profiles';
import { allowedHostPaths, volumes } from './volumes';

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

const sysctls = (allowed: readonly string[]): string =>
  allowed
    .map((name) =>
      name === '*' ? 'true' : name.endsWith('*') ? `s.name.startsWith(${text(name.slice(0, -1))})` : `s.name == ${text(name)}`,
    )
    .join(' || ') || 'false';
const everySysctl = (condition: string): string => `variables.pod.?securityContext.?sysctls.orValue([]).all(s, ${condition})`;

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
        : added.every((name) => DEFAULT_CAPABILITIES.includes(name))
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
