import type { Duration } from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { InputError } from '../../error';
import { claim } from '../names';
import { outsideStacks } from '../placement';
import type { End } from '../traffic/intents';
import type { IPeer } from '../traffic/peer';
import { podProps } from './pod-props';
import { disruptionBudget, Sandbox, spread, TEMPLATE } from './sandbox';
import type { IWorkload, WorkloadProps } from './workload';

/** What a deployment is made of. */
export interface DeploymentProps extends WorkloadProps {
  /**
   * Pods that run at once.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * How pods are replaced by newer ones.
   * @default - rolling, at most a quarter more and a quarter fewer pods
   */
  readonly strategy?: plus.DeploymentStrategy;
  /**
   * Time a new pod must be ready before it counts.
   * @default Duration.seconds(0)
   */
  readonly minReady?: Duration;
  /**
   * Time after which a rollout that stands still has failed.
   * @default Duration.minutes(10)
   */
  readonly progressDeadline?: Duration;
}

/**
 * A cdk8s-plus Deployment in the restricted sandbox, with its own service account, spread over zones, drained one pod at a time.
 *
 * Throws `NoContainer`, `ContainerNameTaken`, `NameInvalid`, `NameTaken`, `LimitBelowRequest`, `HandoffMissing`, `ChartInStack`.
 * @satisfies K-POD-01 K-POD-02 K-POD-03 K-POD-05 K-POD-06 K-POD-07 K-POD-08 K-POD-09 K-POD-10 K-POD-11 K-POD-12 K-POD-13 K-POD-14 K-POD-15 K-POD-16
 * K-POD-17 K-POD-18 K-POD-19 K-POD-20 K-CTR-01 K-CTR-02 K-CTR-03 K-CTR-04 K-CTR-05 K-CTR-06 K-CTR-07 K-CTR-08 K-CTR-09 K-CTR-10 K-CTR-11 K-CTR-12
 * K-CTR-13 K-CTR-14 K-CTR-15 K-CTR-16 K-CTR-17 K-CTR-18 K-CTR-19 K-CTR-20 K-CTR-21 K-CTR-22 K-IMG-01 K-IMG-04 K-RES-01 K-RES-02 K-RES-03 K-RES-04
 * K-RES-05 K-RES-06 K-AVL-03 K-AVL-04 K-AVL-05 K-AVL-06 K-AVL-07
 */
export class Deployment extends plus.Deployment implements IWorkload {
  private readonly sandbox: Sandbox;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(outsideStacks(scope, id), id, {
      ...podProps(props, 'serves', `${scope.node.path}/${id}`),
      replicas: props.replicas,
      strategy: props.strategy,
      minReady: props.minReady,
      progressDeadline: props.progressDeadline,
      select: false,
    });
    const many = (props.replicas ?? 2) > 1;
    this.sandbox = new Sandbox(this, props, {
      template: TEMPLATE,
      finish: (_, spec) => {
        if (many) spread(spec, this.sandbox.selector);
      },
    });
    this.select(plus.LabelSelector.of({ labels: { ...this.sandbox.selector } }));
    if (many) disruptionBudget(this, this.sandbox.selector);
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

  /**
   * A Service with the deployment's name before its pods, on the ports they listen on: NetworkPolicy in EKS needs a service port to equal its target.
   * Throws `ServicePortMapped`.
   */
  public exposeViaService(options: plus.DeploymentExposeViaServiceOptions = {}): plus.Service {
    const mapped = options.ports?.find((port) => port.targetPort !== undefined && port.targetPort !== port.port);
    if (mapped !== undefined) {
      throw new InputError(
        'ServicePortMapped',
        `service port ${mapped.port} leads to port ${mapped.targetPort}, which network policies do not follow; let the service listen on ${mapped.targetPort}`,
        { path: this.node.path },
      );
    }
    const name = options.name ?? this.name;
    claim(this, 'Service', name, this.metadata.namespace);
    return super.exposeViaService({ ...options, name });
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
