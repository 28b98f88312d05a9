import { matchesAction } from '../../inventory/glob';
import { listOf, statementsOf } from '../../inventory/join';
import type { CloudFormationResource } from '../../inventory/model';
import { isOpen, type ValueObject } from '../../inventory/value';
import { type Example, resources } from '../control';
import { resource, template } from '../template-examples';

/** What the controls over policies of keys have in common. */
export const keyPolicies = {
  maturity: 'stable',
  category: 'encryption',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['permission-mistake'],
  subjects: resources('AWS::KMS::Key', 'AWS::KMS::ReplicaKey'),
} as const;

/** A template of one key whose policy allows these statements, for examples. */
export function keyWith(...statements: object[]): Example {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement }));
  return template({ Key: resource('AWS::KMS::Key', { KeyPolicy: { Statement } }) });
}

/** Where the policy of a key stands. */
export const POLICY = 'Properties.KeyPolicy';
export const statementPath = (index: number): string => `${POLICY}.Statement[${index}]`;

/** One statement of a key's policy that allows something. */
export interface Allowed {
  readonly statement: ValueObject;
  readonly index: number;
}

/** Statements that allow; undefined where deployment decides the policy. A key without one leaves everything to its account, by `kms:*`. */
export function allowedBy({ properties }: CloudFormationResource): readonly Allowed[] | undefined {
  const { KeyPolicy: policy } = properties;
  if (isOpen(policy)) return undefined;
  return statementsOf(policy)
    .map((statement, index) => ({ statement, index }))
    .filter(({ statement }) => statement.Effect === 'Allow');
}

/** Whether a statement allows one of these actions. */
export function allowsOne(statement: ValueObject, actions: readonly string[]): boolean {
  const patterns = listOf(statement.Action).filter((pattern): pattern is string => typeof pattern === 'string');
  if (statement.NotAction !== undefined) {
    const others = listOf(statement.NotAction).filter((pattern): pattern is string => typeof pattern === 'string');
    return actions.some((action) => !others.some((pattern) => matchesAction(pattern, action)));
  }
  return actions.some((action) => patterns.some((pattern) => matchesAction(pattern, action)));
}
