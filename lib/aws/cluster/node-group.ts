import { Fn } from 'aws-cdk-lib';
import { CfnLaunchTemplate, type ISecurityGroup, type ISubnet } from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup, NodegroupAmiType } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { InputError } from '../../error';
import { bottlerocketUserData } from './bottlerocket-settings';

/** Size and shape of a node group. */
export interface NodeGroupProps {
  /**
   * Operating system image of the nodes: one of the Bottlerocket types.
   * @default NodegroupAmiType.BOTTLEROCKET_X86_64
   */
  readonly amiType?: NodegroupAmiType;
  /**
   * Instance types, by preference.
   * @default ['m6i.large'], or ['m6g.large'] for arm64
   */
  readonly instanceTypes?: string[];
  /**
   * Fewest nodes.
   * @default 2
   */
  readonly minSize?: number;
  /**
   * Most nodes.
   * @default 6
   */
  readonly maxSize?: number;
  /**
   * Size of the data volume of a node, for images and scratch space, in GiB.
   * @default 50
   */
  readonly dataVolumeGib?: number;
  /**
   * Most processes a pod may have.
   * @default 1024
   */
  readonly podPidsLimit?: number;
}

/** What a node group needs of its cluster. @internal */
export interface NodeGroupCluster {
  /** The name as text. */
  readonly clusterName: string;
  /** A reference to the cluster, which orders what names it after it. */
  readonly reference: string;
  readonly subnets: ISubnet[];
  readonly group: ISecurityGroup;
  readonly volumeKey: IKey;
}

/**
 * Managed nodes on Bottlerocket with a launch template of their own, so that every property of a node is in the template and can be judged: instance metadata by
 * session only and not from pods, both volumes encrypted with a customer key, no public address, no remote access, only our security group.
 *
 * Made by `cluster.addNodeGroup(...)`. Throws `AmiUnsupported` and `SizeInvalid`.
 *
 * @satisfies A-NOD-01 A-NOD-02 A-NOD-03 A-NOD-04 A-NOD-05
 */
export class NodeGroup extends Construct {
  /** What `cluster.addNodeGroup(...)` calls. @internal */
  public static _of(scope: Construct, id: string, cluster: NodeGroupCluster, props: NodeGroupProps): NodeGroup {
    return new NodeGroup(scope, id, cluster, props);
  }

  /** Role of the nodes: they join the cluster and pull images, nothing else. */
  public readonly role: Role;
  /** What comes up after add-ons, routes and rules. @internal */
  public readonly _resource: CfnNodegroup;

  private constructor(scope: Construct, id: string, cluster: NodeGroupCluster, props: NodeGroupProps) {
    super(scope, id);
    const amiType = props.amiType ?? NodegroupAmiType.BOTTLEROCKET_X86_64;
    if (!amiType.startsWith('BOTTLEROCKET_')) {
      const why = amiType.startsWith('AL2_') ? 'Amazon Linux 2 has no images for Kubernetes 1.33 and later' : 'it is no Bottlerocket image';
      throw new InputError('AmiUnsupported', `amiType is '${amiType}', and ${why}; use one of the BOTTLEROCKET types`, {
        path: this.node.path,
      });
    }
    const { minSize = 2, maxSize = 6 } = props;
    if (minSize < 1 || maxSize < minSize)
      throw new InputError('SizeInvalid', `minSize is ${minSize} and maxSize ${maxSize}; give 1 <= minSize <= maxSize`, {
        path: this.node.path,
      });

    this.role = new Role(this, 'Role', {
      description: `nodes of ${cluster.clusterName}`,
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'].map((name) =>
        ManagedPolicy.fromAwsManagedPolicyName(name),
      ),
    });
    const volume = (deviceName: string, volumeSize?: number): CfnLaunchTemplate.BlockDeviceMappingProperty => ({
      deviceName,
      ebs: { volumeType: 'gp3', volumeSize, encrypted: true, kmsKeyId: cluster.volumeKey.keyArn, deleteOnTermination: true },
    });
    const template = new CfnLaunchTemplate(this, 'Template', {
      launchTemplateData: {
        metadataOptions: {
          httpEndpoint: 'enabled',
          httpTokens: 'required',
          httpPutResponseHopLimit: 1,
          httpProtocolIpv6: 'disabled',
          instanceMetadataTags: 'disabled',
        },
        // Bottlerocket: the system on xvda, as large as its image, and everything that containers write on xvdb.
        blockDeviceMappings: [volume('/dev/xvda'), volume('/dev/xvdb', props.dataVolumeGib ?? 50)],
        networkInterfaces: [
          { deviceIndex: 0, associatePublicIpAddress: false, deleteOnTermination: true, groups: [cluster.group.securityGroupId] },
        ],
        monitoring: { enabled: true },
        userData: Fn.base64(bottlerocketUserData({ podPidsLimit: props.podPidsLimit ?? 1024 })),
        tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags: [{ key: 'Name', value: this.node.path }] })),
      },
    });
    this._resource = new CfnNodegroup(this, 'Nodes', {
      clusterName: cluster.reference,
      amiType,
      instanceTypes: props.instanceTypes ?? [amiType.includes('ARM_64') ? 'm6g.large' : 'm6i.large'],
      capacityType: 'ON_DEMAND',
      nodeRole: this.role.roleArn,
      subnets: cluster.subnets.map((subnet) => subnet.subnetId),
      scalingConfig: { minSize, maxSize, desiredSize: minSize },
      launchTemplate: { id: template.ref, version: template.attrLatestVersionNumber },
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
      forceUpdateEnabled: false,
    });
  }
}
