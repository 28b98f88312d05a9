import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { minor } from '../pod-template';
import { Severity } from '../severity';
import { lifecycleOf } from './lifecycle';
import { instead, of, versions } from './versions';

/** Judged by the version that the objects are for; what that version still serves is K-API-02. */
export const removedApi = control({
  ...versions,
  id: 'K-API-01',
  title: 'objects are of API versions that the cluster serves',
  because: 'the API server refuses the others, and a policy or a budget that was refused protects nobody',
  severity: Severity.MEDIUM,
  judge: ({ apiVersion, kind, name }, context) => {
    const lifecycle = lifecycleOf(apiVersion, kind);
    return lifecycle?.removed === undefined || lifecycle.removed > minor(context)
      ? pass
      : fail(
          `the ${kind} ${name} is of ${apiVersion}, which Kubernetes 1.${lifecycle.removed} and later do not serve, ${instead(lifecycle.use)}`,
          'apiVersion',
        );
  },
  remedy: 'write the API version that the message names, and read what changed between the two',
  references: {
    scanners: { 'kube-linter': ['no-extensions-v1beta'], 'kube-score': ['stable-version'], trivy: ['KSV-0107'] },
    urls: ['https://kubernetes.io/docs/reference/using-api/deprecation-guide/'],
  },
  examples: {
    holds: manifests(
      of('policy/v1', 'PodDisruptionBudget'),
      of('example.com/v1beta1', 'Ingress'),
      of('storage.k8s.io/v1beta1', 'VolumeAttributesClass'),
    ),
    breaks: manifests(
      of('policy/v1beta1', 'PodDisruptionBudget'),
      of('extensions/v1beta1', 'Ingress'),
      of('policy/v1beta1', 'PodSecurityPolicy'),
      of('batch/v1beta1', 'CronJob'),
      of('flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema'),
    ),
  },
});
