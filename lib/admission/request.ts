import { InputError } from '../error';
import type { KubernetesObject } from '../inventory/model';
import type { Json, JsonObject } from '../inventory/value';

/** Built-in kinds that belong to no namespace. */
const CLUSTER_SCOPED = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'FlowSchema',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);

/** Who asks. Nobody is assumed: a policy that looks at the user needs one. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** What admission knows of one request. */
export interface Request {
  readonly operation: 'CREATE' | 'UPDATE';
  readonly object: KubernetesObject;
  readonly oldObject?: JsonObject;
  readonly group: string;
  readonly version: string;
  /** `networkpolicies` of the kind NetworkPolicy. */
  readonly resource: string;
  /** Undefined for objects of the cluster. */
  readonly namespace?: string;
  /** The Namespace object, where it was among the files. */
  readonly namespaceObject?: JsonObject;
  readonly user?: User;
}

/** What requests have in common. */
export interface World {
  /** Where objects land that name no namespace. */
  readonly namespace: string;
  readonly namespaces: ReadonlyMap<string, JsonObject>;
  /** Objects as they were before, which makes the request an update. */
  readonly old: ReadonlyMap<string, JsonObject>;
  readonly user?: User;
}

/** How an object is found again: kind, namespace and name. */
export function keyOf({ apiVersion, kind, name }: KubernetesObject, namespace: string | undefined): string {
  return [apiVersion.split('/').slice(0, -1).join('/'), kind, namespace ?? '', name].join('\n');
}

/** The namespace that an object lands in; undefined for one of the cluster. */
export function namespaceOf({ kind, namespace }: KubernetesObject, otherwise: string): string | undefined {
  return CLUSTER_SCOPED.has(kind) ? undefined : (namespace ?? otherwise);
}

/** The request that would post this object. */
export function requestFor(object: KubernetesObject, world: World): Request {
  const [version, group = ''] = object.apiVersion.split('/').reverse();
  const namespace = namespaceOf(object, world.namespace);
  const oldObject = world.old.get(keyOf(object, namespace));
  return {
    operation: oldObject === undefined ? 'CREATE' : 'UPDATE',
    object,
    oldObject,
    group,
    version,
    resource: resourceOf(object.kind),
    namespace,
    namespaceObject: namespace === undefined ? undefined : world.namespaces.get(namespace),
    user: world.user,
  };
}

/** The resource of a kind as Kubernetes itself guesses it where it cannot ask. */
export function resourceOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (lower.endsWith('s')) return `${lower}es`;
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** The labels that a namespace selector sees; undefined for objects of the cluster. Throws `NamespaceUnknown`. */
export function namespaceLabels(request: Request, policy: string): JsonObject | undefined {
  const { object, namespace, namespaceObject } = request;
  if (object.kind === 'Namespace') return labels(named(object.object));
  if (namespace === undefined) return undefined;
  return labels(namedOrUnknown(namespaceObject, namespace, policy));
}

/** The Namespace of a request, where a policy reads it. Throws `NamespaceUnknown`. */
export function namespaceObject({ namespace, namespaceObject: found }: Request, policy: string): Json {
  return namespace === undefined ? null : namedOrUnknown(found, namespace, policy);
}

function namedOrUnknown(found: JsonObject | undefined, namespace: string, policy: string): JsonObject {
  if (found === undefined)
    throw new InputError(
      'NamespaceUnknown',
      `the policy '${policy}' looks at the namespace '${namespace}', which no file defines; add its manifest`,
    );
  return named(found);
}

/** The API server labels every namespace with its name. */
function named(object: JsonObject): JsonObject {
  const metadata = object.metadata as JsonObject;
  return { ...object, metadata: { ...metadata, labels: { ...labels(object), 'kubernetes.io/metadata.name': metadata.name } } };
}

function labels(object: JsonObject): JsonObject {
  return ((object.metadata as JsonObject | undefined)?.labels as JsonObject | null | undefined) ?? {};
}
