import { control, fail, pass } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { celContainers, celHas, celWindows, everyContainer, isWindows, minor, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';
import { FILTERED, seccompTypeOf } from './seccomp';

const PATH = 'securityContext.seccompProfile';
const celAllowed = (at: string): string => `${at}.${PATH}.type in ['RuntimeDefault', 'Localhost']`;

/** PSS restricted, check seccompProfile_restricted: at the pod, or on every container, and nowhere Unconfined. */
export const seccompProfile = control({
  ...workload,
  id: 'K-CTR-16',
  title: 'containers run under a seccomp profile',
  because: 'without a profile the whole system-call interface of the kernel is open to the container',
  severity: Severity.MEDIUM,
  judge: (pod, context) => {
    if (isWindows(pod) && minor(context) >= 25) return pass;
    const whole = seccompTypeOf(pod.spec);
    if (whole !== undefined && !FILTERED.has(whole))
      return fail(
        `the pod sets seccompProfile ${shown(whole)}, it must be RuntimeDefault or Localhost`,
        `${pod.specPath}.securityContext.seccompProfile`,
      );
    return everyContainer(pod, 'securityContext.seccompProfile', (body) => {
      const own = seccompTypeOf(body);
      return FILTERED.has(own ?? whole)
        ? undefined
        : `has seccompProfile ${shown(own)}, it must be RuntimeDefault or Localhost there or at the pod`;
    });
  },
  remedy: 'set securityContext.seccompProfile.type to RuntimeDefault at the pod',
  references: {
    pss: 'restricted',
    cisKubernetes: ['5.6.2'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_31'],
      'kube-score': ['container-seccomp-profile'],
      kubescape: ['C-0055', 'C-0210'],
      kubesec: ['SeccompAny'],
      polaris: ['linuxHardening'],
      trivy: ['KSV-0030'],
    },
  },
  cel: podCel((spec) => {
    const whole = `(${celHas(spec, PATH)} && ${celAllowed(spec)})`;
    const each = celContainers(spec, `(${celHas('c', PATH)} ? ${celAllowed('c')} : ${whole})`);
    return `(${celWindows(spec)}) || ((!${celHas(spec, PATH)} || ${whole}) && ${each})`;
  }),
  repair: {
    risk: 'restart',
    note: "a program that needs a system call outside the runtime's default profile fails; such programs are rare and say so in their documentation",
    apply: ({ spec, windows }, fill) => {
      if (!windows) fill.set(fill.child(spec, 'securityContext'), 'seccompProfile', { type: 'RuntimeDefault' }, 'securityContext');
    },
  },
  examples: {
    holds: manifests(
      pod({ securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }),
      secured({ seccompProfile: { type: 'Localhost', localhostProfile: 'app.json' } }),
    ),
    breaks: manifests(
      pod(),
      cronJob(pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } })),
      secured({ seccompProfile: { type: 'Unconfined' } }, { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }),
      withInit(secured({ seccompProfile: { type: 'RuntimeDefault' } }), {}),
    ),
  },
});
