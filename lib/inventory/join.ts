import type { CloudFormationResource, Inventory, KubernetesObject, Resource } from './model';
import { isObject, type JsonObject, type Value } from './value';

/** Annotation that gives a service account an IAM role by IRSA. */
export const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/** A service account that acts as an IAM role, as either tree states it. */
export interface Identity {
  readonly kind: 'podIdentity' | 'irsa';
  readonly namespace: string;
  readonly serviceAccount: string;
  /** The role, where its template is here. */
  readonly role?: CloudFormationResource;
  /** The Pod Identity association, or the annotated service account: what states the identity. */
  readonly statedBy: Resource;
}

const cache = new WeakMap<Inventory, readonly Identity[]>();

/** Every identity that the trees state; computed once. */
export function identities(inventory: Inventory): readonly Identity[] {
  let found = cache.get(inventory);
  if (found === undefined) {
    found = [...associations(inventory), ...trusts(inventory), ...annotations(inventory)];
    cache.set(inventory, found);
  }
  return found;
}

function* associations(inventory: Inventory): Iterable<Identity> {
  for (const association of inventory.ofType('AWS::EKS::PodIdentityAssociation')) {
    const { Namespace: namespace, ServiceAccount: serviceAccount, RoleArn: role } = association.properties;
    if (typeof namespace !== 'string' || typeof serviceAccount !== 'string') continue;
    yield { kind: 'podIdentity', namespace, serviceAccount, role: inventory.find(role), statedBy: association };
  }
}

function* trusts(inventory: Inventory): Iterable<Identity> {
  for (const role of inventory.ofType('AWS::IAM::Role')) {
    for (const subject of trustedSubjects(role)) {
      const [, , namespace, serviceAccount] = subject.split(':');
      if (namespace !== undefined && serviceAccount !== undefined && !/[*?]/.test(subject)) {
        yield { kind: 'irsa', namespace, serviceAccount, role, statedBy: role };
      }
    }
  }
}

function* annotations(inventory: Inventory): Iterable<Identity> {
  for (const account of inventory.ofKind('ServiceAccount')) {
    const arn = roleArnOf(account);
    if (arn === undefined) continue;
    yield {
      kind: 'irsa',
      namespace: account.namespace ?? 'default',
      serviceAccount: account.name,
      role: roleByArn(inventory, arn),
      statedBy: account,
    };
  }
}

/** The role ARN a service account is annotated with. */
export function roleArnOf(account: KubernetesObject): string | undefined {
  const annotations = (account.object.metadata as JsonObject | undefined)?.annotations as JsonObject | undefined;
  const arn = annotations?.[ROLE_ANNOTATION];
  return typeof arn === 'string' ? arn : undefined;
}

/** The role with this ARN: by its fixed name, and by the account where its stack names one. */
export function roleByArn(inventory: Inventory, arn: string): CloudFormationResource | undefined {
  const [, account, path] = /^arn:[^:]+:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
  if (path === undefined) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return inventory.ofType('AWS::IAM::Role').find((role) => {
    const stackAccount = inventory.stacks.find((stack) => stack.name === role.stack)?.account;
    return role.properties.RoleName === name && (stackAccount === undefined || stackAccount === account);
  });
}

/** Statements of a policy document as a list, whatever form it was written in. */
export function statementsOf(document: Value | undefined): readonly { readonly [key: string]: Value }[] {
  if (!isObject(document)) return [];
  const { Statement: statement } = document;
  return (Array.isArray(statement) ? statement : [statement]).filter((item): item is { [key: string]: Value } => isObject(item));
}

/** A value that may be one or a list of, as a list. */
export function listOf(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Subjects (`system:serviceaccount:ns:name`) that a role's trust policy accepts through an OIDC provider, patterns included. */
export function trustedSubjects(role: CloudFormationResource): string[] {
  const subjects: string[] = [];
  for (const statement of statementsOf(role.properties.AssumeRolePolicyDocument)) {
    if (
      statement.Effect !== 'Allow' ||
      !listOf(statement.Action).includes('sts:AssumeRoleWithWebIdentity') ||
      !isObject(statement.Condition)
    )
      continue;
    for (const operator of Object.values(statement.Condition)) {
      if (!isObject(operator)) continue;
      for (const [key, value] of Object.entries(operator)) {
        if (key.endsWith(':sub'))
          for (const subject of listOf(value))
            if (typeof subject === 'string' && subject.startsWith('system:serviceaccount:')) subjects.push(subject);
      }
    }
  }
  return subjects;
}
