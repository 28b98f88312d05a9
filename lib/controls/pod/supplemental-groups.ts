import { control, fail, pass } from '../control';
import { deployment, manifests, pod } from '../pod-examples';
import { celHas, celWindows, child, isWindows, minor, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** The field supplementalGroupsPolicy is on by default from Kubernetes 1.33 (KEP-3619). */
const SINCE = 33;

export const supplementalGroups = control({
  ...workload,
  id: 'K-POD-09',
  title: 'pods have only the groups they list, and not 0',
  because: 'by default the group file of the image adds groups that no reviewer sees, and they open files in volumes',
  severity: Severity.LOW,
  boundary: 'pod',
  judge: (pod, context) => {
    if (isWindows(pod)) return pass;
    const { supplementalGroups: groups, supplementalGroupsPolicy: policy } = child(pod.spec, 'securityContext');
    if (Array.isArray(groups) && groups.includes(0))
      return fail('the pod adds the supplemental group 0, it must be another one', `${pod.specPath}.securityContext.supplementalGroups`);
    if (minor(context) < SINCE || policy === 'Strict') return pass;
    return fail(
      `the pod has supplementalGroupsPolicy ${shown(policy)}, it must be Strict`,
      `${pod.specPath}.securityContext.supplementalGroupsPolicy`,
    );
  },
  remedy: 'set supplementalGroupsPolicy to Strict and list the groups that the pod needs',
  references: { nsa: ['pod-security'], scanners: { trivy: ['KSV-0116'] } },
  // Before 1.33 the API server drops the field, so there this text asks for what nobody can set: deploy it from 1.33 on.
  cel: podCel(
    (spec) =>
      `(${celWindows(spec)}) || (${celHas(spec, 'securityContext.supplementalGroupsPolicy', (field) => `${field} == 'Strict'`)} && ` +
      `!${celHas(spec, 'securityContext.supplementalGroups', (field) => `0 in ${field}`)})`,
  ),
  repair: {
    risk: 'mayBreak',
    note: "a program that reads files through a group of its image's /etc/group loses them; list that group. The node's runtime must know the field (containerd 2.0)",
    apply: ({ spec, windows }, fill) => {
      if (!windows && minor(fill) >= SINCE)
        fill.set(fill.child(spec, 'securityContext'), 'supplementalGroupsPolicy', 'Strict', 'securityContext');
    },
  },
  examples: {
    holds: manifests(
      pod({ securityContext: { supplementalGroupsPolicy: 'Strict' } }),
      deployment(pod({ securityContext: { supplementalGroups: [10002], supplementalGroupsPolicy: 'Strict' } })),
    ),
    breaks: manifests(
      pod(),
      pod({ securityContext: { supplementalGroups: [0], supplementalGroupsPolicy: 'Strict' } }),
      deployment(pod({ securityContext: { supplementalGroupsPolicy: 'Merge' } })),
    ),
  },
});
