/**
 * API versions by the Kubernetes minor version that first has them, after 1.25: what a cluster before that does not know. From the lifecycle that Kubernetes 1.37
 * states of its own types.
 */
const KINDS: readonly (readonly [apiVersion: string, kinds: string, since: number])[] = [
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding', 30],
  ['admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy MutatingAdmissionPolicyBinding', 36],
  ['admissionregistration.k8s.io/v1beta1', 'ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding', 28],
  ['admissionregistration.k8s.io/v1beta1', 'MutatingAdmissionPolicy MutatingAdmissionPolicyBinding', 34],
  ['admissionregistration.k8s.io/v1alpha1', 'ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding', 26],
  ['admissionregistration.k8s.io/v1alpha1', 'MutatingAdmissionPolicy MutatingAdmissionPolicyBinding', 32],
  ['certificates.k8s.io/v1', 'ClusterTrustBundle PodCertificateRequest', 37],
  ['certificates.k8s.io/v1beta1', 'ClusterTrustBundle', 33],
  ['certificates.k8s.io/v1beta1', 'PodCertificateRequest', 35],
  ['coordination.k8s.io/v1beta1', 'LeaseCandidate', 33],
  ['flowcontrol.apiserver.k8s.io/v1', 'FlowSchema PriorityLevelConfiguration', 29],
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema PriorityLevelConfiguration', 26],
  ['networking.k8s.io/v1', 'IPAddress ServiceCIDR', 33],
  ['networking.k8s.io/v1beta1', 'IPAddress ServiceCIDR', 31],
  ['resource.k8s.io/v1', 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice', 34],
  ['resource.k8s.io/v1', 'DeviceTaintRule', 37],
  ['resource.k8s.io/v1beta1', 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice', 32],
  ['resource.k8s.io/v1beta2', 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice', 33],
  ['resource.k8s.io/v1beta2', 'DeviceTaintRule', 36],
  ['scheduling.k8s.io/v1beta1', 'PodGroup Workload', 37],
  ['storage.k8s.io/v1', 'VolumeAttributesClass', 34],
  ['storage.k8s.io/v1beta1', 'VolumeAttributesClass', 31],
  ['storagemigration.k8s.io/v1', 'StorageVersionMigration', 37],
  ['storagemigration.k8s.io/v1beta1', 'StorageVersionMigration', 35],
];

/** The minor version that first has an API version of a kind; undefined for one that is older than all that are known here. */
export function introducedIn(apiVersion: string, kind: string): number | undefined {
  return KINDS.find(([version, kinds]) => version === apiVersion && kinds.split(' ').includes(kind))?.[2];
}

/** When a field came. */
export interface FieldHistory {
  /** Steps from the object's root, or from the pod spec; `*` is every item of a list. */
  readonly path: string;
  /** The first version that has it at all, behind a feature gate. */
  readonly since: number;
  /** The first version in which it does something without anybody's doing; undefined where that has not come. */
  readonly on?: number;
}

const field = (path: string, since: number, on?: number): FieldHistory => ({ path, since, on });

/** Fields of a pod spec that came after 1.25. */
export const POD_FIELDS: readonly FieldHistory[] = [
  field('hostUsers', 25, 33),
  field('hostnameOverride', 34, 35),
  field('resources', 32, 34),
  field('schedulingGates', 26, 27),
  field('securityContext.appArmorProfile', 30, 30),
  field('securityContext.seLinuxChangePolicy', 32, 33),
  field('securityContext.supplementalGroupsPolicy', 31, 33),
  field('topologySpreadConstraints.*.matchLabelKeys', 25, 27),
  field('volumes.*.image', 31, 35),
  field('volumes.*.projected.sources.*.clusterTrustBundle', 29, 37),
  field('volumes.*.projected.sources.*.podCertificate', 34, 37),
  field('initContainers.*.restartPolicy', 28, 29),
  ...['containers', 'initContainers'].flatMap((group) => [
    field(`${group}.*.env.*.valueFrom.fileKeyRef`, 34, 35),
    field(`${group}.*.lifecycle.preStop.sleep`, 29, 30),
    field(`${group}.*.lifecycle.postStart.sleep`, 29, 30),
    field(`${group}.*.lifecycle.stopSignal`, 33),
    field(`${group}.*.resizePolicy`, 27, 33),
    field(`${group}.*.restartPolicyRules`, 34, 35),
    field(`${group}.*.securityContext.appArmorProfile`, 30, 30),
    field(`${group}.*.volumeMounts.*.recursiveReadOnly`, 30, 31),
  ]),
];

/** Fields of other objects that came after 1.25. */
export const OBJECT_FIELDS: { readonly [kind: string]: readonly FieldHistory[] } = {
  HorizontalPodAutoscaler: [field('spec.behavior.scaleUp.tolerance', 33, 35), field('spec.behavior.scaleDown.tolerance', 33, 35)],
  Job: [
    field('spec.backoffLimitPerIndex', 28, 29),
    field('spec.managedBy', 30, 32),
    field('spec.podReplacementPolicy', 28, 29),
    field('spec.successPolicy', 30, 31),
  ],
  PersistentVolumeClaim: [field('spec.volumeAttributesClassName', 29, 34)],
  PodDisruptionBudget: [field('spec.unhealthyPodEvictionPolicy', 26, 27)],
  Service: [field('spec.trafficDistribution', 30, 31)],
  StatefulSet: [field('spec.ordinals', 26, 27), field('spec.updateStrategy.rollingUpdate.maxUnavailable', 24, 37)],
};
