import { fitsGlob } from './glob';
import { parseJsonText } from './json-text';
import type { CloudFormationResource, Inventory, KubernetesObject, Resource } from './model';
import { trustOf } from './trust';
import { isJsonObject, isObject, isOpen, Text, type Value } from './value';

export { listOf, statementsOf, trustedSubjects } from './trust';

/** Annotation that gives a service account an IAM role by IRSA. */
export const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/** Service accounts that may act as an IAM role, as the CloudFormation side states it. */
export interface Identity {
  readonly kind: 'podIdentity' | 'irsa';
  /** Namespace, or a pattern with `*` and `?` where the trust policy holds one; `*` where it names none. */
  readonly namespace: string;
  /** Service account, or a pattern like `namespace`. */
  readonly serviceAccount: string;
  /** Why namespace or service account are not known before deployment; they are then text with `${...}` inside. */
  readonly undecided?: string;
  /** The role, where its template is here. */
  readonly role?: CloudFormationResource;
  readonly association?: CloudFormationResource;
  /** The cluster whose service accounts are meant, where its template is here. */
  readonly cluster?: CloudFormationResource;
  /** The ServiceAccount object, where its manifest is here; never set for patterns. */
  readonly account?: KubernetesObject;
  /** What states the identity and a finding about it stands on: the association, or the role whose trust policy it is. */
  readonly statedBy: Resource;
}

/** A ServiceAccount that is annotated with a role: the Kubernetes half of IRSA. */
export interface AccountRole {
  readonly account: KubernetesObject;
  /** The annotation's text. */
  readonly roleArn: string;
  /** The role with that ARN, where its template is here. */
  readonly role?: CloudFormationResource;
  /** Whether the role's trust policy lets this service account in; undefined where that is not known, as for a role that is not here. */
  readonly accepted?: boolean;
}

interface Joined {
  readonly identities: readonly Identity[];
  readonly accountRoles: readonly AccountRole[];
}

const cache = new WeakMap<Inventory, Joined>();

function joined(inventory: Inventory): Joined {
  let found = cache.get(inventory);
  if (found === undefined) {
    found = join(inventory);
    cache.set(inventory, found);
  }
  return found;
}

/** Every identity that templates state, by Pod Identity association or by the trust policy of a role; computed once per inventory. */
export function identities(inventory: Inventory): readonly Identity[] {
  return joined(inventory).identities;
}

/** Every ServiceAccount with a role annotation; computed once per inventory. */
export function accountRoles(inventory: Inventory): readonly AccountRole[] {
  return joined(inventory).accountRoles;
}

function join(inventory: Inventory): Joined {
  const accounts = new Map<string, KubernetesObject>();
  for (const account of inventory.ofKind('ServiceAccount')) accounts.set(`${account.namespace ?? 'default'}/${account.name}`, account);
  const accountOf = (namespace: string, name: string) => accounts.get(`${namespace}/${name}`);
  const found = [...associations(inventory, accountOf), ...trusts(inventory, accountOf)];
  return { identities: found, accountRoles: annotated(inventory, found) };
}

type AccountOf = (namespace: string, name: string) => KubernetesObject | undefined;

function* associations(inventory: Inventory, accountOf: AccountOf): Iterable<Identity> {
  for (const association of inventory.ofType('AWS::EKS::PodIdentityAssociation')) {
    const { Namespace, ServiceAccount, RoleArn, ClusterName } = association.properties;
    const open = [Namespace, ServiceAccount].find(isOpen);
    const [namespace, serviceAccount] = [String(Namespace ?? ''), String(ServiceAccount ?? '')];
    yield {
      kind: 'podIdentity',
      namespace,
      serviceAccount,
      undecided: open === undefined ? undefined : `${open} is only known at deployment`,
      role: roleOf(inventory, RoleArn, association),
      association,
      cluster: clusterOf(inventory, ClusterName),
      account: accountOf(namespace, serviceAccount),
      statedBy: association,
    };
  }
}

function* trusts(inventory: Inventory, accountOf: AccountOf): Iterable<Identity> {
  for (const role of inventory.ofType('AWS::IAM::Role')) {
    for (const trust of trustOf(inventory, role)) {
      yield {
        kind: 'irsa',
        namespace: trust.namespace,
        serviceAccount: trust.serviceAccount,
        undecided: trust.undecided,
        role,
        cluster: trust.issuer === undefined ? undefined : clusterOf(inventory, trust.issuer),
        account: accountOf(trust.namespace, trust.serviceAccount),
        statedBy: role,
      };
    }
  }
}

