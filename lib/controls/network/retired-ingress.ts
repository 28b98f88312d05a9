import type { KubernetesObject } from '../../inventory/model';
import { podTemplates } from '../../inventory/pod-templates';
import type { JsonObject } from '../../inventory/value';
import { control, fail, pass, type Subjects } from '../control';
import { parseImage } from '../image/reference';
import { ofGroup } from '../kubernetes-objects';
import { cronJob, manifests, pod, podOf } from '../pod-examples';
import { child, everyContainer, type PodTemplate } from '../pod-template';
import { Severity } from '../severity';
import { firewall } from './policies';

const ANNOTATION = /^nginx\.ingress\.kubernetes\.io\/(.*-snippet)$/;
const IMAGE = /(^|\/)ingress-nginx\/(nginx-)?(controller|kube-webhook-certgen)(-chroot)?$/;

type Subject = { readonly object: KubernetesObject; readonly pod?: PodTemplate };

/** Whatever may belong to the controller: what it reads, its class, its settings and its pods. */
const candidates: Subjects<Subject> = {
  description: 'Ingress, IngressClass, ConfigMap of a controller, pod templates',
  *select(inventory) {
    for (const kind of ['Ingress', 'IngressClass']) {
      for (const resource of ofGroup(inventory, 'networking.k8s.io', kind)) yield { resource, value: { object: resource } };
    }
    for (const resource of ofGroup(inventory, '', 'ConfigMap')) {
      if ('allow-snippet-annotations' in child(resource.object, 'data')) yield { resource, value: { object: resource } };
    }
    for (const pod of podTemplates(inventory)) yield { resource: pod.object, value: { object: pod.object, pod } };
  },
};

const metadata = { name: 'edge', namespace: 'shop' };
const ingress = (annotations: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { ...metadata, annotations },
  spec: {},
});
const ingressClass = (controller: string): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'edge' },
  spec: { controller },
});
const settings = (allowed: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata,
  data: { 'allow-snippet-annotations': allowed },
});

export const retiredIngress = control({
  ...firewall,
  id: 'K-NET-11',
  title: 'no ingress goes through ingress-nginx, nor brings configuration of its own',
  because: 'the controller gets no fixes since March 2026, reads every secret of the cluster, and a snippet runs inside it',
  severity: Severity.HIGH,
  boundary: 'cluster',
  carrier: 'platform-team',
  threats: ['workload-attack', 'credential-leak'],
  subjects: candidates,
  judge: ({ object: { kind, name, object }, pod }) => {
    if (pod !== undefined) {
      return everyContainer(pod, 'image', ({ image }) =>
        typeof image === 'string' && IMAGE.test(parseImage(image).name) ? `runs '${image}', which is retired` : undefined,
      );
    }
    if (kind === 'IngressClass') {
      return child(object, 'spec').controller === 'k8s.io/ingress-nginx'
        ? fail(`the IngressClass ${name} is of ingress-nginx, which is retired`, 'spec.controller')
        : pass;
    }
    if (kind === 'ConfigMap') {
      return child(object, 'data')['allow-snippet-annotations'] === 'true'
        ? fail(`the ConfigMap ${name} lets ingresses bring snippets, it must not`, 'data["allow-snippet-annotations"]')
        : pass;
    }
    for (const key in child(child(object, 'metadata'), 'annotations')) {
      if (ANNOTATION.test(key))
        return fail(`the Ingress ${name} brings ${key}, which runs inside the controller`, `metadata.annotations["${key}"]`);
    }
    return pass;
  },
  remedy: 'move to the AWS Load Balancer Controller or a Gateway, and say with their fields what the snippet did',
  references: {
    nsa: ['network'],
    scanners: { checkov: ['CKV_K8S_152', 'CKV_K8S_153', 'CKV_K8S_154'], kubescape: ['C-0059', 'C-0292'], trivy: ['KCV-0093'] },
  },
  examples: {
    holds: manifests(
      pod(),
      ingress({ 'nginx.ingress.kubernetes.io/rewrite-target': '/' }),
      ingress({ 'example.com/server-snippet': 'x' }),
      ingressClass('ingress.k8s.aws/alb'),
      settings('false'),
    ),
    breaks: manifests(
      ingress({ 'nginx.ingress.kubernetes.io/server-snippet': 'return 200;' }),
      ingress({ 'nginx.ingress.kubernetes.io/configuration-snippet': 'x', a: 'b' }),
      ingressClass('k8s.io/ingress-nginx'),
      settings('true'),
      podOf({ image: 'registry.k8s.io/ingress-nginx/controller:v1.14.0@sha256:abc' }),
      cronJob(podOf({ image: 'mirror.example.com/ingress-nginx/controller-chroot:v1.12.0' })),
    ),
  },
});
