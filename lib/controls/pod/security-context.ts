import { isJsonObject } from '../../inventory/value';
import { control, pass } from '../control';
import { deployment, manifests, pod, secured, withInit } from '../pod-examples';
import { celContainers, celWindows, child, everyContainer, isWindows, podCel, workload } from '../pod-template';
import { Severity } from '../severity';

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** Windows has nothing to say at a container that its pod cannot say. */
export const securityContext = control({
  ...workload,
  id: 'K-CTR-22',
  title: 'containers have a security context',
  because:
    'privilege escalation, capabilities and the root file system are a matter of each container, and without a word on them all are open',
  severity: Severity.LOW,
  judge: (pod) =>
    isWindows(pod) && !isEmpty(child(pod.spec, 'securityContext'))
      ? pass
      : everyContainer(pod, 'securityContext', ({ securityContext: own }) =>
          isJsonObject(own) && !isEmpty(own) ? undefined : 'has no security context, it must say what it may do',
        ),
  remedy: 'give every container a securityContext: no privilege escalation, no capabilities, a read-only root file system',
  references: {
    cisKubernetes: ['5.6.3'],
    nsa: ['pod-security'],
    scanners: { checkov: ['CKV_K8S_29', 'CKV_K8S_30'], kubescape: ['C-0211'], trivy: ['KSV-0118'] },
  },
  cel: podCel(
    (spec) =>
      `((${celWindows(spec)}) && has(${spec}.securityContext) && ${spec}.securityContext.size() > 0) || ${celContainers(spec, 'has(c.securityContext) && c.securityContext.size() > 0')}`,
  ),
  examples: {
    holds: manifests(
      secured({ allowPrivilegeEscalation: false }),
      deployment(secured({ readOnlyRootFilesystem: true })),
      pod({ os: { name: 'windows' }, securityContext: { runAsNonRoot: true } }),
    ),
    breaks: manifests(
      pod({ securityContext: { runAsNonRoot: true } }),
      deployment(secured({})),
      withInit(secured({ allowPrivilegeEscalation: false }), {}),
    ),
  },
});
