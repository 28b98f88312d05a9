import { Stack } from 'aws-cdk-lib';
import {
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** An AWS API that something in the network calls. @internal */
export type Api =
  | 'ecr.api'
  | 'ecr.dkr'
  | 's3'
  | 'sts'
  | 'ec2'
  | 'eks'
  | 'eks-auth'
  | 'logs'
  | 'kms'
  | 'elasticloadbalancing'
  | 'autoscaling'
  | 'secretsmanager';

const SERVICES: { readonly [api in Api]: InterfaceVpcEndpointAwsService } = {
  'ecr.api': InterfaceVpcEndpointAwsService.ECR,
  'ecr.dkr': InterfaceVpcEndpointAwsService.ECR_DOCKER,
  s3: InterfaceVpcEndpointAwsService.S3,
  sts: InterfaceVpcEndpointAwsService.STS,
  ec2: InterfaceVpcEndpointAwsService.EC2,
  eks: InterfaceVpcEndpointAwsService.EKS,
  'eks-auth': InterfaceVpcEndpointAwsService.EKS_AUTH,
  logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  kms: InterfaceVpcEndpointAwsService.KMS,
  elasticloadbalancing: InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
  autoscaling: InterfaceVpcEndpointAwsService.AUTOSCALING,
  secretsmanager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
};

/**
 * Interface endpoints of the AWS APIs in use, in the isolated tier. Each has a policy that lets only principals of this account through.
 *
 * S3 is one of them, with private DNS for the whole network, instead of a gateway: its addresses are then in the VPC, so that security groups and
 * NetworkPolicies can name them, which the public ranges of a gateway endpoint do not allow.
 * @internal
 */
export class InterfaceEndpoints extends Construct {
  private readonly made = new Map<Api, InterfaceVpcEndpoint>();

  constructor(
    scope: Construct,
    id: string,
    private readonly place: { readonly vpc: IVpc; readonly subnets: ISubnet[]; readonly group: ISecurityGroup },
  ) {
    super(scope, id);
  }

  /** Makes the endpoint of an API on first use. */
  use(api: Api): void {
    if (this.made.has(api)) return;
    const endpoint = new InterfaceVpcEndpoint(this, api, {
      vpc: this.place.vpc,
      service: SERVICES[api],
      subnets: { subnets: this.place.subnets },
      securityGroups: [this.place.group],
      privateDnsEnabled: true,
      open: false,
      ...(api === 's3'
        ? { privateDnsOnlyForInboundResolverEndpoint: VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint.ALL_RESOLVERS }
        : {}),
    });
    for (const statement of this.policyOf(api)) endpoint.addToPolicy(statement);
    this.made.set(api, endpoint);
  }

  private policyOf(api: Api): PolicyStatement[] {
    const { account, partition, region } = Stack.of(this);
    const principals = [new AnyPrincipal()];
    const own = new PolicyStatement({
      sid: 'OwnAccount',
      principals,
      actions: ['*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:PrincipalAccount': account } },
    });
    if (api === 's3') {
      // ECR hands out presigned URLs of its own account for image layers.
      const layers = `arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`;
      return [own, new PolicyStatement({ sid: 'EcrLayers', principals, actions: ['s3:GetObject'], resources: [layers] })];
    }
    if (api === 'sts') {
      // A web identity is no principal of any account before STS has answered, so only the role can be bound.
      const roles = `arn:${partition}:iam::${account}:role/*`;
      return [own, new PolicyStatement({ sid: 'WebIdentity', principals, actions: ['sts:AssumeRoleWithWebIdentity'], resources: [roles] })];
    }
    return [own];
  }
}
