import { listOf } from '../../inventory/join';
import { isObject, type Value } from '../../inventory/value';
import type { Subjects } from '../control';

/** One policy document, and where it stands in its resource. */
export interface Document {
  readonly body: Value;
  readonly at: string;
}

const TYPES = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::Role',
  'AWS::IAM::User',
  'AWS::IAM::Group',
];

/** Every identity policy: of its own, and inline in roles, users and groups. */
export const documents: Subjects<readonly Document[]> = {
  description: 'IAM policies',
  *select(inventory) {
    for (const type of TYPES) {
      for (const resource of inventory.ofType(type)) {
        const { PolicyDocument: own, Policies: inline } = resource.properties;
        const value = [
          ...(own === undefined ? [] : [{ body: own, at: 'Properties.PolicyDocument' }]),
          ...listOf(inline).map((entry, index) => ({
            body: isObject(entry) ? entry.PolicyDocument : entry,
            at: `Properties.Policies[${index}].PolicyDocument`,
          })),
        ];
        if (value.length > 0) yield { resource, value };
      }
    }
  },
};
