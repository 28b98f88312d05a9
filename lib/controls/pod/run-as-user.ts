import { control, fail, pass } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { celContainers, celHas, child, everyContainer, hasRelaxedUsers, podCel, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS restricted, check runAsUser; from 1.35 a user namespace relaxes it. */
export const runAsUser = control({
  ...workload,
  id: 'K-CTR-05',
  title: 'no container asks for user 0',
  because: 'an explicit uid 0 overrides the user that the image was built with',
  severity: Severity.HIGH,
  judge: (pod, context) => {
    if (hasRelaxedUsers(pod, context)) return pass;
    if (child(pod.spec, 'securityContext').runAsUser === 0)
      return fail('the pod sets runAsUser 0, it must be another user or missing', `${pod.specPath}.securityContext.runAsUser`);
    return everyContainer(pod, 'securityContext.runAsUser', (body) =>
      child(body, 'securityContext').runAsUser === 0 ? 'sets runAsUser 0, it must be another user or missing' : undefined,
    );
  },
  remedy: 'remove runAsUser 0, or set a uid of 10000 or more',
  references: {
    pss: 'restricted',
    cisKubernetes: ['5.2.7'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_23'],
      'kube-linter': ['run-as-non-root'],
      'kube-score': ['container-security-context-user-group-id'],
      kubescape: ['C-0013'],
      kubesec: ['RunAsUser'],
      polaris: ['runAsRootAllowed'],
      trivy: ['KSV-0105'],
    },
  },
  cel: podCel((spec) => {
    const root = (holder: string): string => celHas(holder, 'securityContext.runAsUser', (field) => `${field} == 0`);
    return `!${root(spec)} && ${celContainers(spec, `!${root('c')}`)}`;
  }),
  examples: {
    holds: manifests(pod(), secured({ runAsUser: 10001 }), pod({ securityContext: { runAsUser: 1000 } })),
    breaks: manifests(
      secured({ runAsUser: 0 }),
      cronJob(pod({ securityContext: { runAsUser: 0 } })),
      withInit(pod(), { securityContext: { runAsUser: 0 } }),
    ),
  },
});
