import { accountRoles, type CloudFormationResource, identities, isObject, listOf, statementsOf } from '../../inventory';
import { type Names, word } from '../names';
import type { Fact, FactProducer } from './fact';
import { conditionText } from './statements';

/** Pod Identity gives a role to whom an association names, whatever the trust policy lets in. */
const POD_IDENTITY = 'pods.eks.amazonaws.com';

/**
 * Who may act as a role: `assume NAMESPACE/ACCOUNT => role ROLE` for service accounts, by Pod Identity or IRSA; `assume PRINCIPAL => role ROLE [if
 * CONDITION]` for principals that a trust policy names.
 */
export const trust: FactProducer = {
  kinds: [{ word: 'assume', widens: 'added' }],
  *produce({ inventory }, names) {
    const federated = new Set<CloudFormationResource>();
    for (const { kind, namespace, serviceAccount, role, statedBy, association } of identities(inventory)) {
      if (kind === 'irsa' && role !== undefined) federated.add(role);
      const target = role === undefined ? names.text(association?.properties.RoleArn) : names.of(role);
      const account = association === undefined ? `${namespace}/${serviceAccount}` : accountText(association, names);
      yield { line: `assume ${word(account)} => role ${word(target)}`, resource: statedBy };
    }
    for (const { account, roleArn, role } of accountRoles(inventory)) {
      if (role !== undefined) continue;
      yield { line: `assume ${word(`${account.namespace ?? 'default'}/${account.name}`)} => role ${word(roleArn)}`, resource: account };
    }
    for (const role of inventory.ofType('AWS::IAM::Role')) yield* principalFacts(role, federated.has(role), names);
  },
};

function accountText({ properties: { Namespace, ServiceAccount } }: CloudFormationResource, names: Names): string {
  return `${names.text(Namespace)}/${names.text(ServiceAccount)}`;
}

function* principalFacts(role: CloudFormationResource, isFederated: boolean, names: Names): Iterable<Fact> {
  for (const statement of statementsOf(role.properties.AssumeRolePolicyDocument)) {
    if (statement.Effect === 'Deny') continue;
    const { Principal } = statement;
    const given = isObject(Principal) ? Object.entries(Principal) : [['AWS', Principal] as const];
    for (const [type, principals] of given) {
      // The service accounts behind this provider are named above.
      if (type === 'Federated' && isFederated) continue;
      for (const principal of listOf(principals)) {
        const name = names.arn(principal);
        if (name === POD_IDENTITY) continue;
        const condition = conditionText(statement.Condition, names);
        yield { line: `assume ${word(name)} => role ${word(names.of(role))}${condition}`, resource: role };
      }
    }
  }
}
