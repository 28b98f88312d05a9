import { control, fail, pass } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { isSet, podCel, shown, workload } from '../pod-template';
import { Severity } from '../severity';

export const processNamespace = control({
  ...workload,
  id: 'K-POD-13',
  title: 'containers of a pod do not share their processes',
  because: 'in a shared process namespace one container reads the environment, the files and the secrets of the others below /proc',
  severity: Severity.MEDIUM,
  boundary: 'pod',
  judge: ({ spec, specPath }) =>
    isSet(spec.shareProcessNamespace) && spec.shareProcessNamespace !== false
      ? fail(
          `the pod has shareProcessNamespace ${shown(spec.shareProcessNamespace)}, it must be false or missing`,
          `${specPath}.shareProcessNamespace`,
        )
      : pass,
  remedy: 'remove shareProcessNamespace; debug with an ephemeral container that targets one container',
  references: { nsa: ['pod-security'] },
  cel: podCel((spec) => `!has(${spec}.shareProcessNamespace) || !${spec}.shareProcessNamespace`),
  examples: {
    holds: manifests(pod(), deployment(pod({ shareProcessNamespace: false }))),
    breaks: manifests(pod({ shareProcessNamespace: true }), cronJob(pod({ shareProcessNamespace: true }))),
  },
});
