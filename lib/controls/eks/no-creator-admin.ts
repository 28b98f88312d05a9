import { control, resources } from '../control';
import { Severity } from '../severity';
import { cluster, setting, template } from '../template-examples';
import { at, judgeValue } from '../template-values';

/** EKS defaults to true. */
export const noCreatorAdmin = control({
  id: 'A-EKS-07',
  title: 'whoever creates the cluster is not its administrator',
  because: 'the role that deploys would hold every permission in the cluster for ever, outside the list of access entries',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['credential-leak', 'permission-mistake'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: ({ properties }) =>
    judgeValue(
      at(properties, 'AccessConfig.BootstrapClusterCreatorAdminPermissions'),
      'AccessConfig.BootstrapClusterCreatorAdminPermissions',
      (value) => value === false,
      (shown) => `property BootstrapClusterCreatorAdminPermissions is ${shown}, it must be false`,
    ),
  remedy: 'set AccessConfig.BootstrapClusterCreatorAdminPermissions to false and name administrators in access entries',
  references: { cisEks: ['4.1.1'] },
  examples: {
    holds: [template({ Cluster: cluster({ AccessConfig: { BootstrapClusterCreatorAdminPermissions: false } }) })],
    breaks: [
      template({ Cluster: cluster() }),
      template({ Cluster: cluster({ AccessConfig: { BootstrapClusterCreatorAdminPermissions: true } }) }),
    ],
    undecided: [template({ Cluster: cluster({ AccessConfig: { BootstrapClusterCreatorAdminPermissions: setting } }) })],
  },
});
