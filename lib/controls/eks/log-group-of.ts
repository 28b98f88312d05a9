import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { textOf } from '../template-values';

/** The group that EKS writes into, by its fixed name; names that embed the reference to the cluster count too. */
export function logGroupOf(inventory: Inventory, cluster: CloudFormationResource): CloudFormationResource | undefined {
  const own = [cluster.properties.Name, `\${${cluster.logicalId}}`].map((name) => textOf(name)).filter((name) => name !== undefined);
  return inventory
    .ofType('AWS::Logs::LogGroup')
    .find((group) => own.some((name) => textOf(group.properties.LogGroupName) === `/aws/eks/${name}/cluster`));
}
