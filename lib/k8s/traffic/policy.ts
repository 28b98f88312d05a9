import { ApiObject, Lazy } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { JsonObject } from '../../inventory/value';

export const POD_IDENTITY_AGENT = '169.254.170.23/32';

/** Name resolution by the cluster's DNS service, over both protocols. */
export function dnsEgress(): JsonObject {
  return {
    to: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      },
    ],
    ports: [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ],
  };
}

/** TCP connections to a range of addresses. */
export function rangeEgress(cidrs: readonly string[], port: number): JsonObject {
  return { to: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: [{ protocol: 'TCP', port }] };
}

/**
 * A NetworkPolicy. A raw object: plus's class leaves `policyTypes` out and writes `ports: []`, which mean other things than one would think.
 */
export function policy(scope: IConstruct, id: string, name: string, namespace: string | undefined, spec: () => JsonObject): void {
  new ApiObject(scope as Construct, id, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: Lazy.any({ produce: spec }),
  });
}
