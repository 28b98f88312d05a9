import type { CloudFormationResource, Inventory } from '../../inventory/model';
import type { JsonObject } from '../../inventory/value';
import { isObject, type ValueObject } from '../../inventory/value';
import type { Example } from '../control';
import { fail, type Subjects, undecided, type Verdict } from '../control';
import { getAtt, ref, resource, setting, template } from '../template-examples';
import { at, names, objectAt } from '../template-values';

/** A managed node group with the data of its launch template, as far as the inventory has it. */
export interface LaunchedNodes {
  readonly nodes: CloudFormationResource;
  readonly template?: CloudFormationResource;
  readonly data: ValueObject;
}

/** Managed node groups, judged on the launch template where it is here, so that a finding points at the property. */
export const launchedNodes: Subjects<LaunchedNodes> = {
  description: 'AWS::EKS::Nodegroup and its AWS::EC2::LaunchTemplate',
  *select(inventory) {
    for (const nodes of inventory.ofType('AWS::EKS::Nodegroup')) {
      const template = templateOf(inventory, nodes);
      yield { resource: template ?? nodes, value: { nodes, template, data: objectAt(template?.properties, 'LaunchTemplateData') } };
    }
  },
};

function templateOf(inventory: Inventory, nodes: CloudFormationResource): CloudFormationResource | undefined {
  const wanted = nodes.properties.LaunchTemplate;
  if (!isObject(wanted)) return undefined;
  return (
    inventory.find(wanted.Id) ??
    inventory.find(wanted.Name) ??
    inventory.ofType('AWS::EC2::LaunchTemplate').find((template) => names(inventory, wanted.Name, template, 'LaunchTemplateName'))
  );
}

/** The verdict of a node group whose launch template says nothing: EKS's own defaults where it has none, undecided where it is elsewhere. */
export function withoutTemplate({ nodes, template }: LaunchedNodes, eksDefault: string): Verdict | undefined {
  if (template !== undefined) return undefined;
  if (at(nodes.properties, 'LaunchTemplate') === undefined)
    return fail(`the node group has no launch template of its own, and ${eksDefault}`, 'Properties.LaunchTemplate');
  return undecided('the launch template of the node group is not in what was read', 'Properties.LaunchTemplate');
}

/** Example: a node group with this launch template data. */
export function launched(data: JsonObject, group: JsonObject = {}): Example {
  return template({
    Template: resource('AWS::EC2::LaunchTemplate', { LaunchTemplateData: data }),
    Nodes: resource('AWS::EKS::Nodegroup', {
      ClusterName: 'shop',
      NodeRole: 'r',
      Subnets: ['s'],
      LaunchTemplate: { Id: ref('Template'), Version: getAtt('Template', 'LatestVersionNumber') },
      ...group,
    }),
  });
}

/** Example: a node group without a launch template. */
export const bare: Example = template({ Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'shop', NodeRole: 'r', Subnets: ['s'] }) });
/** Example: a node group whose launch template is elsewhere. */
export const elsewhere: Example = template({
  Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'shop', NodeRole: 'r', Subnets: ['s'], LaunchTemplate: { Id: setting } }),
});
