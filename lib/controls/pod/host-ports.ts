import { isJsonObject, type Json } from '../../inventory/value';
import { control } from '../control';
import { cronJob, deployment, manifests, pod, podOf, withInit } from '../pod-examples';
import { celContainers, everyContainer, isSet, podCel, workload } from '../pod-template';
import { Severity } from '../severity';

/** PSS baseline, check hostPorts. In a pod that shares the network of its node the API server makes every port a port of the node. */
export const hostPorts = control({
  ...workload,
  id: 'K-CTR-01',
  title: 'containers open no port of the node',
  because: 'a port of the node is reached past every Service and NetworkPolicy, and two pods that want the same one cannot share a node',
  severity: Severity.MEDIUM,
  category: 'firewall',
  judge: (pod) => {
    const shared = pod.spec.hostNetwork === true;
    return everyContainer(pod, 'ports', ({ ports }, { ephemeral }) => {
      if (!Array.isArray(ports)) return undefined;
      const open = (port: Json): Json | undefined => {
        if (!isJsonObject(port)) return undefined;
        if (isSet(port.hostPort) && port.hostPort !== 0) return port.hostPort;
        return shared && !ephemeral && isSet(port.containerPort) ? port.containerPort : undefined;
      };
      if (!ports.some((port) => open(port) !== undefined)) return undefined;
      return `opens ${ports
        .map(open)
        .filter((port) => port !== undefined)
        .join(', ')} on its node, it must have no host port`;
    });
  },
  remedy: 'remove hostPort and hostNetwork, and publish the container with a Service',
  references: {
    pss: 'baseline',
    cisKubernetes: ['5.2.12'],
    nsa: ['network'],
    scanners: { checkov: ['CKV_K8S_26'], kubescape: ['C-0044', 'C-0204'], polaris: ['hostPortSet'], trivy: ['KSV-0024'] },
  },
  // The API server has filled in the ports of a pod on the node's network before admission, but not those of a template.
  cel: podCel((spec) =>
    celContainers(
      spec,
      `!has(c.ports) || c.ports.all(port, (!has(port.hostPort) || port.hostPort == 0) && (!has(${spec}.hostNetwork) || !${spec}.hostNetwork))`,
    ),
  ),
  examples: {
    holds: manifests(podOf({ ports: [{ containerPort: 8080 }] }), deployment(podOf({ ports: [{ containerPort: 8080, hostPort: 0 }] }))),
    breaks: manifests(
      podOf({ ports: [{ containerPort: 8080, hostPort: 8080 }] }),
      podOf({ ports: [{ containerPort: 8080 }] }, { hostNetwork: true }),
      cronJob(withInit(pod(), { ports: [{ containerPort: 53, hostPort: 53, protocol: 'UDP' }] })),
    ),
  },
});
