import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { firewall, service, services } from './policies';

export const nodePort = control({
  ...firewall,
  id: 'K-NET-06',
  title: 'services open no port on the nodes',
  because: 'a node port is open on every node, past the load balancer, its TLS and its web ACL',
  severity: Severity.MEDIUM,
  subjects: services,
  judge: ({ name, object }) =>
    child(object, 'spec').type === 'NodePort' ? fail(`the Service ${name} has the type NodePort, it must be ClusterIP`, 'spec.type') : pass,
  remedy: 'set the type to ClusterIP, and let an Ingress or Gateway with target type ip lead to the pods',
  references: {
    nsa: ['network'],
    scanners: { 'kube-linter': ['exposed-services'], 'kube-score': ['service-type'], kubescape: ['C-0021'] },
  },
  cel: "!has(object.spec) || !has(object.spec.type) || object.spec.type != 'NodePort'",
  examples: {
    holds: manifests(service({}), service({ type: 'ClusterIP' }), service({ type: 'LoadBalancer' })),
    breaks: manifests(service({ type: 'NodePort' }), service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })),
  },
});
