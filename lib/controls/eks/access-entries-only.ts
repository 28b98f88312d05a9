import { control, resources } from '../control';
import { Severity } from '../severity';
import { cluster, setting, template } from '../template-examples';
import { at, judgeValue } from '../template-values';

/** EKS defaults to CONFIG_MAP for clusters that CloudFormation makes. */
export const accessEntriesOnly = control({
  id: 'A-EKS-06',
  title: 'people and machines enter by access entries only',
  because: 'the aws-auth ConfigMap is edited in the cluster, out of sight of IAM and of CloudTrail',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['control-plane-attack', 'permission-mistake'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: ({ properties }) =>
    judgeValue(
      at(properties, 'AccessConfig.AuthenticationMode'),
      'AccessConfig.AuthenticationMode',
      (value) => value === 'API',
      (shown) => `property AuthenticationMode is ${shown}, it must be API`,
    ),
  remedy: 'set AccessConfig.AuthenticationMode to API and write an AWS::EKS::AccessEntry for each role',
  references: { cisEks: ['4.1.7', '5.5.1'] },
  examples: {
    holds: [template({ Cluster: cluster({ AccessConfig: { AuthenticationMode: 'API' } }) })],
    breaks: [
      template({ Cluster: cluster() }),
      template({ Cluster: cluster({ AccessConfig: { AuthenticationMode: 'API_AND_CONFIG_MAP' } }) }),
    ],
    undecided: [template({ Cluster: cluster({ AccessConfig: { AuthenticationMode: setting } }) })],
  },
});
