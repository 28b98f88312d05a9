import { control, fail, pass } from '../control';
import { deployment, manifests, pod } from '../pod-examples';
import { podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

export const serviceLinks = control({
  ...workload,
  id: 'K-POD-19',
  title: 'pods get no environment variables about other services',
  because: 'they tell an attacker every service of the namespace, and an unlucky service name changes how a program is configured',
  severity: Severity.LOW,
  boundary: 'pod',
  judge: (pod) =>
    pod.spec.enableServiceLinks === false
      ? pass
      : fail(
          `the pod has enableServiceLinks ${shown(pod.spec.enableServiceLinks)}, it must be false`,
          `${pod.specPath}.enableServiceLinks`,
        ),
  remedy: 'set enableServiceLinks to false and find services by DNS',
  references: { nsa: ['pod-security'] },
  cel: podCel((spec) => `has(${spec}.enableServiceLinks) && ${spec}.enableServiceLinks == false`),
  repair: {
    risk: 'restart',
    note: 'a program that reads NAME_SERVICE_HOST variables must use DNS names; search its configuration for them',
    apply: ({ spec }, fill) => fill.set(spec, 'enableServiceLinks', false, ''),
  },
  examples: {
    holds: manifests(pod({ enableServiceLinks: false })),
    breaks: manifests(pod(), deployment(pod({ enableServiceLinks: true }))),
  },
});
