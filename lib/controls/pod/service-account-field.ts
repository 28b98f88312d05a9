import { control, fail, pass } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { isSet, shown, workload } from '../pod-template';
import { Severity } from '../severity';

/** The API server writes both fields into what it stores, so two that agree hold; and it fills one from the other before admission, so there is no text for that. */
export const serviceAccountField = control({
  ...workload,
  id: 'K-POD-18',
  title: 'pods name their service account in serviceAccountName',
  because:
    'serviceAccount is deprecated and loses against serviceAccountName, so a reviewer may read an account that the pod does not have',
  severity: Severity.LOW,
  category: 'authentication',
  boundary: 'pod',
  threats: ['permission-mistake'],
  judge: ({ spec: { serviceAccount, serviceAccountName }, specPath }) =>
    !isSet(serviceAccount) || serviceAccount === '' || serviceAccount === serviceAccountName
      ? pass
      : fail(
          `the pod has serviceAccount ${shown(serviceAccount)} and serviceAccountName ${shown(serviceAccountName)}, it must name the account in serviceAccountName`,
          `${specPath}.serviceAccount`,
        ),
  remedy: 'rename serviceAccount to serviceAccountName',
  references: { scanners: { 'kube-linter': ['deprecated-service-account-field'], kubescape: ['C-0294'] } },
  repair: {
    risk: 'none',
    note: 'the API server reads the account from either field, so nothing changes but the name of the field',
    apply: ({ spec }, fill) => {
      const { serviceAccount } = spec;
      if (isSet(serviceAccount) && serviceAccount !== '') fill.set(spec, 'serviceAccountName', serviceAccount, '');
    },
  },
  examples: {
    holds: manifests(pod({ serviceAccountName: 'app' }), deployment(pod({ serviceAccount: 'app', serviceAccountName: 'app' }))),
    breaks: manifests(
      pod({ serviceAccount: 'app' }),
      cronJob(pod({ serviceAccount: 'old', serviceAccountName: 'app' })),
      deployment(pod({ serviceAccount: 'old', serviceAccountName: 'app' })),
    ),
  },
});
