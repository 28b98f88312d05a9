import { InputError } from '../error';
import {
  type Inventory,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type PodTemplate,
  podTemplates,
} from '../inventory';
import type { Addresses } from './addresses';
import { type Cni, type Enforcement, enforcementOf, holdOf, hostAddresses } from './enforcement';
import { type Policy, placeIn, readPolicy } from './policy';
import { isPort, PROTOCOLS } from './ports';

/** Pods of one template: the unit that connectivity is computed for. */
export interface Workload {
  /** `namespace/name`; `namespace/Kind/name` where two kinds share the name. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
  /** It uses the network of its node, so no policy selects it. */
  readonly hostNetwork: boolean;
  /** One pod and no second one: what it reaches in itself goes over no network. */
  readonly single: boolean;
  /** Numbers of named ports, by `TCP http`. */
  readonly named: ReadonlyMap<string, number>;
  /** Whether policies hold it, and why or why not. */
  readonly held: 'yes' | 'no' | 'unknown';
  readonly because: string;
  /** Where its pods may have their addresses. */
  readonly addresses: Addresses;
  /** Missing for what no object describes, as the nodes. */
  readonly object?: KubernetesObject;
}

/** Everything that decides who may talk to whom. */
export interface World {
  readonly workloads: readonly Workload[];
  /** Labels of every namespace that is named anywhere. */
  readonly namespaces: ReadonlyMap<string, { readonly [key: string]: string }>;
  readonly policies: readonly Policy[];
  readonly enforcement: Enforcement;
  /** Where nodes, and pods of which nothing else is known, have their addresses. */
  readonly addresses: Addresses;
  /** Why no answer is certain: objects that decide too and that are not evaluated. */
  readonly doubts: readonly string[];
}

/** Label that the API server gives every namespace. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Policies of other kinds decide too; what they say is not evaluated. */
const OTHER_POLICIES: { readonly [kind: string]: RegExp } = {
  ClusterNetworkPolicy: /^(policy\.networking\.k8s\.io|networking\.k8s\.aws)\//,
  AdminNetworkPolicy: /^policy\.networking\.k8s\.io\//,
  BaselineAdminNetworkPolicy: /^policy\.networking\.k8s\.io\//,
  ApplicationNetworkPolicy: /^networking\.k8s\.aws\//,
  CiliumNetworkPolicy: /^cilium\.io\//,
  CiliumClusterwideNetworkPolicy: /^cilium\.io\//,
  GlobalNetworkPolicy: /^(crd\.)?projectcalico\.org\//,
};
/** Calico's own kind has the name of the one of Kubernetes. */
const CALICO = /^(crd\.)?projectcalico\.org\//;
const OURS = /^(networking\.k8s\.io|extensions)\//;

