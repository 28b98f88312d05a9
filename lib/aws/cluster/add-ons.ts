import { CfnAddon } from 'aws-cdk-lib/aws-eks';
import { ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { podIdentityPrincipal } from '../identity/pod-identity-principal';

const CNI_ACCOUNT = 'aws-node';
const CSI_ACCOUNT = 'ebs-csi-controller-sa';

/** Whether an add-on brings a role for a service account, so that no other may. @internal */
export function servesAddOn(namespace: string, serviceAccount: string): boolean {
  return namespace === 'kube-system' && (serviceAccount === CNI_ACCOUNT || serviceAccount === CSI_ACCOUNT);
}

/** What the add-ons need of their cluster. @internal */
export interface AddOnsProps {
  /** The name as text. */
  readonly clusterName: string;
  /** A reference to the cluster, which orders what names it after it. */
  readonly reference: string;
  readonly clusterArn: string;
  /** Key of the volumes that the EBS driver makes. */
  readonly volumeKey: IKey;
}

/**
 * The add-ons every cluster needs, by CloudFormation alone, in the order in which they can come up: network, proxy and identity before any node, what runs
 * as ordinary pods after it. Each that calls AWS has a role of its own, so that nodes carry none of it.
 * @internal
 */
export class AddOns extends Construct {
  /** What nodes wait for. */
  readonly beforeCompute: readonly CfnAddon[];
  private afterCompute: readonly CfnAddon[] = [];
  private readonly csi: Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AddOnsProps,
  ) {
    super(scope, id);
    const cni = this.role('VpcCni', CNI_ACCOUNT, 'AmazonEKS_CNI_Policy');
    this.csi = this.role('EbsCsi', CSI_ACCOUNT, 'service-role/AmazonEBSCSIDriverPolicy');
    props.volumeKey.grantEncryptDecrypt(this.csi);
    this.csi.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:CreateGrant'],
        resources: [props.volumeKey.keyArn],
        conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    );
    const agent = this.addOn('eks-pod-identity-agent');
    const network = this.addOn('vpc-cni', { settings: { enableNetworkPolicy: 'true' }, serviceAccount: CNI_ACCOUNT, role: cni });
    // The network add-on takes its credentials from the agent and crashes where there is none.
    network.node.addDependency(agent);
    this.beforeCompute = [agent, network, this.addOn('kube-proxy')];
  }

  /** Orders the add-ons around nodes: these wait for the network, and ordinary pods wait for these. Without any node the latter could never start. */
  around(nodes: Construct): void {
    if (this.afterCompute.length === 0) {
      this.afterCompute = [
        this.addOn('coredns'),
        this.addOn('aws-ebs-csi-driver', { serviceAccount: CSI_ACCOUNT, role: this.csi }),
        this.addOn('metrics-server'),
      ];
    }
    nodes.node.addDependency(...this.beforeCompute);
    for (const addOn of this.afterCompute) addOn.node.addDependency(nodes);
  }

  private addOn(
    name: string,
    options: { readonly settings?: object; readonly serviceAccount?: string; readonly role?: Role } = {},
  ): CfnAddon {
    const { settings, serviceAccount, role } = options;
    return new CfnAddon(this, name, {
      addonName: name,
      clusterName: this.props.reference,
      resolveConflicts: 'OVERWRITE',
      configurationValues: settings === undefined ? undefined : JSON.stringify(settings),
      podIdentityAssociations: role === undefined || serviceAccount === undefined ? undefined : [{ serviceAccount, roleArn: role.roleArn }],
    });
  }

  private role(id: string, serviceAccount: string, policy: string): Role {
    return new Role(this, `${id}Role`, {
      description: `add-on ${serviceAccount} of ${this.props.clusterName}`,
      assumedBy: podIdentityPrincipal(this, this.props.clusterArn, 'kube-system', serviceAccount),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(policy)],
    });
  }
}
