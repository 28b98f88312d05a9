import { type Cron, Duration } from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { outsideStacks } from '../placement';
import type { End } from '../traffic/intents';
import type { IPeer } from '../traffic/peer';
import { podProps } from './pod-props';
import { JOB_TEMPLATE, Sandbox } from './sandbox';
import type { IWorkload, WorkloadProps } from './workload';

/** What a cron job is made of. */
export interface CronJobProps extends WorkloadProps {
  /** When it runs. */
  readonly schedule: Cron;
  /**
   * Time zone of the schedule, as in `Europe/Rome`.
   * @default Etc/UTC
   */
  readonly timeZone?: string;
  /**
   * What happens when the last run has not ended.
   * @default ConcurrencyPolicy.FORBID
   */
  readonly concurrencyPolicy?: plus.ConcurrencyPolicy;
  /**
   * How late a run may still start.
   * @default Duration.minutes(5)
   */
  readonly startingDeadline?: Duration;
  /**
   * Whether no further run starts.
   * @default false
   */
  readonly suspend?: boolean;
  /**
   * Runs that succeeded and are kept.
   * @default 3
   */
  readonly successfulJobsRetained?: number;
  /**
   * Runs that failed and are kept.
   * @default 1
   */
  readonly failedJobsRetained?: number;
  /**
   * Time after which a run is stopped as failed; a run that hangs keeps the next ones from starting.
   * @default - none
   */
  readonly activeDeadline?: Duration;
  /**
   * Pods that may fail before a run has failed.
   * @default 6
   */
  readonly backoffLimit?: number;
  /**
   * Whether a failed container is started again in its pod or in a new one.
   * @default RestartPolicy.NEVER
   */
  readonly restartPolicy?: plus.RestartPolicy;
}

/**
 * A cdk8s-plus CronJob in the restricted sandbox, with its own service account; runs neither overlap nor start much too late.
 *
 * Throws `NoContainer`, `ContainerNameTaken`, `NameInvalid`, `NameTaken`, `LimitBelowRequest`, `HandoffMissing`, `ChartInStack`.
 * @satisfies K-POD-01 K-POD-02 K-POD-03 K-POD-05 K-POD-06 K-POD-07 K-POD-08 K-POD-09 K-POD-10 K-POD-11 K-POD-12 K-POD-13 K-POD-14 K-POD-15 K-POD-16
 * K-POD-17 K-POD-18 K-POD-19 K-POD-20 K-CTR-01 K-CTR-02 K-CTR-03 K-CTR-04 K-CTR-05 K-CTR-06 K-CTR-07 K-CTR-08 K-CTR-09 K-CTR-10 K-CTR-11 K-CTR-12
 * K-CTR-13 K-CTR-14 K-CTR-15 K-CTR-16 K-CTR-17 K-CTR-18 K-CTR-19 K-CTR-20 K-CTR-21 K-CTR-22 K-IMG-01 K-IMG-04 K-RES-01 K-RES-02 K-RES-03 K-RES-04
 * K-RES-05 K-RES-06 K-AVL-03 K-AVL-10
 */
export class CronJob extends plus.CronJob implements IWorkload {
  private readonly sandbox: Sandbox;

  constructor(scope: Construct, id: string, props: CronJobProps) {
    super(outsideStacks(scope, id), id, {
      ...podProps(props, 'ends', `${scope.node.path}/${id}`),
      schedule: props.schedule,
      timeZone: props.timeZone ?? 'Etc/UTC',
      concurrencyPolicy: props.concurrencyPolicy,
      startingDeadline: props.startingDeadline ?? Duration.minutes(5),
      suspend: props.suspend,
      successfulJobsRetained: props.successfulJobsRetained,
      failedJobsRetained: props.failedJobsRetained,
      activeDeadline: props.activeDeadline,
      backoffLimit: props.backoffLimit,
      restartPolicy: props.restartPolicy ?? plus.RestartPolicy.NEVER,
    });
    this.sandbox = new Sandbox(this, props, { template: JOB_TEMPLATE });
  }

  /** Name of the service account its pods run as. */
  public get serviceAccountName(): string {
    return this.serviceAccount!.name;
  }

  /** How policies name it. */
  public get peerName(): string {
    return this.name;
  }

  /** Lets peers open connections to this workload's ports. Throws `NoPort`. */
  public accept(...peers: IPeer[]): void {
    this.sandbox.accept(peers);
  }

  /** Lets this workload open connections to peers. Throws `NoPort`. */
  public reach(...peers: IPeer[]): void {
    this.sandbox.reach(this, peers);
  }

  /** Selects its pods by labels that do not depend on where the construct stands. */
  public toPodSelectorConfig(): plus.PodSelectorConfig {
    return this.sandbox.selectorConfig();
  }

  /** @internal */
  public _end(): End {
    return { kind: 'workload', intents: this.sandbox.intents };
  }
}
