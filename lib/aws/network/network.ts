import { Stack, Tags } from 'aws-cdk-lib';
import {
  CfnEIP,
  CfnInternetGateway,
  CfnNatGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  SecurityGroup,
  Subnet,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct, DependencyGroup } from 'constructs';
import { InputError } from '../../error';
import { EncryptionKey } from '../encryption/encryption-key';
import { Lifecycle } from '../lifecycle';
import { addressPlan } from './address-plan';
import type { Flow } from './flow';
import { FlowLog } from './flow-log';
import { type Api, InterfaceEndpoints } from './interface-endpoints';
import { Internet } from './internet';
import { NetworkAcls } from './network-acls';
import { type Party, permit } from './permit';
import { type Zone, zonesOf } from './zones';

/** Properties of a `Network`. */
export interface NetworkProps {
  /**
   * Zone ids, two or three, `euw1-az1`: the same physical zones in every account.
   * @default - the first three zones of the region by name, resolved at deployment
   */
  readonly zoneIds?: string[];
  /**
   * Zone names instead of ids, `eu-west-1a`.
   * @default - zoneIds
   */
  readonly zones?: string[];
  /**
   * IPv4 range of the VPC, /16 to /20.
   * @default '10.0.0.0/16'
   */
  readonly cidr?: string;
  /**
   * How the private tier reaches the internet.
   * @default Internet.nat()
   */
  readonly internet?: Internet;
  /**
   * How long logs and keys live, and whether each zone has its own NAT gateway.
   * @default Lifecycle.production()
   */
  readonly lifecycle?: Lifecycle;
}

/**
 * A VPC of three tiers over two or three zones: public for load balancers and NAT only, private for nodes and pods, isolated for the control plane's
 * interfaces, endpoints and data. No subnet gives public addresses, all traffic is logged, and every security group rule comes from a named flow.
 *
 * Nothing is looked up: synthesis needs neither credentials nor a network. The VPC's default security group cannot be closed by CloudFormation; it stays unused.
 *
 * Throws `CidrInvalid`, `CidrSize`, `CidrUnaligned`, `ZonesInvalid`, `ZoneRefused` and `ZoneForeign`.
 *
 * @satisfies A-VPC-01 A-VPC-02 A-VPC-03 A-VPC-04 A-VPC-05 A-VPC-06 A-VPC-08 A-VPC-10 A-VPC-11 A-KMS-01 A-KMS-02 A-KMS-03 A-KMS-04 A-KMS-05 A-PAR-01
 */
export class Network extends Construct {
  /** The VPC, for stock constructs. */
  public readonly vpc: IVpc;
  /** IPv4 range of the VPC. */
  public readonly cidr: string;
  /** Ranges of the subnets that hold the interface endpoints. */
  public readonly endpointCidrs: string[];
  /** Subnets for load balancers that face the internet. */
  public readonly publicSubnets: ISubnet[];
  /** Subnets for nodes and pods. */
  public readonly privateSubnets: ISubnet[];
  /** Subnets without any route out of the VPC. */
  public readonly isolatedSubnets: ISubnet[];
  /** Security group of the interface endpoints. */
  public readonly endpointGroup: ISecurityGroup;
  /** How the private tier reaches the internet. */
  public readonly internet: Internet;
  /** Key of the network's logs; clusters encrypt theirs with it too. */
  public readonly logKey: EncryptionKey;

  /** What nodes wait for: routes out, and the endpoints of the APIs they call. @internal */
  public readonly _readiness = new DependencyGroup();

  private readonly permitted: Flow[] = [];
  private readonly endpoints: InterfaceEndpoints;
  private readonly vpcResource: CfnVPC;

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    const lifecycle = props.lifecycle ?? Lifecycle.production();
    const zones = zonesOf(props, Stack.of(this).region, this.node.path);
    this.cidr = props.cidr ?? '10.0.0.0/16';
    this.internet = props.internet ?? Internet.nat();
    const plan = addressPlan(this.cidr, zones.length, this.node.path);
    this.endpointCidrs = [...plan.isolatedCidrs];

    this.vpcResource = new CfnVPC(this, 'Vpc', { cidrBlock: this.cidr, enableDnsHostnames: true, enableDnsSupport: true });
    Tags.of(this).add('Name', this.node.path);
    const tier = (name: string, cidrs: readonly string[], role?: string) =>
      cidrs.map((cidr, index) => this.subnet(name, cidr, index, zones[index], role));
    const publicTier = tier('Public', plan.publicCidrs, 'kubernetes.io/role/elb');
    const privateTier = tier('Private', plan.privateCidrs, 'kubernetes.io/role/internal-elb');
    const isolatedTier = tier('Isolated', plan.isolatedCidrs);
    this.routeToInternet(publicTier, privateTier, lifecycle);
    new NetworkAcls(this, 'Acls', {
      vpc: this.vpcResource,
      cidr: this.cidr,
      publicCidrs: plan.publicCidrs,
      usesNat: this.internet.usesNat,
      subnets: {
        Public: publicTier.map((one) => one.resource),
        Private: privateTier.map((one) => one.resource),
        Isolated: isolatedTier.map((one) => one.resource),
      },
    });

