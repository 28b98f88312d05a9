import { control } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { celHas, celSecurityContexts, everySecurityContext, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';
import { FILTERED, seccompType } from './seccomp';

/** PSS baseline, check seccompProfile_baseline: a profile may be missing, and not be switched off. */
export const seccompUnconfined = control({
  ...workload,
  id: 'K-CTR-17',
  title: 'no pod switches its seccomp profile off',
  because: 'the type Unconfined opens the whole system-call interface of the kernel even on nodes that filter by default',
  severity: Severity.MEDIUM,
  judge: (pod) =>
    everySecurityContext(pod, 'seccompProfile', (securityContext) => {
      const type = seccompType(securityContext);
      return type === undefined || FILTERED.has(type)
        ? undefined
        : `sets seccompProfile ${shown(type)}, it must be RuntimeDefault, Localhost or missing`;
    }),
  remedy: 'remove seccompProfile, or set its type to RuntimeDefault',
  references: {
    pss: 'baseline',
    cisKubernetes: ['5.6.2'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_31'],
      kubescape: ['C-0210'],
      kubesec: ['SeccompUnconfined'],
      polaris: ['linuxHardening'],
      trivy: ['KSV-0104'],
    },
  },
  cel: podCel((spec) =>
    celSecurityContexts(
      spec,
      (context) => `!${celHas(context, 'seccompProfile', (profile) => `!(${profile}.type in ['RuntimeDefault', 'Localhost'])`)}`,
    ),
  ),
  examples: {
    holds: manifests(
      pod(),
      pod({ securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }),
      secured({ seccompProfile: { type: 'Localhost', localhostProfile: 'app.json' } }),
    ),
    breaks: manifests(
      pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } }),
      cronJob(secured({ seccompProfile: { type: 'Unconfined' } })),
      withInit(pod(), { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
    ),
  },
});
