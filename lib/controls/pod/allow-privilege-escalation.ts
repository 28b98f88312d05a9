import type { JsonObject } from '../../inventory/value';
import { control, pass } from '../control';
import { cronJob, deployment, manifests, secured, withInit } from '../pod-examples';
import { celWindows, child, containerCel, everyContainer, isWindows, minor, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS restricted, check allowPrivilegeEscalation; Windows pods are exempt from 1.25 on. */
export const allowPrivilegeEscalation = control({
  ...workload,
  id: 'K-CTR-03',
  title: 'containers cannot gain privileges',
  because: 'a set-uid binary in the image would otherwise turn any process of the container into root',
  severity: Severity.HIGH,
  judge: (pod, context) =>
    isWindows(pod) && minor(context) >= 25
      ? pass
      : everyContainer(pod, 'securityContext.allowPrivilegeEscalation', (body) => {
          const value = child(body, 'securityContext').allowPrivilegeEscalation;
          return value === false ? undefined : `has allowPrivilegeEscalation ${shown(value)}, it must be false`;
        }),
  remedy: 'set securityContext.allowPrivilegeEscalation to false on every container',
  references: {
    pss: 'restricted',
    cisEks: ['4.2.5'],
    cisKubernetes: ['5.2.6'],
    nsa: ['pod-security'],
    scanners: {
      checkov: ['CKV_K8S_20'],
      'kube-linter': ['privilege-escalation-container'],
      kubescape: ['C-0016', 'C-0197'],
      kubesec: ['AllowPrivilegeEscalation'],
      polaris: ['privilegeEscalationAllowed'],
      trivy: ['KSV-0001'],
    },
  },
  cel: containerCel(
    'has(c.securityContext) && has(c.securityContext.allowPrivilegeEscalation) && c.securityContext.allowPrivilegeEscalation == false',
    celWindows,
  ),
  repair: {
    risk: 'restart',
    note: 'an image that relies on set-uid binaries such as sudo or ping stops working; start it and look for permission errors',
    apply: ({ spec, windows }, fill) => {
      if (windows) return;
      fill.containers(spec, (body, path) => {
        if (!mayEscalate(body)) fill.set(fill.child(body, 'securityContext'), 'allowPrivilegeEscalation', false, `${path}.securityContext`);
      });
    },
  },
  examples: {
    holds: manifests(
      secured({ allowPrivilegeEscalation: false }),
      deployment(secured({ allowPrivilegeEscalation: false })),
      secured({}, { os: { name: 'windows' } }),
    ),
    breaks: manifests(
      secured({}),
      cronJob(secured({ allowPrivilegeEscalation: true })),
      withInit(secured({ allowPrivilegeEscalation: false }), { securityContext: { allowPrivilegeEscalation: true } }),
    ),
  },
});

/** The API server refuses `false` beside a privileged container or CAP_SYS_ADMIN: filling it in would break what the user asked for. */
function mayEscalate(body: JsonObject): boolean {
  const context = child(body, 'securityContext');
  const { add } = child(context, 'capabilities');
  return context.privileged === true || (Array.isArray(add) && (add.includes('SYS_ADMIN') || add.includes('CAP_SYS_ADMIN')));
}
