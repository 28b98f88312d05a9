import { parseJsonText } from '../../inventory/json-text';
import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isOpen, type Value } from '../../inventory/value';
import { parseDocuments } from '../../inventory/yaml';
import { ofCluster } from '../template-values';

/** The managed add-on of this name that a cluster has, where it is in the inventory. */
export function addOnOf(inventory: Inventory, cluster: CloudFormationResource, name: string): CloudFormationResource | undefined {
  return ofCluster(inventory, cluster, 'AWS::EKS::Addon').find((addOn) => addOn.properties.AddonName === name);
}

/** The settings of an add-on, which EKS takes as text, JSON or YAML; `unreadable` where deployment decides them or the text is neither. */
export function settingsOf(addOn: CloudFormationResource): Value | undefined | 'unreadable' {
  const { ConfigurationValues: text } = addOn.properties;
  if (text === undefined || text === '') return undefined;
  const json = parseJsonText(text);
  if (json !== undefined) return json;
  if (isOpen(text) || typeof text !== 'string') return 'unreadable';
  try {
    return (parseDocuments(text, 'kubernetes')[0] ?? undefined) as Value | undefined;
  } catch {
    return 'unreadable';
  }
}
