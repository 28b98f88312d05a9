import { control, fail, pass } from '../control';
import { cronJob, manifests, pod, secured, withInit } from '../pod-examples';
import { celContainers, celHas, child, everyContainer, hasRelaxedUsers, isSet, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS restricted, check runAsNonRoot: true at the pod, or on every container, and nowhere false. From 1.35 a user namespace relaxes it. */
export const runAsNonRoot = control({
  ...workload,
  id: 'K-CTR-04',
  title: 'containers do not run as root',
  because: 'uid 0 inside a container is uid 0 on the node once something lets it out',
  severity: Severity.HIGH,
  judge: (pod, context) => {
    if (hasRelaxedUsers(pod, context)) return pass;
    const whole = child(pod.spec, 'securityContext').runAsNonRoot;
    if (whole === false)
      return fail('the pod sets runAsNonRoot false, it must be true or missing', `${pod.specPath}.securityContext.runAsNonRoot`);
    return everyContainer(pod, 'securityContext.runAsNonRoot', (body) => {
      const own = child(body, 'securityContext').runAsNonRoot;
      if (own === true || (!isSet(own) && whole === true)) return undefined;
      return `has runAsNonRoot ${shown(own)}, it must be true there or at the pod`;
    });
  },
  remedy: 'set runAsNonRoot to true at the pod, and build the image with a numeric USER',
  references: {
    pss: 'restricted',
    cisKubernetes: ['5.2.7'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_23'],
      'kube-linter': ['run-as-non-root'],
      kubescape: ['C-0013', 'C-0198'],
      kubesec: ['RunAsNonRoot'],
      polaris: ['runAsRootAllowed'],
      trivy: ['KSV-0012'],
    },
  },
  // The rule before 1.35: admission stays stricter there than the standard where a pod has its own user namespace.
  cel: podCel(
    (spec) =>
      `!(${celHas(spec, 'securityContext.runAsNonRoot', (field) => `!${field}`)}) && ` +
      celContainers(
        spec,
        `(${celHas('c', 'securityContext.runAsNonRoot')} ? c.securityContext.runAsNonRoot : ${celHas(spec, 'securityContext.runAsNonRoot')})`,
      ),
  ),
  repair: {
    risk: 'mayBreak',
    note: 'an image whose user is root, or is named and not numeric, does not start; start it once with this setting',
    apply: ({ spec }, fill) => {
      // Beside an explicit uid 0 the kubelet would refuse to start what the user asked for: that stays a finding.
      if (child(spec, 'securityContext').runAsUser === 0) return;
      let root = false;
      fill.containers(spec, (body) => {
        root ||= child(body, 'securityContext').runAsUser === 0;
      });
      if (!root) fill.set(fill.child(spec, 'securityContext'), 'runAsNonRoot', true, 'securityContext');
      else
        fill.containers(spec, (body, path) => {
          if (child(body, 'securityContext').runAsUser !== 0)
            fill.set(fill.child(body, 'securityContext'), 'runAsNonRoot', true, `${path}.securityContext`);
        });
    },
  },
  examples: {
    holds: [
      ...manifests(pod({ securityContext: { runAsNonRoot: true } }), secured({ runAsNonRoot: true })),
      ...manifests(cronJob(pod({ securityContext: { runAsNonRoot: true } }))),
    ] as const,
    breaks: manifests(
      pod(),
      secured({ runAsNonRoot: false }, { securityContext: { runAsNonRoot: true } }),
      withInit(secured({ runAsNonRoot: true }), {}),
      pod({ securityContext: { runAsNonRoot: false } }),
    ),
  },
});
