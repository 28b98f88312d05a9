import { listOf, statementsOf } from '../../inventory/join';
import type { CloudFormationResource } from '../../inventory/model';
import { isObject, type Value, type ValueObject } from '../../inventory/value';
import type { Subjects } from '../control';

/** One statement of a role's trust policy. */
export interface Trust {
  readonly statement: ValueObject;
  readonly index: number;
}

/** Roles with those statements of their trust policy that `matches` says; roles without any are no subjects. */
export function rolesTrusting(description: string, matches: (statement: ValueObject) => boolean): Subjects<readonly Trust[]> {
  return {
    description,
    *select(inventory) {
      for (const resource of inventory.ofType('AWS::IAM::Role')) {
        const value = statementsOf(resource.properties.AssumeRolePolicyDocument)
          .map((statement, index) => ({ statement, index }))
          .filter(({ statement }) => statement.Effect === 'Allow' && matches(statement));
        if (value.length > 0) yield { resource, value };
      }
    },
  };
}

/** Values of the principal kind `Service`, `Federated` or `AWS` of a statement. */
export function principals(statement: ValueObject, kind: string): readonly Value[] {
  return isObject(statement.Principal) ? listOf(statement.Principal[kind]) : [];
}

/** The condition operators whose name matches, each with its keys: `StringEquals`, `ForAnyValue:StringLike`. */
export function conditions(
  statement: ValueObject,
): readonly { readonly operator: string; readonly key: string; readonly values: readonly Value[] }[] {
  const { Condition: condition } = statement;
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([operator, keys]) =>
    isObject(keys) ? Object.entries(keys).map(([key, value]) => ({ operator, key, values: listOf(value) })) : [],
  );
}

/** Where a statement of the trust policy stands. */
export const trustPath = (index: number): string => `Properties.AssumeRolePolicyDocument.Statement[${index}]`;

export type { CloudFormationResource };
