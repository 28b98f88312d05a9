import { Duration } from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { outsideStacks } from '../placement';
import type { End } from '../traffic/intents';
import type { IPeer } from '../traffic/peer';
import { podProps } from './pod-props';
import { Sandbox, TEMPLATE } from './sandbox';
import type { IWorkload, WorkloadProps } from './workload';

/** What a job is made of. */
export interface JobProps extends WorkloadProps {
  /**
   * Time after which it is stopped as failed.
   * @default - none
   */
  readonly activeDeadline?: Duration;
  /**
   * Pods that may fail before the job has failed.
   * @default 6
   */
  readonly backoffLimit?: number;
  /**
   * Time after its end at which the job and its pods are deleted.
   * @default Duration.days(1)
   */
  readonly ttlAfterFinished?: Duration;
  /**
   * Whether a failed container is started again in its pod or in a new one.
   * @default RestartPolicy.NEVER
   */
  readonly restartPolicy?: plus.RestartPolicy;
}

/**
 * A cdk8s-plus Job in the restricted sandbox, with its own service account, deleted a day after its end.
 *
 * Throws `NoContainer`, `ContainerNameTaken`, `NameInvalid`, `NameTaken`, `LimitBelowRequest`, `HandoffMissing`, `ChartInStack`.
 * @satisfies K-POD-01 K-POD-02 K-POD-03 K-POD-05 K-POD-06 K-POD-07 K-POD-08 K-POD-09 K-POD-10 K-POD-11 K-POD-12 K-POD-13 K-POD-14 K-POD-15 K-POD-16
 * K-POD-17 K-POD-18 K-POD-19 K-POD-20 K-CTR-01 K-CTR-02 K-CTR-03 K-CTR-04 K-CTR-05 K-CTR-06 K-CTR-07 K-CTR-08 K-CTR-09 K-CTR-10 K-CTR-11 K-CTR-12
 * K-CTR-13 K-CTR-14 K-CTR-15 K-CTR-16 K-CTR-17 K-CTR-18 K-CTR-19 K-CTR-20 K-CTR-21 K-CTR-22 K-IMG-01 K-IMG-04 K-RES-01 K-RES-02 K-RES-03 K-RES-04
 * K-RES-05 K-RES-06 K-AVL-03 K-AVL-10
 */
export class Job extends plus.Job implements IWorkload {
  private readonly sandbox: Sandbox;

  constructor(scope: Construct, id: string, props: JobProps) {
    super(outsideStacks(scope, id), id, {
      ...podProps(props, 'ends', `${scope.node.path}/${id}`),
      activeDeadline: props.activeDeadline,
      backoffLimit: props.backoffLimit,
      ttlAfterFinished: props.ttlAfterFinished ?? Duration.days(1),
      restartPolicy: props.restartPolicy ?? plus.RestartPolicy.NEVER,
    });
    this.sandbox = new Sandbox(this, props, { template: TEMPLATE });
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