function annotated(inventory: Inventory, found: readonly Identity[]): AccountRole[] {
  const byRole = new Map<CloudFormationResource, Identity[]>();
  for (const identity of found) {
    if (identity.kind !== 'irsa' || identity.role === undefined) continue;
    byRole.set(identity.role, [...(byRole.get(identity.role) ?? []), identity]);
  }
  const result: AccountRole[] = [];
  for (const account of inventory.ofKind('ServiceAccount')) {
    const roleArn = roleArnOf(account);
    if (roleArn === undefined) continue;
    const role = roleByArn(inventory, roleArn);
    const grants = role === undefined ? [] : (byRole.get(role) ?? []);
    const namespace = account.namespace ?? 'default';
    const accepts = grants.some(
      (grant) => grant.undecided === undefined && fitsGlob(grant.namespace, namespace) && fitsGlob(grant.serviceAccount, account.name),
    );
    const open =
      role === undefined || isOpen(role.properties.AssumeRolePolicyDocument) || grants.some((grant) => grant.undecided !== undefined);
    result.push({ account, roleArn, role, accepted: accepts ? true : open ? undefined : false });
  }
  return result;
}

/** The role ARN a service account is annotated with. */
export function roleArnOf(account: KubernetesObject): string | undefined {
  const metadata = account.object.metadata;
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined;
  const arn = isJsonObject(annotations) ? annotations[ROLE_ANNOTATION] : undefined;
  return typeof arn === 'string' ? arn : undefined;
}

/** The role with this ARN: by its fixed name, and by the account where its stack names one. */
export function roleByArn(inventory: Inventory, arn: string): CloudFormationResource | undefined {
  const [, account, path] = /^arn:[^:]*:iam::([^:]*):role\/(.+)$/s.exec(arn) ?? [];
  return path === undefined
    ? undefined
    : roleByName(inventory, path.slice(path.lastIndexOf('/') + 1), /^\d{12}$/.test(account) ? account : undefined);
}

function roleByName(inventory: Inventory, name: string, account: string | undefined): CloudFormationResource | undefined {
  return inventory.ofType('AWS::IAM::Role').find((role) => {
    if (role.properties.RoleName !== name) return false;
    const own = account === undefined ? undefined : inventory.stacks.find((stack) => stack.name === role.stack)?.account;
    return own === undefined || own === account;
  });
}

/** A role given by reference, or by an ARN whose account and partition may be open. */
function roleOf(inventory: Inventory, value: Value | undefined, user: CloudFormationResource): CloudFormationResource | undefined {
  const found = inventory.find(value);
  if (found !== undefined) return found.type === 'AWS::IAM::Role' ? found : undefined;
  if (typeof value === 'string') return roleByArn(inventory, value);
  if (!(value instanceof Text)) return undefined;
  const last = value.parts[value.parts.length - 1];
  if (typeof last !== 'string' || !last.includes('role/')) {
    // `arn:...:role/${Role}`: the name is the role itself.
    const before = value.parts[value.parts.length - 2];
    return typeof before === 'string' && before.endsWith(':role/') ? inventory.find(last as Value) : undefined;
  }
  const account = /::(\d{12}):role\//.exec(String(value))?.[1] ?? inventory.stacks.find((stack) => stack.name === user.stack)?.account;
  return roleByName(inventory, last.slice(last.lastIndexOf('/') + 1), account);
}

const CLUSTER_TYPES = ['AWS::EKS::Cluster', 'Custom::AWSCDK-EKS-Cluster'];

/** The cluster that a value stands for: a reference to it or its issuer, a provider of its issuer, or its fixed name. */
export function clusterOf(inventory: Inventory, value: Value | undefined): CloudFormationResource | undefined {
  const found = inventory.find(value);
  if (found !== undefined) {
    if (CLUSTER_TYPES.includes(found.type)) return found;
    return found.properties.Url === undefined || found.properties.Url === value ? undefined : clusterOf(inventory, found.properties.Url);
  }
  if (value instanceof Text) {
    for (const part of value.parts) {
      const cluster = typeof part === 'string' ? undefined : clusterOf(inventory, part);
      if (cluster !== undefined) return cluster;
    }
    return undefined;
  }
  if (typeof value !== 'string') return undefined;
  const named = CLUSTER_TYPES.flatMap((type) => inventory.ofType(type)).filter((cluster) => nameOf(cluster) === value);
  return named.length === 1 ? named[0] : undefined;
}

function nameOf(cluster: CloudFormationResource): Value | undefined {
  const { Name, Config } = cluster.properties;
  if (Name !== undefined) return Name;
  const config = typeof Config === 'string' ? parseJsonText(Config) : Config;
  return isObject(config) ? config.name : undefined;
}
