import { type CfnResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { STAGE } from '../controls/lifecycle-stage';

/**
 * How long the things of an environment live and how hard they are to delete: the one prop for retention, deletion protection and
 * pending windows.
 */
export class Lifecycle {
  /**
   * What must not be lost: deletion protection, resources that survive their stack, keys pending 30 days, logs of a year, a NAT gateway a zone.
   * A first deployment that fails still cleans up after itself (`RetainExceptOnCreate`).
   */
  public static production(): Lifecycle {
    return new Lifecycle('production', RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, true, 30, RetentionDays.ONE_YEAR, true);
  }

  /** A rehearsal of production that may be rebuilt: resources survive, but nothing refuses deletion, and one NAT gateway serves all zones. */
  public static staging(): Lifecycle {
    return new Lifecycle('staging', RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, false, 30, RetentionDays.ONE_YEAR, false);
  }

  /** For a preview or a test: everything goes with its stack, images included, keys after 7 days; CloudFormation leaves only buckets that are not empty. */
  public static ephemeral(): Lifecycle {
    return new Lifecycle('ephemeral', RemovalPolicy.DESTROY, false, 7, RetentionDays.ONE_YEAR, false);
  }

  /** Name of the stage: `production`, `staging` or `ephemeral`. */
  public readonly stage: string;
  /** What happens to keys, logs, buckets and repositories when they leave their stack. */
  public readonly removalPolicy: RemovalPolicy;
  /** Whether clusters refuse to be deleted. */
  public readonly deletionProtection: boolean;
  /** How long a key waits before it is deleted. */
  public readonly keyPendingWindow: Duration;
  /** How long logs are kept. */
  public readonly logRetention: RetentionDays;
  /** Whether each zone has a NAT gateway of its own. */
  public readonly natPerZone: boolean;

  private constructor(
    stage: string,
    removalPolicy: RemovalPolicy,
    deletionProtection: boolean,
    pendingDays: number,
    logRetention: RetentionDays,
    natPerZone: boolean,
  ) {
    this.stage = stage;
    this.removalPolicy = removalPolicy;
    this.deletionProtection = deletionProtection;
    this.keyPendingWindow = Duration.days(pendingDays);
    this.logRetention = logRetention;
    this.natPerZone = natPerZone;
  }

  /** Says in the template that a resource may be lost, where its stage lets it: controls ask production alone to last. @internal */
  public _mark(resource: CfnResource): void {
    if (this.stage !== 'production') resource.addMetadata(STAGE, this.stage);
  }
}