/** Reads what decides about the network from an inventory. Throws what is wrong with a policy, and `PortNameTaken`. */
export function worldOf(inventory: Inventory, cni?: Cni): World {
  const enforcement = enforcementOf(inventory, cni);
  const addresses = hostAddresses(inventory, enforcement);
  const doubts: string[] = [];
  const policies: Policy[] = [];
  for (const object of distinct(
    inventory.ofKind('NetworkPolicy').filter(({ apiVersion }) => OURS.test(apiVersion)),
    doubts,
  ))
    policies.push(readPolicy(object));
  for (const [kind, group] of Object.entries({ ...OTHER_POLICIES, NetworkPolicy: CALICO })) {
    const other = inventory.ofKind(kind).find(({ apiVersion }) => group.test(apiVersion));
    if (other !== undefined) doubts.push(`${kind} ${other.name} of ${other.apiVersion} decides too and is not evaluated`);
  }

  const templates = new Set(
    distinct(
      podTemplates(inventory).map(({ object }) => object),
      doubts,
    ),
  );
  const pods = podTemplates(inventory).filter(({ object }) => templates.has(object) && object.kind !== 'PodTemplate');
  const plain = (object: KubernetesObject): string => `${object.namespace ?? 'default'}/${object.name}`;
  const count = new Map<string, number>();
  for (const { object } of pods) count.set(plain(object), (count.get(plain(object)) ?? 0) + 1);
  const workloads = pods.map((pod): Workload => {
    const { object, metadata, spec } = pod;
    const namespace = object.namespace ?? 'default';
    const { held, because } = holdOf(inventory, pod, enforcement);
    return {
      name: (count.get(plain(object)) ?? 0) > 1 ? `${namespace}/${object.kind}/${object.name}` : plain(object),
      namespace,
      labels: labelsOf(metadata.labels),
      hostNetwork: spec.hostNetwork === true,
      single: object.kind === 'Pod',
      named: namedPorts(pod),
      held,
      because,
      addresses,
      object,
    };
  });

  const namespaces = new Map<string, { [key: string]: string }>();
  for (const name of [...workloads.map(({ namespace }) => namespace), ...policies.map(({ namespace }) => namespace)])
    namespaces.set(name, { [NAMESPACE_NAME]: name });
  for (const { name, object } of inventory.ofKind('Namespace')) {
    const metadata = isJsonObject(object.metadata) ? object.metadata : {};
    namespaces.set(name, { ...namespaces.get(name), ...labelsOf(metadata.labels), [NAMESPACE_NAME]: name });
  }
  return { workloads, namespaces, policies, enforcement, addresses, doubts };
}

/** One of each identity. Two that differ belong to different clusters, or overwrite each other: then nothing is certain. */
function distinct(objects: readonly KubernetesObject[], doubts: string[]): KubernetesObject[] {
  const first = new Map<string, KubernetesObject>();
  const kept: KubernetesObject[] = [];
  for (const object of objects) {
    const key = `${object.kind} ${object.namespace ?? 'default'}/${object.name}`;
    const other = first.get(key);
    if (other === undefined || object.name === '') {
      first.set(key, object);
      kept.push(object);
    } else if (JSON.stringify(other.object) !== JSON.stringify(object.object)) {
      kept.push(object);
      doubts.push(`${key} was read twice and differs; give the manifests of one cluster at a time`);
    }
  }
  return kept;
}

function labelsOf(labels: Json | undefined): { readonly [key: string]: string } {
  const found: { [key: string]: string } = {};
  if (isJsonObject(labels)) for (const [key, value] of Object.entries(labels)) if (typeof value === 'string') found[key] = value;
  return found;
}

/** The named ports that listen while the pod runs: those of containers, and of init containers that stay. */
function namedPorts({ object, spec, specPath }: PodTemplate): ReadonlyMap<string, number> {
  const named = new Map<string, number>();
  for (const group of ['containers', 'initContainers']) {
    const containers = spec[group];
    if (!Array.isArray(containers)) continue;
    containers.forEach((container, index) => {
      if (!isJsonObject(container) || (group === 'initContainers' && container.restartPolicy !== 'Always')) return;
      (Array.isArray(container.ports) ? container.ports : []).filter(isJsonObject).forEach((port: JsonObject, at) => {
        const { name, containerPort } = port;
        const protocol = PROTOCOLS.find((known) => known === (port.protocol ?? 'TCP'));
        if (typeof name !== 'string' || protocol === undefined || !isPort(containerPort)) return;
        const key = `${protocol} ${name}`;
        const before = named.get(key);
        if (before !== undefined && before !== containerPort) {
          const owner = `${object.kind} ${object.namespace ?? 'default'}/${object.name}`;
          throw new InputError(
            'PortNameTaken',
            `${owner} has two ports '${name}', ${before} and ${containerPort}, so a policy that names it means either; rename one`,
            placeIn(object, `${specPath}.${group}[${index}].ports[${at}]`),
          );
        }
        named.set(key, containerPort);
      });
    });
  }
  return named;
}
