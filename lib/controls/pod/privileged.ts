import { control } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { containerCel, everyContainer, isSet, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS baseline, check privileged. */
export const privileged = control({
  ...workload,
  id: 'K-CTR-02',
  title: 'containers are not privileged',
  because: 'a privileged container holds every capability and device of its node, and is root there',
  severity: Severity.CRITICAL,
  judge: (pod) =>
    everyContainer(pod, 'securityContext.privileged', (_, { securityContext: { privileged } }) =>
      isSet(privileged) && privileged !== false ? `has privileged ${shown(privileged)}, it must be false or missing` : undefined,
    ),
  remedy: 'remove securityContext.privileged; if a node agent needs one device or capability, give it that one with an exemption',
  references: {
    pss: 'baseline',
    cisEks: ['4.2.1'],
    cisKubernetes: ['5.2.2'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_16'],
      'kube-linter': ['privileged-container'],
      'kube-score': ['container-security-context-privileged'],
      kubescape: ['C-0057', 'C-0193'],
      kubesec: ['Privileged'],
      polaris: ['runAsPrivileged'],
      trivy: ['KSV-0017'],
    },
  },
  cel: containerCel('!has(c.securityContext) || !has(c.securityContext.privileged) || c.securityContext.privileged == false'),
  examples: {
    holds: manifests(pod(), secured({ privileged: false })),
    breaks: manifests(
      secured({ privileged: true }),
      cronJob(secured({ privileged: true })),
      withInit(pod(), { securityContext: { privileged: true } }),
    ),
  },
});
