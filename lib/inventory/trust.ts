import { matchesAction } from './glob';
import { parseJsonText } from './json-text';
import type { CloudFormationResource, Inventory } from './model';
import { isObject, isOpen, Reference, type Value, type ValueObject } from './value';

/** Service accounts of a cluster that a statement of a trust policy lets in. */
export interface Trust {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly undecided?: string;
  /** What names the OIDC provider: its reference or ARN. */
  readonly issuer?: Value;
  /** False where no condition on `:aud` stands beside it. */
  readonly audience: boolean;
}

/** Statements of a policy document as a list, whatever form it was written in. */
export function statementsOf(document: Value | undefined): readonly ValueObject[] {
  if (!isObject(document)) return [];
  return listOf(document.Statement).filter(isObject);
}

/** A value that may be one or a list of, as a list. */
export function listOf(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Subjects (`system:serviceaccount:ns:name`) that a role's trust policy accepts through an OIDC provider, patterns included. */
export function trustedSubjects(role: CloudFormationResource): string[] {
  const found: string[] = [];
  for (const statement of webIdentityStatements(role)) {
    for (const { suffix, values } of conditionsOf(statement.Condition)) {
      if (suffix === 'sub')
        for (const value of values) if (typeof value === 'string' && value.startsWith(SERVICE_ACCOUNT)) found.push(value);
    }
  }
  return found;
}

const SERVICE_ACCOUNT = 'system:serviceaccount:';
const ACTION = 'sts:AssumeRoleWithWebIdentity';
/** Operators that can only let in what they list; a negated one, or `IfExists` on a key that every token has, is told apart below. */
const POSITIVE = /^(ForAnyValue:|ForAllValues:)?(StringEquals|StringEqualsIgnoreCase|StringLike)(IfExists)?$/;

function webIdentityStatements(role: CloudFormationResource): ValueObject[] {
  return statementsOf(role.properties.AssumeRolePolicyDocument).filter(
    (statement) =>
      statement.Effect === 'Allow' &&
      listOf(statement.Action).some((action) => typeof action === 'string' && matchesAction(action, ACTION)),
  );
}

interface Condition {
  readonly operator: string;
  /** What follows the issuer in the key: `sub` or `aud`. */
  readonly suffix: string;
  readonly values: readonly Value[];
}

function conditionsOf(block: Value | undefined): Condition[] {
  if (!isObject(block)) return [];
  const found: Condition[] = [];
  for (const [operator, tests] of Object.entries(block)) {
    if (!isObject(tests)) continue;
    for (const [key, value] of Object.entries(tests)) {
      const suffix = key.slice(key.lastIndexOf(':') + 1);
      found.push({ operator, suffix, values: listOf(value) });
    }
  }
  return found;
}

/** A trust whose condition block CDK keeps in a custom resource, because its keys are tokens, opened again. */
function conditionOf(inventory: Inventory, statement: ValueObject): Value | undefined {
  const { Condition } = statement;
  if (!isObject(Condition)) return Condition;
  return Object.fromEntries(
    Object.entries(Condition).map(([operator, tests]) => {
      const json = tests instanceof Reference ? inventory.find(tests) : undefined;
      return [operator, json?.type === 'Custom::AWSCDKCfnJson' ? (parseJsonText(json.properties.Value) ?? tests) : tests];
    }),
  );
}

/** The service accounts that a role's trust policy lets in through the OIDC provider of a cluster. */
export function trustOf(inventory: Inventory, role: CloudFormationResource): Trust[] {
  const found: Trust[] = [];
  for (const statement of webIdentityStatements(role)) {
    const condition = conditionOf(inventory, statement);
    const conditions = conditionsOf(condition);
    const subjects = conditions.filter(({ suffix, operator }) => suffix === 'sub' && POSITIVE.test(operator));
    const audience = conditions.some(({ suffix, operator }) => suffix === 'aud' && POSITIVE.test(operator));
    const principals = isObject(statement.Principal) ? listOf(statement.Principal.Federated) : [];
    for (const issuer of principals) {
      if (!ofCluster(inventory, issuer, subjects)) continue;
      if (subjects.length === 0) {
        // A block that is not known may well name a subject; one that is known and names none lets every service account in.
        const open = isOpen(condition) || (isObject(condition) && Object.values(condition).some(isOpen));
        found.push({
          namespace: '*',
          serviceAccount: '*',
          undecided: open ? 'the condition of the trust policy is not known' : undefined,
          issuer,
          audience,
        });
      }
      // All operators of a block must hold, so an exact one decides over a pattern beside it.
      const exact = subjects.filter(({ operator }) => !operator.includes('StringLike'));
      for (const { operator, values } of exact.length > 0 ? exact : subjects) {
        for (const value of values) {
          const trust = trustIn(value, operator.includes('StringLike'));
          if (trust !== undefined) found.push({ ...trust, issuer, audience });
        }
      }
    }
  }
  return found;
}

/** What one subject lets in; undefined where no service account has such a subject, as with a star that StringEquals takes literally. */
function trustIn(value: Value, pattern: boolean): Pick<Trust, 'namespace' | 'serviceAccount' | 'undecided'> | undefined {
  const undecided = isOpen(value) ? `the subject ${String(value)} is only known at deployment` : undefined;
  if (undecided === undefined && typeof value !== 'string') return undefined;
  const text = String(value);
  if (undecided !== undefined && !text.startsWith(SERVICE_ACCOUNT)) return { namespace: '*', serviceAccount: '*', undecided };
  if (!pattern && /[*?]/.test(text) && undecided === undefined) return undefined;
  if (!text.startsWith(SERVICE_ACCOUNT)) return pattern && /^[^:]*\*/.test(text) ? { namespace: '*', serviceAccount: '*' } : undefined;
  const rest = text.slice(SERVICE_ACCOUNT.length);
  const colon = rest.indexOf(':');
  if (colon >= 0) return { namespace: rest.slice(0, colon), serviceAccount: rest.slice(colon + 1), undecided };
  // `system:serviceaccount:pay*` has no second colon: the star reaches over it.
  if (undecided !== undefined || (pattern && rest.endsWith('*'))) return { namespace: rest, serviceAccount: '*', undecided };
  return undefined;
}

/** Whether an OIDC provider is that of an EKS cluster: pipelines and identity providers use the same principal. */
function ofCluster(inventory: Inventory, issuer: Value, subjects: readonly Condition[]): boolean {
  const resource = inventory.find(issuer);
  const url = resource === undefined ? issuer : resource.properties.Url;
  if (typeof url === 'string') return /oidc\.eks\.|\/id\/[0-9A-F]{32}/i.test(url);
  if (/OpenIdConnectIssuer|oidc\.eks\./.test(String(url))) return true;
  return subjects.some(({ values }) => values.some((value) => String(value).startsWith(SERVICE_ACCOUNT)));
}
