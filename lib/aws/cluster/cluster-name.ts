import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { InputError } from '../../error';

/** What EKS takes. */
const NAME = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;
/** Room for namespace and service account in the names of roles, which hold 64 characters. */
const MAX_DEFAULT = 40;

/**
 * The physical name: the one given, or stack and construct path in lower case, the same at every synth. Long ones are cut and end in a digest of the whole.
 * Throws `ClusterNameInvalid`.
 */
export function clusterName(cluster: Construct, given: string | undefined): string {
  const { path } = cluster.node;
  if (given !== undefined) {
    if (!Token.isUnresolved(given) && NAME.test(given)) return given;
    const shown = Token.isUnresolved(given) ? 'known only at deployment' : `'${given}'`;
    throw new InputError(
      'ClusterNameInvalid',
      `clusterName is ${shown}; give letters, digits, dashes and underscores, at most 100, as text`,
      {
        path,
      },
    );
  }
  const stack = Stack.of(cluster);
  const inner = path.slice(stack.node.path.length + 1);
  const outer = Token.isUnresolved(stack.stackName) ? stack.node.id : stack.stackName;
  const name = `${outer}-${inner}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  if (name.length <= MAX_DEFAULT) return name.replace(/-$/, '');
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_DEFAULT - 9).replace(/-$/, '')}-${digest}`;
}
