import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isOpen, type Value } from '../../inventory/value';
import { isUnknown, textOf } from '../template-values';

/** The route table that a subnet is associated with, where both are in the inventory. */
export function tableOf(inventory: Inventory, subnet: CloudFormationResource): CloudFormationResource | undefined {
  const association = inventory
    .ofType('AWS::EC2::SubnetRouteTableAssociation')
    .find((candidate) => inventory.find(candidate.properties.SubnetId) === subnet);
  return association === undefined ? undefined : inventory.find(association.properties.RouteTableId);
}

/** Where traffic for the internet goes: out and in (`gateway`), out only (`outward`), not at all, or something that is not known here. */
export type WayOut = 'gateway' | 'outward' | 'none' | 'unknown';

const TARGETS = ['NatGatewayId', 'EgressOnlyInternetGatewayId', 'InstanceId', 'NetworkInterfaceId'];
/** They lead to other networks, which may or may not lead on to the internet. */
const ELSEWHERE = ['TransitGatewayId', 'VpcPeeringConnectionId', 'VpcEndpointId', 'CoreNetworkArn', 'LocalGatewayId', 'CarrierGatewayId'];

/** A prefix that holds a good part of the internet, whoever owns it. */
export function isEverywhere(cidr: Value | undefined): boolean {
  return typeof cidr === 'string' && (/\/0+$/.test(cidr) || /^(0|128)\.0\.0\.0\/1$/.test(cidr));
}

function wayOf(inventory: Inventory, { properties }: CloudFormationResource): WayOut {
  const destinations = [properties.DestinationCidrBlock, properties.DestinationIpv6CidrBlock];
  if (!destinations.some(isEverywhere)) return destinations.some(isUnknown) ? 'unknown' : 'none';
  const { GatewayId: gateway } = properties;
  if (gateway !== undefined) {
    const found = inventory.find(gateway);
    if (found !== undefined) return found.type === 'AWS::EC2::InternetGateway' ? 'gateway' : 'unknown';
    const text = textOf(gateway) ?? '';
    return text.startsWith('igw-') ? 'gateway' : text === 'local' ? 'none' : 'unknown';
  }
  if (TARGETS.some((target) => properties[target] !== undefined)) return 'outward';
  return ELSEWHERE.some((target) => properties[target] !== undefined) ? 'unknown' : 'none';
}

const WORST: readonly WayOut[] = ['gateway', 'unknown', 'outward', 'none'];

/**
 * How a subnet reaches the internet. A subnet without an association has the VPC's main table, to which CloudFormation can add no route.
 * A subnet that is not in the inventory is unknown.
 */
export function wayOut(inventory: Inventory, subnet: Value | CloudFormationResource | undefined): WayOut {
  const found = isResource(subnet) ? subnet : inventory.find(subnet);
  if (found?.type !== 'AWS::EC2::Subnet') return 'unknown';
  const association = inventory
    .ofType('AWS::EC2::SubnetRouteTableAssociation')
    .find((candidate) => inventory.find(candidate.properties.SubnetId) === found);
  if (association === undefined) return 'none';
  const table = inventory.find(association.properties.RouteTableId);
  if (table === undefined) return 'unknown';
  const ways = inventory
    .ofType('AWS::EC2::Route')
    .filter((route) => inventory.find(route.properties.RouteTableId) === table)
    .map((route) => wayOf(inventory, route));
  return WORST.find((way) => ways.includes(way)) ?? 'none';
}

function isResource(value: Value | CloudFormationResource | undefined): value is CloudFormationResource {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isOpen(value as Value) && 'tree' in value;
}
