import { listOf } from '../../inventory/join';
import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isObject, type Value } from '../../inventory/value';
import { names } from '../template-values';

/** One policy document that a role has, and where it stands. */
export interface Held {
  readonly document: Value | undefined;
  readonly resource: CloudFormationResource;
  readonly at: string;
}

/** The documents of a role that are in the inventory: inline ones, those of policies that name it, and managed ones that it names. */
export function documentsOf(inventory: Inventory, role: CloudFormationResource): readonly Held[] {
  const inline = listOf(role.properties.Policies).map((entry, index) => ({
    document: isObject(entry) ? entry.PolicyDocument : entry,
    resource: role,
    at: `Properties.Policies[${index}].PolicyDocument`,
  }));
  const whole = (resource: CloudFormationResource): Held => ({
    document: resource.properties.PolicyDocument,
    resource,
    at: 'Properties.PolicyDocument',
  });
  const naming = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => inventory.ofType(type))
    .filter((policy) => listOf(policy.properties.Roles).some((name) => names(inventory, name, role, 'RoleName')));
  const own = inventory.ofType('AWS::IAM::RolePolicy').filter((policy) => names(inventory, policy.properties.RoleName, role, 'RoleName'));
  const managed = listOf(role.properties.ManagedPolicyArns)
    .map((arn) => inventory.find(arn))
    .filter((policy) => policy?.type === 'AWS::IAM::ManagedPolicy') as CloudFormationResource[];
  return [...inline, ...new Set([...naming, ...own, ...managed])].map((entry) => ('tree' in entry ? whole(entry) : entry));
}
