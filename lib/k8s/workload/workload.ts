import type { Duration } from 'cdk8s';
import type { ISecret, IServiceAccount, Volume } from 'cdk8s-plus-28';
import type { IConstruct } from 'constructs';
import type { Decision } from '../../controls/acceptance';
import type { IPeer } from '../traffic/peer';
import type { ContainerProps } from './container';
import type { Selector } from './selector';

/** What all workloads have in common. */
export interface WorkloadProps {
  /** Containers of each pod, at least one. */
  readonly containers: ContainerProps[];
  /**
   * Containers that run to their end before the others start.
   * @default - none
   */
  readonly initContainers?: ContainerProps[];
  /**
   * Volumes of the pod, besides those its containers mount.
   * @default - none
   */
  readonly volumes?: Volume[];
  /**
   * Service account of the pods.
   * @default - an own one, with the workload's name
   */
  readonly serviceAccount?: IServiceAccount;
  /**
   * Who decided that the pods talk to the Kubernetes API, and why: they are given a token. Recorded for K-POD-15.
   * @default - no token
   */
  readonly apiAccess?: Decision;
  /**
   * Labels by which the workload finds its pods.
   * @default - `app.kubernetes.io/name` and `app.kubernetes.io/instance`
   */
  readonly selector?: Selector;
  /**
   * Further labels of the workload and its pods.
   * @default - the recommended labels only
   */
  readonly labels?: { [key: string]: string };
  /**
   * Annotations of the pods.
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };
  /**
   * Group that owns the pod's volumes.
   * @default - the group of the sandbox where the pod has volumes that follow it
   */
  readonly fsGroup?: number;
  /**
   * Time between the request to stop and the kill.
   * @default Duration.seconds(30)
   */
  readonly terminationGracePeriod?: Duration;
  /**
   * Priority class of the pods, which the platform makes: who waits, and who has to go, when nodes are full.
   * @default - the cluster's default class
   */
  readonly priorityClassName?: string;
  /**
   * Credentials of the image registry.
   * @default - those of the node
   */
  readonly dockerRegistryAuth?: ISecret;
}

/** A workload that other workloads can reach and that can reach others. */
export interface IWorkload extends IConstruct, IPeer {
  /** Name of the service account its pods run as. */
  readonly serviceAccountName: string;

  /**
   * Lets peers open connections to this workload's ports: its own NetworkPolicy lets them in, and where the peer is a workload, the peer's lets them out.
   * Throws `NoPort`.
   */
  accept(...peers: IPeer[]): void;

  /** Lets this workload open connections to peers: the same as `peer.accept(this)` where the peer is a workload. */
  reach(...peers: IPeer[]): void;
}
