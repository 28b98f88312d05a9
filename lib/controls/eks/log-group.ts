import type { CloudFormationResource } from '../../inventory/model';
import { control, fail, pass, type Subjects, undecided } from '../control';
import { Severity } from '../severity';
import { cluster, getAtt, resource, setting, template } from '../template-examples';
import { isUnknown, shownValue } from '../template-values';
import { logGroupOf } from './log-group-of';

interface Logs {
  readonly cluster: CloudFormationResource;
  readonly group?: CloudFormationResource;
}

/** Judged on the group where there is one, so that a finding points at it. */
const logs: Subjects<Logs> = {
  description: 'log groups of EKS clusters',
  *select(inventory) {
    for (const cluster of inventory.ofType('AWS::EKS::Cluster')) {
      const group = logGroupOf(inventory, cluster);
      yield { resource: group ?? cluster, value: { cluster, group } };
    }
  },
};

const MIN_DAYS = 365;
const group = (properties: object) => resource('AWS::Logs::LogGroup', { LogGroupName: '/aws/eks/shop/cluster', ...properties });
const key = resource('AWS::KMS::Key', {});

export const logGroup = control({
  id: 'A-EKS-04',
  title: 'control-plane logs are encrypted with a customer key and kept for a year',
  because: 'EKS makes the group itself otherwise, without a key, and audit logs hold names and requests of everything in the cluster',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'monitoring',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['credential-leak'],
  subjects: logs,
  judge: ({ group }) => {
    if (group === undefined)
      return fail('no log group /aws/eks/NAME/cluster is declared, so EKS makes one without key and retention', 'Properties.Name');
    const { KmsKeyId: keyId, RetentionInDays: days } = group.properties;
    if (keyId === undefined) return fail('the log group of the control plane has no customer key', 'Properties.KmsKeyId');
    // No retention means for ever, which is long enough.
    if (typeof days === 'number' && days < MIN_DAYS)
      return fail(`the log group of the control plane keeps ${days} days, it must keep ${MIN_DAYS}`, 'Properties.RetentionInDays');
    return isUnknown(days)
      ? undecided(`property RetentionInDays is decided at deployment (${shownValue(days)})`, 'Properties.RetentionInDays')
      : pass;
  },
  remedy: 'declare the log group /aws/eks/NAME/cluster with KmsKeyId and RetentionInDays 365, and let the cluster depend on it',
  references: { cisEks: ['2.1.2'], scanners: { checkov: ['CKV_AWS_158', 'CKV_AWS_338'] } },
  examples: {
    holds: [template({ Cluster: cluster(), Key: key, Logs: group({ KmsKeyId: getAtt('Key', 'Arn'), RetentionInDays: 365 }) })],
    breaks: [
      template({ Cluster: cluster() }),
      template({ Cluster: cluster(), Logs: group({ RetentionInDays: 365 }) }),
      template({ Cluster: cluster(), Key: key, Logs: group({ KmsKeyId: getAtt('Key', 'Arn'), RetentionInDays: 30 }) }),
    ],
    undecided: [template({ Cluster: cluster(), Key: key, Logs: group({ KmsKeyId: getAtt('Key', 'Arn'), RetentionInDays: setting }) })],
  },
});
