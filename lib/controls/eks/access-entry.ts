import type { CloudFormationResource } from '../../inventory/model';
import type { Value } from '../../inventory/value';
import { at, listAt, textOf } from '../template-values';

/** The access policy of an entry by its name, `AmazonEKSClusterAdminPolicy`; undefined where deployment decides it. */
export function accessPolicyName(policy: Value): string | undefined {
  return /cluster-access-policy\/([^/]+)$/.exec(textOf(at(policy, 'PolicyArn')) ?? '')?.[1];
}

/** True for an entry that administers the whole cluster. */
export function administers(entry: CloudFormationResource): boolean {
  if (listAt(entry.properties, 'KubernetesGroups').includes('system:masters')) return true;
  return listAt(entry.properties, 'AccessPolicies').some(
    (policy) => accessPolicyName(policy) === 'AmazonEKSClusterAdminPolicy' && at(policy, 'AccessScope.Type') === 'cluster',
  );
}