    const imported = (name: string, tiers: Tier[]): ISubnet[] =>
      tiers.map(({ resource, table, zone }, index) =>
        Subnet.fromSubnetAttributes(this, `${name}${index}Subnet`, {
          subnetId: resource.ref,
          availabilityZone: zone.name ?? resource.attrAvailabilityZone,
          routeTableId: table.ref,
        }),
      );
    this.publicSubnets = imported('Public', publicTier);
    this.privateSubnets = imported('Private', privateTier);
    this.isolatedSubnets = imported('Isolated', isolatedTier);
    this.vpc = Vpc.fromVpcAttributes(this, 'Imported', {
      vpcId: this.vpcResource.ref,
      vpcCidrBlock: this.cidr,
      availabilityZones: isolatedTier.map(({ resource, zone }) => zone.name ?? resource.attrAvailabilityZone),
      publicSubnetIds: publicTier.map(({ resource }) => resource.ref),
      publicSubnetRouteTableIds: publicTier.map(({ table }) => table.ref),
      privateSubnetIds: privateTier.map(({ resource }) => resource.ref),
      privateSubnetRouteTableIds: privateTier.map(({ table }) => table.ref),
      isolatedSubnetIds: isolatedTier.map(({ resource }) => resource.ref),
      isolatedSubnetRouteTableIds: isolatedTier.map(({ table }) => table.ref),
    });

    this.logKey = new EncryptionKey(this, 'LogKey', { lifecycle, description: `logs of ${this.node.path}` });
    this.logKey.allowLogs();
    new FlowLog(this, 'FlowLog', { vpc: this.vpcResource, encryptionKey: this.logKey, lifecycle });

    this.endpointGroup = this._group(this, 'EndpointGroup', 'interface endpoints of AWS APIs');
    this.endpoints = new InterfaceEndpoints(this, 'Endpoints', { vpc: this.vpc, subnets: this.isolatedSubnets, group: this.endpointGroup });
    this._readiness.add(this.endpoints);
  }

  /** Every connection that the network's security groups permit, in the order it was declared. */
  public get flows(): Flow[] {
    return [...this.permitted];
  }

  /** A security group of this VPC that permits nothing until a flow says so. @internal */
  public _group(scope: Construct, id: string, description: string): SecurityGroup {
    return new SecurityGroup(scope, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }

  /** Declares a flow and writes its rules. @internal */
  public _permit(name: string, purpose: string, source: Party, destination: Party, ports: string, protocol = 'TCP'): void {
    const flow: Flow = { name, purpose, source: source.name, destination: destination.name, protocol, ports };
    if (this.permitted.some((known) => known.name === name)) {
      throw new InputError('FlowTaken', `the network has a flow '${name}' already; give this one another name`, { path: this.node.path });
    }
    this.permitted.push(flow);
    permit(flow, source, destination);
  }

  /** Makes the interface endpoints of the APIs that something calls. @internal */
  public _use(...apis: Api[]): void {
    for (const api of apis) this.endpoints.use(api);
  }

  private subnet(tier: string, cidr: string, index: number, zone: Zone, role: string | undefined): Tier {
    const name = `${tier}${index}`;
    const resource = new CfnSubnet(this, name, {
      vpcId: this.vpcResource.ref,
      cidrBlock: cidr,
      availabilityZone: zone.name,
      availabilityZoneId: zone.zoneId,
      mapPublicIpOnLaunch: false,
    });
    Tags.of(resource).add('Name', `${this.node.path}/${name}`);
    if (role !== undefined) Tags.of(resource).add(role, '1');
    const table = new CfnRouteTable(this, `${name}Table`, { vpcId: this.vpcResource.ref });
    Tags.of(table).add('Name', `${this.node.path}/${name}`);
    this._readiness.add(
      new CfnSubnetRouteTableAssociation(this, `${name}Association`, { subnetId: resource.ref, routeTableId: table.ref }),
    );
    return { resource, table, zone };
  }

  private routeToInternet(publicTier: Tier[], privateTier: Tier[], lifecycle: Lifecycle): void {
    const gateway = new CfnInternetGateway(this, 'InternetGateway', {});
    const attachment = new CfnVPCGatewayAttachment(this, 'InternetGatewayAttachment', {
      vpcId: this.vpcResource.ref,
      internetGatewayId: gateway.ref,
    });
    const everywhere = '0.0.0.0/0';
    publicTier.forEach(({ table }, index) => {
      const route = new CfnRoute(this, `Public${index}Route`, {
        routeTableId: table.ref,
        destinationCidrBlock: everywhere,
        gatewayId: gateway.ref,
      });
      route.node.addDependency(attachment);
      // NAT has no way out before it.
      this._readiness.add(route);
    });
    if (!this.internet.usesNat) return;
    const nats = (lifecycle.natPerZone ? publicTier : publicTier.slice(0, 1)).map(({ resource }, index) => {
      const address = new CfnEIP(this, `Nat${index}Address`, { domain: 'vpc' });
      const nat = new CfnNatGateway(this, `Nat${index}`, { subnetId: resource.ref, allocationId: address.attrAllocationId });
      address.node.addDependency(attachment);
      nat.node.addDependency(attachment);
      return nat;
    });
    privateTier.forEach(({ table }, index) => {
      const route = new CfnRoute(this, `Private${index}Route`, {
        routeTableId: table.ref,
        destinationCidrBlock: everywhere,
        natGatewayId: (nats[index] ?? nats[0]).ref,
      });
      this._readiness.add(route);
    });
  }
}

interface Tier {
  readonly resource: CfnSubnet;
  readonly table: CfnRouteTable;
  readonly zone: Zone;
}
