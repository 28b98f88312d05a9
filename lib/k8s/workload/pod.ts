import * as plus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { outsideStacks } from '../placement';
import type { End } from '../traffic/intents';
import type { IPeer } from '../traffic/peer';
import { podProps } from './pod-props';
import { POD, Sandbox } from './sandbox';
import type { IWorkload, WorkloadProps } from './workload';

/** What a pod is made of. */
export interface PodProps extends WorkloadProps {
  /**
   * Whether containers that end are started again.
   * @default RestartPolicy.ALWAYS
   */
  readonly restartPolicy?: plus.RestartPolicy;
}

/**
 * A cdk8s-plus Pod in the restricted sandbox, with its own service account. Nothing starts it again when its node goes away: prefer a Deployment or a Job.
 *
 * Throws `NoContainer`, `ContainerNameTaken`, `NameInvalid`, `NameTaken`, `LimitBelowRequest`, `HandoffMissing`, `ChartInStack`.
 * @satisfies K-POD-01 K-POD-02 K-POD-03 K-POD-05 K-POD-06 K-POD-07 K-POD-08 K-POD-09 K-POD-10 K-POD-11 K-POD-12 K-POD-13 K-POD-14 K-POD-15 K-POD-16
 * K-POD-17 K-POD-18 K-POD-19 K-POD-20 K-CTR-01 K-CTR-02 K-CTR-03 K-CTR-04 K-CTR-05 K-CTR-06 K-CTR-07 K-CTR-08 K-CTR-09 K-CTR-10 K-CTR-11 K-CTR-12
 * K-CTR-13 K-CTR-14 K-CTR-15 K-CTR-16 K-CTR-17 K-CTR-18 K-CTR-19 K-CTR-20 K-CTR-21 K-CTR-22 K-IMG-01 K-IMG-04 K-RES-01 K-RES-02 K-RES-03 K-RES-04
 * K-RES-05 K-RES-06 K-AVL-03
 */
export class Pod extends plus.Pod implements IWorkload {
  private readonly sandbox: Sandbox;

  constructor(scope: Construct, id: string, props: PodProps) {
    super(outsideStacks(scope, id), id, {
      ...podProps(props, 'serves', `${scope.node.path}/${id}`),
      restartPolicy: props.restartPolicy,
    });
    this.sandbox = new Sandbox(this, props, { template: POD });
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
