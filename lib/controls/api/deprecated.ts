import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { minor } from '../pod-template';
import { Severity } from '../severity';
import { lifecycleOf } from './lifecycle';
import { instead, of, versions } from './versions';

/** What the version does not serve any more is K-API-01. */
export const deprecatedApi = control({
  ...versions,
  id: 'K-API-02',
  title: 'objects are of API versions that a later Kubernetes keeps',
  because: 'what is deprecated today is refused after an upgrade, and then the upgrade waits for it',
  severity: Severity.LOW,
  judge: ({ apiVersion, kind, name }, context) => {
    const lifecycle = lifecycleOf(apiVersion, kind);
    if (lifecycle === undefined || lifecycle.deprecated > minor(context)) return pass;
    const { removed, deprecated, use } = lifecycle;
    if (removed !== undefined && removed <= minor(context)) return pass;
    const end = removed === undefined ? '' : ` and not served from 1.${removed} on`;
    return fail(
      `the ${kind} ${name} is of ${apiVersion}, which is deprecated since Kubernetes 1.${deprecated}${end}, ${instead(use)}`,
      'apiVersion',
    );
  },
  remedy: 'write the API version that the message names before the next upgrade',
  references: {
    scanners: { 'kube-score': ['stable-version'], trivy: ['KSV-0107'] },
    urls: ['https://kubernetes.io/docs/reference/using-api/deprecation-guide/'],
  },
  examples: {
    holds: manifests(
      of('apps/v1', 'Deployment'),
      of('policy/v1beta1', 'PodDisruptionBudget'),
      of('networking.k8s.io/v1beta1', 'ServiceCIDR'),
      of('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'),
    ),
    breaks: manifests(of('v1', 'Endpoints'), of('admissionregistration.k8s.io/v1beta1', 'ValidatingAdmissionPolicy')),
  },
});
