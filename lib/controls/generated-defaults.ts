import type { Json } from '../inventory/value';

/**
 * What cdk8s-plus-28 writes into a pod without being asked. A foreign manifest with these values was most likely generated, so a
 * repair may replace them; anything else was somebody's choice. `*` stands for a container's position.
 */
export const GENERATED_DEFAULTS: { readonly [path: string]: Json } = {
  automountServiceAccountToken: false,
  dnsPolicy: 'ClusterFirst',
  hostNetwork: false,
  restartPolicy: 'Always',
  setHostnameAsFQDN: false,
  shareProcessNamespace: false,
  terminationGracePeriodSeconds: 30,
  'securityContext.fsGroupChangePolicy': 'Always',
  'securityContext.runAsNonRoot': true,
  'containers.*.imagePullPolicy': 'Always',
  'containers.*.name': 'main',
  'containers.*.resources.requests.cpu': '1000m',
  'containers.*.resources.requests.memory': '512Mi',
  'containers.*.resources.limits.cpu': '1500m',
  'containers.*.resources.limits.memory': '2048Mi',
  'containers.*.securityContext.allowPrivilegeEscalation': false,
  'containers.*.securityContext.privileged': false,
  'containers.*.securityContext.readOnlyRootFilesystem': true,
  'containers.*.securityContext.runAsNonRoot': true,
};

/** True when the value under this path (from the pod spec, `containers.0.resources.limits.cpu`) is one that cdk8s-plus generates. */
export function isGenerated(path: string, value: Json): boolean {
  return GENERATED_DEFAULTS[path.replace(/^(?:initContainers|containers)\.\d+\./, 'containers.*.')] === value;
}
