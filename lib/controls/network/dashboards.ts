import { control } from '../control';
import { cronJob, manifests, pod, podOf } from '../pod-examples';
import { containerCel, everyContainer, podTemplateSubjects } from '../pod-template';
import { Severity } from '../severity';
import { firewall } from './policies';

const PATTERN = '(^|/)(tiller|kubernetesui/dashboard(-[a-z]+)?|kubernetes-dashboard(-[a-z0-9]+)?)(:[^/@]*)?(@.*)?$';
const ADMINISTRATION = new RegExp(PATTERN);

export const noDashboard = control({
  ...firewall,
  id: 'K-NET-13',
  title: 'neither Tiller nor the Kubernetes dashboard is deployed',
  because: 'both act with permissions of their own for whoever reaches them over the network',
  severity: Severity.HIGH,
  boundary: 'cluster',
  carrier: 'platform-team',
  threats: ['control-plane-attack', 'workload-attack'],
  subjects: podTemplateSubjects,
  judge: (pod) =>
    everyContainer(pod, 'image', ({ image }) =>
      typeof image === 'string' && ADMINISTRATION.test(image) ? `runs '${image}', it must not be in the cluster` : undefined,
    ),
  remedy: 'remove it; Helm needs no Tiller since version 3, and people look at the cluster with their own permissions',
  references: {
    nsa: ['network'],
    scanners: { checkov: ['CKV_K8S_33', 'CKV_K8S_34', 'CKV_K8S_44', 'CKV_K8S_45'], kubescape: ['C-0014'], trivy: ['KSV-0102'] },
  },
  cel: containerCel(`!has(c.image) || !c.image.matches('${PATTERN}')`),
  examples: {
    holds: manifests(
      pod(),
      podOf({ image: 'registry.example.com/dashboard:1.0.0' }),
      podOf({ image: 'registry.example.com/tiller-exporter:1.0.0' }),
    ),
    breaks: manifests(
      podOf({ image: 'ghcr.io/helm/tiller:v2.17.0' }),
      podOf({ image: 'docker.io/kubernetesui/dashboard-api:1.10.1' }),
      cronJob(podOf({ image: 'k8s.gcr.io/kubernetes-dashboard-amd64:v1.10.1' })),
      podOf({ image: 'kubernetesui/dashboard:v2.7.0' }),
    ),
  },
});
