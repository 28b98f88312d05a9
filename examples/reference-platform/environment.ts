import { Stack, type StackProps } from 'aws-cdk-lib';
import { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { aws } from 'cdk-bulwark';
import type { Construct } from 'constructs';

export interface EnvironmentProps extends StackProps {
  /** How long things live, and how hard they are to delete. */
  readonly lifecycle: aws.Lifecycle;
  /** Availability zones by id; three from the region's list where none are given. */
  readonly zoneIds?: string[];
  /** Who may reach the Kubernetes API over which network. */
  readonly endpoint?: aws.Endpoint;
}

/**
 * One environment of the platform: a closed network, a cluster, the registry its images come from, and the bucket of statements that two
 * workloads read, one with each style of identity.
 */
export class Environment extends Stack {
  public readonly cluster: aws.Cluster;
  public readonly handoff: aws.Handoff;

  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    const { lifecycle } = props;
    const network = new aws.Network(this, 'Network', { zoneIds: props.zoneIds, lifecycle });
    const admins = Role.fromRoleName(this, 'Admins', 'platform-admins');
    this.cluster = new aws.Cluster(this, 'Cluster', {
      version: KubernetesVersion.V1_35,
      network,
      admins: [admins],
      endpoint: props.endpoint,
      lifecycle,
    });

    new aws.Repository(this, 'Images', { lifecycle });
    const statements = new aws.Bucket(this, 'Statements', { lifecycle });
    statements.grantRead(this.cluster.podRole('Ledger', { namespace: 'payments', serviceAccount: 'ledger' }));
    statements.grantRead(
      this.cluster.podRole('Reports', { namespace: 'storefront', serviceAccount: 'reports', identity: aws.Identity.irsa() }),
    );

    this.handoff = aws.Handoff.of(this.cluster);
    this.handoff.output('StatementsBucket', statements.bucketName);
  }
}
