import { Token } from 'aws-cdk-lib';
import { InputError } from '../../error';

/** An IAM role by its ARN, parts that deployment fills in included. */
const ROLE = /^arn:[^:]+:iam::[^:]*:role\/./;

/**
 * Throws `NoAdministrator` when nobody could enter the cluster, and `AdministratorRefused` for an administrator that is named twice, or is no role: account
 * roots, users and wildcards are not people who assumed a role with a second factor.
 */
export function checkAdministrators(arns: readonly string[], path: string): void {
  if (arns.length === 0) {
    throw new InputError(
      'NoAdministrator',
      'admins is empty, and with access entries nobody could ever enter the cluster; name the role of its administrators',
      { path },
    );
  }
  arns.forEach((arn, index) => {
    // A principal that is no role has no ARN of one; only untyped callers get this far.
    if (typeof arn !== 'string')
      throw new InputError('AdministratorRefused', `administrator ${index + 1} is not a role; name a role that people assume`, { path });
    if (arns.indexOf(arn) !== index) {
      throw new InputError('AdministratorRefused', `the administrator '${arn}' is named twice, which EKS refuses; name it once`, { path });
    }
    const readable = !Token.isUnresolved(arn) || arn.startsWith('arn:');
    if (readable && (arn.includes('*') || !ROLE.test(arn))) {
      throw new InputError('AdministratorRefused', `the administrator '${arn}' is not one role; name a role that people assume`, { path });
    }
  });
}
