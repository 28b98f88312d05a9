import type { CloudFormationResource, Inventory } from '../../inventory/model';

/** True when CloudFormation makes `first` before `then`: by DependsOn or by reference, through any number of steps. */
export function precedes(inventory: Inventory, first: CloudFormationResource, then: CloudFormationResource): boolean {
  const byId = new Map(
    inventory.cloudformation.filter((resource) => resource.stack === then.stack).map((resource) => [resource.logicalId, resource]),
  );
  const seen = new Set<string>();
  const queue = [then];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const logicalId of [...next.dependsOn, ...next.refersTo]) {
      if (logicalId === first.logicalId) return true;
      const before = byId.get(logicalId);
      if (before === undefined || seen.has(logicalId)) continue;
      seen.add(logicalId);
      queue.push(before);
    }
  }
  return false;
}
