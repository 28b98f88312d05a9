import { type CloudFormationResource, type Inventory, isObject, listOf, statementsOf, type Value } from '../../inventory';
import { type Names, word } from '../names';
import type { Fact, FactProducer } from './fact';
import { actionsOf, conditionText, resourcesOf } from './statements';

/** Types that hold statements of their own, and the property that says whose they are. */
const POLICIES = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];

/**
 * What IAM roles may do, statement by statement as written: `may ROLE ACTION RESOURCE [if CONDITION]` and `deny` likewise, `attach ROLE POLICY` for
 * policies whose statements are not here, `bound ROLE POLICY` for a permissions boundary. A `deny` or a `bound` that goes away permits more.
 */
export const permissions: FactProducer = {
  kinds: [
    { word: 'may', widens: 'added' },
    { word: 'attach', widens: 'added' },
    { word: 'deny', widens: 'removed' },
    { word: 'bound', widens: 'removed' },
  ],
  *produce({ inventory }, names) {
    for (const role of inventory.ofType('AWS::IAM::Role')) {
      const { ManagedPolicyArns, PermissionsBoundary, Policies } = role.properties;
      const name = word(names.of(role));
      for (const policy of listOf(Policies)) if (isObject(policy)) yield* statementFacts(name, policy.PolicyDocument, role, names);
      for (const arn of listOf(ManagedPolicyArns)) {
        const policy = inventory.find(arn);
        if (policy === undefined) yield { line: `attach ${name} ${word(managed(names.text(arn)))}`, resource: role };
        else yield* statementFacts(name, policy.properties.PolicyDocument, policy, names);
      }
      if (PermissionsBoundary !== undefined) {
        yield { line: `bound ${name} ${word(managed(names.arn(PermissionsBoundary)))}`, resource: role };
      }
    }
    for (const policy of POLICIES.flatMap((type) => inventory.ofType(type))) {
      const { PolicyDocument, RoleName, Roles } = policy.properties;
      for (const role of [...listOf(Roles), ...listOf(RoleName)]) {
        yield* statementFacts(word(roleName(inventory, role, names)), PolicyDocument, policy, names);
      }
    }
  },
};

function* statementFacts(role: string, document: Value | undefined, resource: CloudFormationResource, names: Names): Iterable<Fact> {
  for (const statement of statementsOf(document)) {
    const kind = statement.Effect === 'Deny' ? 'deny' : 'may';
    const condition = conditionText(statement.Condition, names);
    for (const action of actionsOf(statement, names)) {
      for (const target of resourcesOf(statement, names)) yield { line: `${kind} ${role} ${action} ${target}${condition}`, resource };
    }
  }
}

function roleName(inventory: Inventory, value: Value, names: Names): string {
  const role =
    inventory.find(value) ??
    (typeof value === 'string' ? inventory.ofType('AWS::IAM::Role').find(({ properties }) => properties.RoleName === value) : undefined);
  return role === undefined ? names.text(value) : names.of(role);
}

/** A policy of AWS by its name, any other by its ARN. */
function managed(arn: string): string {
  return /^arn:[^:]*(?:::[^:]*)?:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? arn;
}
