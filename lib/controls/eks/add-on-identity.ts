import type { CloudFormationResource } from '../../inventory/model';
import { control, fail, pass, type Subjects, undecided } from '../control';
import { Severity } from '../severity';
import { cluster, ref, resource, setting, template } from '../template-examples';
import { at, isUnknown, listAt } from '../template-values';

/** The service account of each add-on that calls AWS: without a role of its own it uses the node's. */
const ACCOUNTS: { readonly [addOn: string]: string } = {
  'vpc-cni': 'aws-node',
  'aws-ebs-csi-driver': 'ebs-csi-controller-sa',
  'aws-efs-csi-driver': 'efs-csi-controller-sa',
  'aws-fsx-csi-driver': 'fsx-csi-controller-sa',
  'aws-mountpoint-s3-csi-driver': 's3-csi-driver-sa',
};

const addOns: Subjects<CloudFormationResource> = {
  description: 'AWS::EKS::Addon of network and storage',
  *select(inventory) {
    for (const resource of inventory.ofType('AWS::EKS::Addon'))
      if (Object.hasOwn(ACCOUNTS, String(resource.properties.AddonName))) yield { resource, value: resource };
  },
};

const addOn = (AddonName: string, properties: object = {}) =>
  resource('AWS::EKS::Addon', { AddonName, ClusterName: ref('Cluster'), ...properties });
const only = (properties?: object) => template({ Cluster: cluster(), AddOn: addOn('vpc-cni', properties) });

export const addOnIdentity = control({
  id: 'A-EKS-17',
  title: 'add-ons that call AWS have a role of their own',
  because: 'they take the role of the node otherwise, which then must carry their permissions for every pod that can reach it',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['permission-mistake', 'credential-leak'],
  subjects: addOns,
  judge: ({ properties, logicalId }, { inventory }) => {
    const { ServiceAccountRoleArn: role, PodIdentityAssociations: associations } = properties;
    if (role !== undefined && role !== '') return pass;
    if (isUnknown(associations))
      return undecided('the identity of the add-on is decided at deployment', 'Properties.PodIdentityAssociations');
    if (listAt(properties, 'PodIdentityAssociations').some((entry) => at(entry, 'RoleArn') !== undefined)) return pass;
    const account = ACCOUNTS[String(properties.AddonName)];
    const beside = inventory
      .ofType('AWS::EKS::PodIdentityAssociation')
      .some((other) => other.properties.Namespace === 'kube-system' && other.properties.ServiceAccount === account);
    return beside ? pass : fail(`the add-on ${logicalId} has no role for its service account ${account}`, 'Properties.AddonName');
  },
  remedy: 'give the add-on PodIdentityAssociations with a role for its service account, or ServiceAccountRoleArn',
  references: { cisEks: ['5.2.1'] },
  examples: {
    holds: [
      only({ PodIdentityAssociations: [{ ServiceAccount: 'aws-node', RoleArn: 'arn:aws:iam::111122223333:role/cni' }] }),
      only({ ServiceAccountRoleArn: 'arn:aws:iam::111122223333:role/cni' }),
      template({
        Cluster: cluster(),
        AddOn: addOn('aws-ebs-csi-driver'),
        Association: resource('AWS::EKS::PodIdentityAssociation', {
          ClusterName: ref('Cluster'),
          Namespace: 'kube-system',
          ServiceAccount: 'ebs-csi-controller-sa',
          RoleArn: 'arn:aws:iam::111122223333:role/csi',
        }),
      }),
    ],
    breaks: [only(), only({ PodIdentityAssociations: [] })],
    undecided: [only({ PodIdentityAssociations: setting })],
  },
});
