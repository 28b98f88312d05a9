import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { cluster, ref, resource, template } from '../template-examples';
import { at, ofCluster } from '../template-values';
import { administers } from './access-entry';

function hasOtherWay(inventory: Inventory, { properties }: CloudFormationResource): boolean {
  const mode = at(properties, 'AccessConfig.AuthenticationMode');
  // The creator is an administrator unless that is switched off, and aws-auth is written in the cluster.
  return (
    at(properties, 'AccessConfig.BootstrapClusterCreatorAdminPermissions') !== false ||
    mode !== 'API' ||
    inventory.ofType('Custom::AWSCDK-EKS-Cluster').length > 0
  );
}

const closed = { AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false } };
const entry = (policy: string, type: string) =>
  resource('AWS::EKS::AccessEntry', {
    ClusterName: ref('Cluster'),
    PrincipalArn: 'arn:aws:iam::111122223333:role/admins',
    AccessPolicies: [{ PolicyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`, AccessScope: { Type: type } }],
  });

export const administratorExists = control({
  id: 'A-EKS-08',
  title: 'at least one administrator can enter the cluster',
  because: 'a cluster without an administrator entry can be neither operated nor repaired',
  severity: Severity.CRITICAL,
  fatal: true,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cluster',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: (subject, { inventory }) => {
    const entries = ofCluster(inventory, subject, 'AWS::EKS::AccessEntry');
    if (entries.some(administers) || hasOtherWay(inventory, subject)) return pass;
    // Entries may stand in a stack that is not here, so a cluster imported elsewhere is not known to be locked.
    if (inventory.ofType('AWS::EKS::AccessEntry').some((other) => !entries.includes(other) && administers(other))) {
      return undecided(
        'administrator entries exist, and whether they are of this cluster is decided at deployment',
        'Properties.AccessConfig',
      );
    }
    return fail('nobody is an administrator of the cluster', 'Properties.AccessConfig');
  },
  remedy: 'add an AWS::EKS::AccessEntry with AmazonEKSClusterAdminPolicy and cluster scope for a role that people assume',
  references: {},
  examples: {
    holds: [
      template({ Cluster: cluster(closed), Admin: entry('AmazonEKSClusterAdminPolicy', 'cluster') }),
      template({ Cluster: cluster() }),
    ],
    breaks: [
      template({ Cluster: cluster(closed) }),
      template({ Cluster: cluster(closed), Viewer: entry('AmazonEKSViewPolicy', 'cluster') }),
      template({ Cluster: cluster(closed), Partly: entry('AmazonEKSClusterAdminPolicy', 'namespace') }),
    ],
    undecided: [
      template({
        Cluster: cluster(closed),
        Admin: {
          ...entry('AmazonEKSClusterAdminPolicy', 'cluster'),
          Properties: { ...(entry('AmazonEKSClusterAdminPolicy', 'cluster').Properties as object), ClusterName: ref('Setting') },
        },
      }),
    ],
  },
});
