import { type CloudFormationResource, clusterOf, type Inventory, isObject, listOf, type Value } from '../../inventory';
import { type Names, word } from '../names';
import type { Fact, FactProducer } from './fact';

const ADMIN = 'AmazonEKSClusterAdminPolicy';
/** Members of this group pass every check of RBAC. */
const MASTERS = 'system:masters';

/**
 * Who gets into a cluster by its access entries: `admin PRINCIPAL => CLUSTER` with every permission everywhere, `access PRINCIPAL => CLUSTER POLICY
 * [in NAMESPACES]` and `access PRINCIPAL => CLUSTER group GROUP` with less. Entries of node types grant what nodes need and are left out.
 */
export const administration: FactProducer = {
  kinds: [
    { word: 'admin', widens: 'added' },
    { word: 'access', widens: 'added' },
  ],
  *produce({ inventory }, names) {
    for (const cluster of inventory.ofType('AWS::EKS::Cluster')) {
      const { AccessConfig } = cluster.properties;
      const creator = isObject(AccessConfig) ? AccessConfig.BootstrapClusterCreatorAdminPermissions : undefined;
      // EKS makes the creator an administrator unless it is told not to.
      if (creator !== false) yield { line: `admin creator => ${word(names.of(cluster))}`, resource: cluster };
    }
    for (const entry of inventory.ofType('AWS::EKS::AccessEntry')) yield* entryFacts(inventory, entry, names);
  },
};

function* entryFacts(inventory: Inventory, entry: CloudFormationResource, names: Names): Iterable<Fact> {
  const { AccessPolicies, ClusterName, KubernetesGroups, PrincipalArn } = entry.properties;
  const cluster = clusterOf(inventory, ClusterName);
  const who = `${word(names.arn(PrincipalArn))} => ${word(cluster === undefined ? names.text(ClusterName) : names.of(cluster))}`;
  for (const association of listOf(AccessPolicies)) {
    const { PolicyArn, AccessScope } = isObject(association) ? association : { PolicyArn: association, AccessScope: undefined };
    const policy = nameOf(names.text(PolicyArn));
    const namespaces = isObject(AccessScope) && AccessScope.Type === 'namespace' ? namesIn(AccessScope.Namespaces, names) : undefined;
    const everything = policy === ADMIN && namespaces === undefined;
    const line = everything ? `admin ${who}` : `access ${who} ${word(policy)}${namespaces === undefined ? '' : ` in ${word(namespaces)}`}`;
    yield { line, resource: entry };
  }
  for (const group of listOf(KubernetesGroups)) {
    const name = names.text(group);
    yield { line: name === MASTERS ? `admin ${who}` : `access ${who} group ${word(name)}`, resource: entry };
  }
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function namesIn(list: Value | undefined, names: Names): string {
  return listOf(list)
    .map((name) => names.text(name))
    .sort()
    .join(',');
}
