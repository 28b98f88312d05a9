import { type CloudFormationResource, type Inventory, isObject, listOf, statementsOf, type Value } from '../../inventory';
import { type Names, word } from '../names';
import type { FactProducer } from './fact';
import { actionsOf, conditionText } from './statements';

/** Types that hold a policy about somebody else's access: where it stands, and what it is about where that is not the resource itself. */
const HOLDERS: { readonly [type: string]: { readonly policy: string; readonly about?: string } } = {
  'AWS::ECR::Repository': { policy: 'RepositoryPolicyText' },
  'AWS::EFS::FileSystem': { policy: 'FileSystemPolicy' },
  'AWS::KMS::Key': { policy: 'KeyPolicy' },
  'AWS::S3::BucketPolicy': { policy: 'PolicyDocument', about: 'Bucket' },
  'AWS::SecretsManager::ResourcePolicy': { policy: 'ResourcePolicy', about: 'SecretId' },
  'AWS::SNS::TopicPolicy': { policy: 'PolicyDocument', about: 'Topics' },
  'AWS::SQS::QueuePolicy': { policy: 'PolicyDocument', about: 'Queues' },
};

/**
 * What the policies of buckets, keys and the like let others do, statement by statement as written: `permit RESOURCE ACTION PRINCIPAL [if CONDITION]`, and
 * `forbid` likewise, of which one that goes away permits more. That the own account may is what its IAM policies say, and left out.
 */
export const resourcePolicies: FactProducer = {
  kinds: [
    { word: 'permit', widens: 'added' },
    { word: 'forbid', widens: 'removed' },
  ],
  *produce({ inventory }, names) {
    for (const [type, { policy, about }] of Object.entries(HOLDERS)) {
      for (const resource of inventory.ofType(type)) {
        const targets = about === undefined ? [names.of(resource)] : listOf(resource.properties[about]).map((value) => names.arn(value));
        for (const statement of statementsOf(resource.properties[policy])) {
          const kind = statement.Effect === 'Deny' ? 'forbid' : 'permit';
          const condition = conditionText(statement.Condition, names);
          for (const principal of principalsOf(statement.Principal ?? statement.NotPrincipal, names)) {
            const who = statement.Principal === undefined ? word(`all-but(${principal})`) : word(principal);
            if (kind === 'permit' && condition === '' && isOwnAccount(principal, resource, inventory)) continue;
            for (const action of actionsOf(statement, names))
              for (const target of targets) yield { line: `${kind} ${word(target)} ${action} ${who}${condition}`, resource };
          }
        }
      }
    }
  },
};

function principalsOf(principal: Value | undefined, names: Names): string[] {
  const given = isObject(principal) ? Object.values(principal) : [principal];
  return [...new Set(given.flatMap((value) => listOf(value).map((one) => names.arn(one))))].sort();
}

/** The root of the account that the stack is deployed to stands for that account's IAM policies. */
function isOwnAccount(principal: string, { stack }: CloudFormationResource, { stacks }: Inventory): boolean {
  const account = /:iam::(\d{12}|\$\{AWS::AccountId\}):root$/.exec(principal)?.[1];
  return account !== undefined && (account.startsWith('$') || account === stacks.find(({ name }) => name === stack)?.account);
}
