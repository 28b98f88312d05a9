import { Fn } from 'aws-cdk-lib';
import { CfnLaunchTemplate, type ISecurityGroup, type ISubnet } from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import { NodegroupAmiType } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { InputError } from '../../error';
import { bottlerocketUserData } from './bottlerocket-settings';

/** Size and shape of a node group. */
export interface NodeGroupProps {
  /**
   * Operating system image of the nodes: one of the Bottlerocket types.
   * @default - Bottlerocket for the processors of the instance types
   */
  readonly amiType?: NodegroupAmiType;
  /**
   * Instance types, by preference, all of one kind of processor.
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
 * Made by `cluster.addNodeGroup(...)`. Throws `AmiUnsupported`, `InstanceTypeInvalid`, `ProcessorsMixed` and `SizeInvalid`.
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
    const { minSize = 2, maxSize = 6, dataVolumeGib = 50, podPidsLimit = 1024 } = props;
    const { amiType, instanceTypes } = machineOf(props, this.node.path);
    const whole = (value: number, least: number): boolean => Number.isInteger(value) && value >= least;
    if (!whole(minSize, 1) || !whole(maxSize, minSize)) {
      throw new InputError('SizeInvalid', `minSize is ${minSize} and maxSize ${maxSize}; give whole numbers, 1 <= minSize <= maxSize`, {
        path: this.node.path,
      });
    }
    if (!whole(dataVolumeGib, 20)) {
      throw new InputError('SizeInvalid', `dataVolumeGib is ${dataVolumeGib}, too small for images and logs; give 20 or more`, {
        path: this.node.path,
      });
    }
    if (!whole(podPidsLimit, 64)) {
      throw new InputError('SizeInvalid', `podPidsLimit is ${podPidsLimit}, too small for a pod to start; give 64 or more`, {
        path: this.node.path,
      });
    }

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
        blockDeviceMappings: [volume('/dev/xvda'), volume('/dev/xvdb', dataVolumeGib)],
        networkInterfaces: [
          { deviceIndex: 0, associatePublicIpAddress: false, deleteOnTermination: true, groups: [cluster.group.securityGroupId] },
        ],
        monitoring: { enabled: true },
        userData: Fn.base64(bottlerocketUserData({ podPidsLimit })),
        tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags: [{ key: 'Name', value: this.node.path }] })),
      },
    });
    this._resource = new CfnNodegroup(this, 'Nodes', {
      clusterName: cluster.reference,
      amiType,
      instanceTypes,
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

/** Families with an Arm processor have a `g` behind the generation, Grace ones `-gb`; the parser of aws-cdk-lib refuses newer forms of names. */
const GRAVITON = /^a1\.|^[a-z]+\d+[a-z]*g[a-z]*[.-]|-gb\d/;

/** Image and instance types that fit each other: EKS would find out only when the first node does not start. */
function machineOf(props: NodeGroupProps, path: string): { amiType: NodegroupAmiType; instanceTypes: string[] } {
  const given = props.instanceTypes ?? [];
  for (const type of given) {
    if (!/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type))
      throw new InputError('InstanceTypeInvalid', `'${type}' is no instance type; write it as m6i.large`, { path });
  }
  const arm = given.map((type) => GRAVITON.test(type));
  const amiType = props.amiType ?? (arm[0] ? NodegroupAmiType.BOTTLEROCKET_ARM_64 : NodegroupAmiType.BOTTLEROCKET_X86_64);
  if (!amiType.startsWith('BOTTLEROCKET_')) {
    const why = amiType.startsWith('AL2_') ? 'Amazon Linux 2 has no images for Kubernetes 1.33 and later' : 'it is no Bottlerocket image';
    throw new InputError('AmiUnsupported', `amiType is '${amiType}', and ${why}; use one of the BOTTLEROCKET types`, { path });
  }
  const armImage = amiType.includes('ARM_64');
  const other = given.find((_, index) => arm[index] !== armImage);
  if (other !== undefined) {
    throw new InputError(
      'ProcessorsMixed',
      `the instance type '${other}' does not run ${amiType}; make a node group for each kind of processor`,
      {
        path,
      },
    );
  }
  return { amiType, instanceTypes: given.length > 0 ? given : [armImage ? 'm6g.large' : 'm6i.large'] };
}
