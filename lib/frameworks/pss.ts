import { isRelaxedForUsers } from '../controls/pod-template';
import { framework, type Requirement } from './framework';

const url = 'https://kubernetes.io/docs/concepts/security/pod-security-standards/';
/** The standards change with Kubernetes; a run judges by the version it is for. */
const edition = 'Kubernetes 1.25 to 1.37';

// Ids are those of the checks in the API server's PodSecurity admission.
const capabilitiesBaseline: Requirement = {
  id: 'capabilities_baseline',
  title: 'containers add default capabilities only',
  controls: ['K-CTR-11'],
};
const hostPathVolumes: Requirement = { id: 'hostPathVolumes', title: 'pods mount nothing of the node', controls: ['K-POD-05'] };
const seccompBaseline: Requirement = {
  id: 'seccompProfile_baseline',
  title: 'seccomp is not switched off',
  controls: ['K-CTR-17'],
};
const procMount: Requirement = { id: 'procMount', title: '/proc stays masked', controls: ['K-CTR-20'] };

/** Checks that both levels make. */
const common: readonly [Requirement, ...Requirement[]] = [
  { id: 'appArmorProfile', title: 'profiles of AppArmor are not switched off', controls: ['K-CTR-18'] },
  { id: 'hostNamespaces', title: 'pods share no namespace of the node', controls: ['K-POD-01', 'K-POD-02', 'K-POD-03'] },
  { id: 'hostPorts', title: 'containers open no port of the node', controls: ['K-CTR-01'] },
  {
    id: 'hostProbesAndHostLifecycle',
    title: 'probes and lifecycle hooks name no host',
    kubernetes: { from: 34 },
    controls: ['K-CTR-21'],
  },
  { id: 'privileged', title: 'containers are not privileged', controls: ['K-CTR-02'] },
  { id: 'seLinuxOptions', title: 'types of SELinux are those of containers', controls: ['K-CTR-19'] },
  { id: 'sysctls', title: 'sysctls are safe ones', controls: ['K-POD-11'] },
  { id: 'windowsHostProcess', title: 'no Windows container is a process of the node', controls: ['K-POD-12'] },
];

/** Known ways out of a container are closed. */
export const pssBaseline = framework({
  id: 'pss-baseline',
  title: 'Pod Security Standards, baseline',
  edition,
  url,
  requirements: [
    ...common,
    capabilitiesBaseline,
    hostPathVolumes,
    {
      ...procMount,
      controls: ['K-CTR-20'],
      except: { what: 'pods with a user namespace of their own, from Kubernetes 1.35', covers: isRelaxedForUsers },
    },
    seccompBaseline,
  ],
});

/** Pods are hardened by current practice. Checks of baseline that a restricted one contains are made by that one. */
export const pssRestricted = framework({
  id: 'pss-restricted',
  title: 'Pod Security Standards, restricted',
  edition,
  url,
  requirements: [
    ...common,
    { id: 'allowPrivilegeEscalation', title: 'containers cannot gain privileges', controls: ['K-CTR-03'] },
    {
      id: 'capabilities_restricted',
      title: 'containers drop all capabilities and add NET_BIND_SERVICE at most',
      controls: ['K-CTR-09', 'K-CTR-10'],
    },
    { ...procMount, kubernetes: { before: 35 } },
    {
      id: 'procMount_restricted',
      title: '/proc stays masked, in user namespaces as well',
      kubernetes: { from: 35 },
      controls: ['K-CTR-20'],
    },
    { id: 'restrictedVolumes', title: 'volumes are of types that need no trust in the node', controls: ['K-POD-08'] },
    { id: 'runAsNonRoot', title: 'containers must run as another user than root', controls: ['K-CTR-04'] },
    { id: 'runAsUser', title: 'no container asks for user 0', controls: ['K-CTR-05'] },
    { id: 'seccompProfile_restricted', title: 'containers run under a seccomp profile', controls: ['K-CTR-16'] },
  ],
});
