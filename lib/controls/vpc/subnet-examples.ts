import type { JsonObject } from '../../inventory/value';
import { ref, resource } from '../template-examples';

const routed = (tier: string, target: JsonObject): { readonly [logicalId: string]: JsonObject } => ({
  [tier]: resource('AWS::EC2::Subnet', { VpcId: ref('Vpc') }),
  [`${tier}Table`]: resource('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  [`${tier}Association`]: resource('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref(tier), RouteTableId: ref(`${tier}Table`) }),
  [`${tier}Route`]: resource('AWS::EC2::Route', { RouteTableId: ref(`${tier}Table`), DestinationCidrBlock: '0.0.0.0/0', ...target }),
});

/** Examples: a VPC with one subnet `Public` that an internet gateway serves, one `Private` behind a NAT gateway, and one `Isolated` without a way out. */
export const subnets: { readonly [logicalId: string]: JsonObject } = {
  Vpc: resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  Gateway: resource('AWS::EC2::InternetGateway'),
  ...routed('Public', { GatewayId: ref('Gateway') }),
  ...routed('Private', { NatGatewayId: 'nat-1' }),
  Isolated: resource('AWS::EC2::Subnet', { VpcId: ref('Vpc') }),
};
