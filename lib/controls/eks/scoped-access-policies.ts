import type { CloudFormationResource } from '../../inventory/model';
import { control, fail, pass, type Subjects, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { cluster, ref, resource, setting, template } from '../template-examples';
import { at, firstOf, isUnknown, listAt, shownValue } from '../template-values';
import { accessPolicyName } from './access-entry';

const entries: Subjects<CloudFormationResource> = {
  description: 'AWS::EKS::AccessEntry with access policies',
  *select(inventory) {
    for (const resource of inventory.ofType('AWS::EKS::AccessEntry'))
      if (listAt(resource.properties, 'AccessPolicies').length > 0) yield { resource, value: resource };
  },
};

/** Policies of people; those of machines (Auto Mode, hybrid nodes, insights) have no namespace to be scoped to. */
const OF_PEOPLE = [
  'AmazonEKSAdminPolicy',
  'AmazonEKSAdminViewPolicy',
  'AmazonEKSEditPolicy',
  'AmazonEKSViewPolicy',
  'AmazonEKSSecretReaderPolicy',
];

function judgeOne({ properties }: CloudFormationResource, index: number): Verdict {
  const path = `Properties.AccessPolicies[${index}]`;
  const policy = listAt(properties, 'AccessPolicies')[index];
  const type = at(policy, 'AccessScope.Type');
  if (type === 'namespace') {
    const namespaces = listAt(policy, 'AccessScope.Namespaces');
    if (namespaces.includes('*')) return fail('the scope names the namespace *, which is every one', `${path}.AccessScope.Namespaces`);
    return namespaces.some(isUnknown) ? undecided('the namespaces are decided at deployment', `${path}.AccessScope.Namespaces`) : pass;
  }
  const name = accessPolicyName(policy);
  if (name === undefined) return undecided('the access policy is decided at deployment', `${path}.PolicyArn`);
  if (!OF_PEOPLE.includes(name)) return pass;
  if (isUnknown(type)) return undecided(`the scope of ${name} is decided at deployment`, `${path}.AccessScope`);
  return fail(`the scope of ${name} is ${shownValue(type)}, it must be namespace`, `${path}.AccessScope`);
}

const entry = (policy: string, scope: object) =>
  template({
    Cluster: cluster(),
    Entry: resource('AWS::EKS::AccessEntry', {
      ClusterName: ref('Cluster'),
      PrincipalArn: 'arn:aws:iam::111122223333:role/team',
      AccessPolicies: [{ PolicyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`, AccessScope: { ...scope } }],
    }),
  });

export const scopedAccessPolicies = control({
  id: 'A-EKS-10',
  title: 'access policies are scoped to namespaces, except for administrators',
  because: 'a team that may edit the whole cluster may edit the workloads and read the secrets of every other team',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'namespace',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects: entries,
  judge: (entry) => firstOf(...listAt(entry.properties, 'AccessPolicies').map((_, index) => judgeOne(entry, index))),
  remedy: 'set AccessScope to { Type: namespace, Namespaces: [...] }; only AmazonEKSClusterAdminPolicy has the scope of the cluster',
  references: { cisEks: ['4.1.7'] },
  examples: {
    holds: [
      entry('AmazonEKSEditPolicy', { Type: 'namespace', Namespaces: ['shop'] }),
      entry('AmazonEKSClusterAdminPolicy', { Type: 'cluster' }),
      entry('AmazonEKSAutoNodePolicy', { Type: 'cluster' }),
    ],
    breaks: [
      entry('AmazonEKSEditPolicy', { Type: 'cluster' }),
      entry('AmazonEKSViewPolicy', { Type: 'cluster' }),
      entry('AmazonEKSAdminPolicy', { Type: 'namespace', Namespaces: ['*'] }),
    ],
    undecided: [
      entry('AmazonEKSEditPolicy', { Type: 'namespace', Namespaces: [setting] }),
      entry('AmazonEKSEditPolicy', { Type: setting }),
    ],
  },
});
