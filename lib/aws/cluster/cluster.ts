import { Annotations, Names, Stack, Validations } from 'aws-cdk-lib';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AccessEntry,
  AccessPolicy,
  AccessScopeType,
  type CfnCluster,
  ClusterLoggingTypes,
  DefaultCapacityType,
  EndpointAccess,
  type ICluster,
  type KubernetesVersion,
  OidcProviderNative,
  Cluster as StockCluster,
} from 'aws-cdk-lib/aws-eks-v2';
import { type IRole, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { InputError } from '../../error';
import { EncryptionKey } from '../encryption/encryption-key';
import { PodRole, type PodRoleProps } from '../identity/pod-role';
import { Lifecycle } from '../lifecycle';
import type { Network } from '../network/network';
import { AddOns, checkVersions, servesAddOn } from './add-ons';
import { checkAdministrators } from './administrators';
import { clusterName } from './cluster-name';
import { Endpoint } from './endpoint';
import { NodeGroup, type NodeGroupProps } from './node-group';
import { checkVersion } from './support';

/** Properties of a `Cluster`. */
export interface ClusterProps {
  /** Kubernetes version, one that EKS has. */
  readonly version: KubernetesVersion;
  /** Where the cluster stands. */
  readonly network: Network;
  /** Roles of its administrators, at least one: nobody else gets in, whoever creates the cluster included. */
  readonly admins: IRole[];
  /**
   * Physical name, fixed so that logs, roles and manifests can name it.
   * @default - stack name and construct id, in lower case
   */
  readonly clusterName?: string;
  /**
   * Where the Kubernetes API is reached from.
   * @default Endpoint.privateOnly()
   */
  readonly endpoint?: Endpoint;
  /**
   * Node groups made with the cluster; an empty list makes none, and `addNodeGroup` adds more.
   * @default - one group of two to six Bottlerocket nodes
   */
  readonly nodeGroups?: NodeGroupProps[];
  /**
   * Versions of add-ons by their names, as `aws eks describe-addon-versions` lists them: `{ coredns: 'v1.11.4-eksbuild.2' }`.
   * @default - EKS takes its default of the day for each
   */
  readonly addOnVersions?: { readonly [addOn: string]: string };
  /**
   * Deletion protection, retention and pending windows.
   * @default Lifecycle.production()
   */
  readonly lifecycle?: Lifecycle;
}

/**
 * An EKS cluster that is closed and comes up: private API, five log types in an encrypted group that exists first, API data under a customer key, access entries only,
 * add-ons by CloudFormation before and after the nodes that need them. No lambda, no custom resource, no kubectl.
 *
 * Throws `NoAdministrator`, `AdministratorRefused`, `ClusterNameInvalid`, `KubernetesVersionUnknown`, `AddOnUnknown`, `AddOnVersionInvalid`, `ServiceAccountTaken`, and what `Endpoint` and `NodeGroup` throw.
 *
 * @satisfies A-EKS-01 A-EKS-02 A-EKS-03 A-EKS-04 A-EKS-05 A-EKS-06 A-EKS-07 A-EKS-08 A-EKS-09 A-EKS-10 A-EKS-11 A-EKS-12 A-EKS-13 A-EKS-14 A-EKS-15 A-EKS-16
 * A-EKS-17 A-EKS-18 A-EKS-19 A-NOD-01 A-NOD-02 A-NOD-03 A-NOD-04 A-NOD-05 A-NOD-06 A-NOD-07 A-NOD-08 A-NOD-09 A-NOD-10 A-NOD-11 A-NOD-12 A-IAM-02
 * A-IAM-04 A-IAM-05 A-IAM-06 A-IAM-07 A-IAM-10 A-VPC-03 A-VPC-04 A-VPC-05 A-VPC-07 A-KMS-01 A-KMS-02 A-KMS-03 A-KMS-04 A-KMS-05 A-SEC-03 A-PAR-01
 */
export class Cluster extends Construct {
  /** The stock cluster, for stock constructs. */
  public readonly resource: ICluster;
  /** Physical name, known at synth. */
  public readonly clusterName: string;
  /** ARN of the cluster. */
  public readonly clusterArn: string;
  /** Kubernetes version, `1.35`. */
  public readonly kubernetesVersion: string;
  /** Where the cluster stands. */
  public readonly network: Network;
  /** Security group of the control plane's interfaces. */
  public readonly controlPlaneSecurityGroup: SecurityGroup;
  /** Security group of the nodes and the pods on them. */
  public readonly nodeSecurityGroup: SecurityGroup;
  /** Key of the API's data. */
  public readonly dataKey: EncryptionKey;
  /** Key of volumes: of nodes, and of claims. */
  public readonly volumeKey: EncryptionKey;

  private readonly addOns: AddOns;
  private readonly roles: PodRole[] = [];
  private oidc?: OidcProviderNative;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const { network, version } = props;
    const { path } = this.node;
    checkAdministrators(
      props.admins.map((admin) => admin.roleArn),
      path,
    );
    checkVersion(version.version, path);
    checkVersions(props.addOnVersions ?? {}, path);
    const lifecycle = props.lifecycle ?? Lifecycle.production();
    this.network = network;
    this.kubernetesVersion = version.version;
    this.clusterName = clusterName(this, props.clusterName);
    this.clusterArn = Stack.of(this).formatArn({ service: 'eks', resource: 'cluster', resourceName: this.clusterName });
    this.dataKey = new EncryptionKey(this, 'DataKey', { lifecycle, description: `API data of ${this.clusterName}` });
    this.dataKey.allowClusters();
    this.volumeKey = new EncryptionKey(this, 'VolumeKey', { lifecycle, description: `volumes of ${this.clusterName}` });
    this.volumeKey.allowAutoScaling();
    this.controlPlaneSecurityGroup = network._group(this, 'ControlPlaneGroup', `control plane of ${this.clusterName}`);
    this.nodeSecurityGroup = network._group(this, 'NodeGroup', `nodes and pods of ${this.clusterName}`);
    this.declareFlows();

    const endpoint = props.endpoint ?? Endpoint.privateOnly();
    endpoint._attach(this);
    const role = this.clusterRole();
    const cluster = new StockCluster(this, 'Resource', {
      clusterName: this.clusterName,
      version,
      role,
      vpc: network.vpc,
      vpcSubnets: [{ subnets: network.isolatedSubnets }],
      securityGroup: this.controlPlaneSecurityGroup,
      endpointAccess:
        endpoint.publicCidrs.length === 0 ? EndpointAccess.PRIVATE : EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom(...endpoint.publicCidrs),
      secretsEncryptionKey: this.dataKey,
      clusterLogging: Object.values(ClusterLoggingTypes),
      bootstrapClusterCreatorAdminPermissions: false,
      bootstrapSelfManagedAddons: false,
      defaultCapacityType: DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
      outputConfigCommand: false,
      removalPolicy: lifecycle.removalPolicy,
    });
    // The stock cluster leaves a parameter for a kubectl that nobody has here.
    cluster.node.tryRemoveChild('KubectlReadyBarrier');
    Annotations.of(cluster).acknowledgeWarning(
      '@aws-cdk/aws-eks:clusterMustManuallyTagSubnet',
      'the network tags its subnets for load balancers',
    );
    const raw = cluster.node.defaultChild as CfnCluster;
    Validations.of(raw).acknowledge({
      id: 'CloudFormation-Validate::W9009',
      reason: 'EncryptionConfig.Resources is deprecated for new clusters, but the control CT.EKS.PR.2 reads it',
    });
    lifecycle._mark(raw);
    raw.deletionProtection = lifecycle.deletionProtection;
    raw.upgradePolicy = { supportType: 'STANDARD' };
    raw.zonalShiftConfig = { enabled: true };
    // EKS would make the group itself, without key and retention, the moment it writes the first line.
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/eks/${this.clusterName}/cluster`,
      encryptionKey: network.logKey,
      retention: lifecycle.logRetention,
      removalPolicy: lifecycle.removalPolicy,
    });
    // The role is referred to; its policy is a resource of its own that nothing refers to.
    raw.node.addDependency(logs, ...role.node.children.filter((child) => child !== role.node.defaultChild));
    this.resource = cluster;

    for (const admin of props.admins) {
      // Named by the role and not by its place in the list, so that another order replaces nothing.
      new AccessEntry(this, `Admin${Names.nodeUniqueId(admin.node)}`, {
        cluster,
        principal: admin.roleArn,
        accessPolicies: [AccessPolicy.fromAccessPolicyName('AmazonEKSClusterAdminPolicy', { accessScopeType: AccessScopeType.CLUSTER })],
      });
    }
    this.addOns = new AddOns(this, 'AddOns', {
      clusterName: this.clusterName,
      reference: cluster.clusterName,
      clusterArn: this.clusterArn,
      volumeKey: this.volumeKey,
      versions: props.addOnVersions ?? {},
    });
    (props.nodeGroups ?? [{}]).forEach((nodes, index) => {
      this.addNodeGroup(`Nodes${index}`, nodes);
    });
  }

  /** Adds managed nodes; they wait for the add-ons, routes, rules and endpoints that they cannot join without. */
  public addNodeGroup(id: string, props: NodeGroupProps = {}): NodeGroup {
    const nodes = NodeGroup._of(
      this,
      id,
      {
        clusterName: this.clusterName,
        reference: this.resource.clusterName,
        subnets: this.network.privateSubnets,
        group: this.nodeSecurityGroup,
        volumeKey: this.volumeKey,
      },
      props,
    );
    // The groups themselves are referred to; their rules are resources of their own that nothing refers to.
    const rules = [this.nodeSecurityGroup, this.controlPlaneSecurityGroup, this.network.endpointGroup].flatMap((group) =>
      group.node.children.filter((child) => child !== group.node.defaultChild),
    );
    nodes._resource.node.addDependency(this.network._readiness, ...rules);
    this.addOns.around(nodes._resource);
    return nodes;
  }

  /**
   * The IAM role of one service account. Grant to it with the stock methods: `bucket.grantRead(cluster.podRole(...))`.
   * Throws `ServiceAccountTaken` when the service account has a role already.
   */
  public podRole(id: string, props: PodRoleProps): PodRole {
    const { namespace, serviceAccount } = props;
    const own = this.roles.some((role) => role.namespace === namespace && role.serviceAccount === serviceAccount);
    if (own || servesAddOn(namespace, serviceAccount)) {
      throw new InputError(
        'ServiceAccountTaken',
        `the service account '${namespace}/${serviceAccount}' has a role already; grant to that one`,
        { path: `${this.node.path}/${id}` },
      );
    }
    const role = PodRole._of(this, id, props, {
      clusterName: this.clusterName,
      reference: this.resource.clusterName,
      clusterArn: this.clusterArn,
      issuer: () => this.issuer(),
    });
    this.roles.push(role);
    return role;
  }

  /** The roles of service accounts, in the order they were made. */
  public get podRoles(): PodRole[] {
    return [...this.roles];
  }

  private issuer(): { providerArn: string; url: string } {
    const url = (this.resource as StockCluster).clusterOpenIdConnectIssuerUrl;
    this.oidc ??= new OidcProviderNative(this, 'Oidc', { url });
    return { providerArn: this.oidc.oidcProviderArn, url };
  }

  private clusterRole(): Role {
    const role = new Role(this, 'Role', {
      description: `control plane of ${this.clusterName}`,
      assumedBy: new ServicePrincipal('eks.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account }, ArnLike: { 'aws:SourceArn': this.clusterArn } },
      }),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonEKSClusterPolicy')],
    });
    // EKS tries the key with this role when it makes the cluster and in its health checks.
    this.dataKey.grant(role, 'kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:ListGrants');
    return role;
  }

  /** Every connection of the cluster by name; the groups get these rules and no other. */
  private declareFlows(): void {
    const { network } = this;
    const named = (name: string): string => `${this.clusterName}-${name}`;
    const nodes = { name: `nodes of ${this.clusterName}`, group: this.nodeSecurityGroup };
    const controlPlane = { name: `control plane of ${this.clusterName}`, group: this.controlPlaneSecurityGroup };
    const apis = { name: 'AWS APIs', group: network.endpointGroup };
    network._permit(named('kubernetes-api'), 'kubelets and pods call the Kubernetes API', nodes, controlPlane, '443');
    network._permit(named('kubelet'), 'logs, exec, port forwarding and metrics of pods', controlPlane, nodes, '10250');
    // 10251 is the metrics server's.
    for (const port of ['443', '4443', '8443', '9443', '10251']) {
      network._permit(named(`webhook-${port}`), 'admission webhooks and aggregated APIs of add-ons', controlPlane, nodes, port);
    }
    // Pods share the group of their nodes: what may talk inside the cluster is decided by NetworkPolicies.
    network._permit(named('nodes-tcp'), 'pods to pods, NetworkPolicies decide which', nodes, nodes, '0-65535');
    network._permit(named('nodes-udp'), 'pods to pods, DNS among it', nodes, nodes, '0-65535', 'UDP');
    network._permit(named('aws-apis'), 'image pull, credentials and AWS APIs by interface endpoints', nodes, apis, '443');
    for (const flow of network.internet.flows) {
      network._permit(
        named(flow.name),
        flow.purpose,
        nodes,
        { name: flow.cidr ?? '0.0.0.0/0', cidr: flow.cidr ?? '0.0.0.0/0' },
        String(flow.port ?? 443),
      );
    }
    network._use('ecr.api', 'ecr.dkr', 's3', 'sts', 'ec2', 'eks', 'eks-auth', 'logs', 'kms');
    if (!network.internet.usesNat) network._use('elasticloadbalancing', 'autoscaling');
  }
}
