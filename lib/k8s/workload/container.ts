import type { Size } from 'cdk8s';
import type { ContainerLifecycle, ContainerPort, Cpu, EnvFrom, EnvValue, Probe, VolumeMount } from 'cdk8s-plus-28';
import type { Exemption } from '../../controls/acceptance';
import type { Image } from './image';

/** What a container may use. Memory is never overcommitted: its limit is its request. */
export interface Resources {
  /**
   * CPU the scheduler sets aside.
   * @default - 100 thousandths of a CPU
   */
  readonly cpu?: Cpu;
  /**
   * CPU it may use at most.
   * @default - four times `cpu`
   */
  readonly cpuLimit?: Cpu;
  /**
   * Memory it is given, request and limit alike.
   * @default - 256 MiB
   */
  readonly memory?: Size;
  /**
   * Disk for logs, writable layer and emptyDir volumes that the scheduler sets aside.
   * @default - 256 MiB
   */
  readonly ephemeralStorage?: Size;
  /**
   * Disk after which the pod is evicted.
   * @default - 1 GiB, or `ephemeralStorage` where that is more
   */
  readonly ephemeralStorageLimit?: Size;
}

/** A folder of the node that a container sees: a risk that somebody accepts. */
export interface HostPath {
  /** Absolute path on the node. */
  readonly path: string;
  /** Who accepts that the pod sees the node's files, why and until when; written for K-POD-05 and K-POD-08. */
  readonly exemption: Exemption;
  /**
   * Absolute path in the container.
   * @default - the same as `path`
   */
  readonly mountPath?: string;
  /**
   * Who accepts that the pod changes the node's files; written for K-POD-06.
   * @default - mounted read-only
   */
  readonly writable?: Exemption;
}

/** One container of a pod. */
export interface ContainerProps {
  /** Image to run. */
  readonly image: Image;
  /**
   * Name within the pod; needed from the second container on.
   * @default main
   */
  readonly name?: string;
  /**
   * TCP port it listens on.
   * @default - none, and nothing can be accepted
   */
  readonly portNumber?: number;
  /**
   * Further ports.
   * @default - none
   */
  readonly ports?: ContainerPort[];
  /**
   * Entry point, instead of the image's.
   * @default - the image's
   */
  readonly command?: string[];
  /**
   * Arguments to the entry point.
   * @default - the image's
   */
  readonly args?: string[];
  /**
   * Folder it starts in.
   * @default - the image's
   */
  readonly workingDir?: string;
  /**
   * Environment variables.
   * @default - none
   */
  readonly envVariables?: { [name: string]: EnvValue };
  /**
   * Config maps and secrets read into the environment.
   * @default - none
   */
  readonly envFrom?: EnvFrom[];
  /**
   * When it may receive traffic.
   * @default - a TCP connection to `portNumber` every 10 seconds in workloads that serve; none without a port
   */
  readonly readiness?: Probe;
  /**
   * When it has to be restarted.
   * @default - six TCP connections to `portNumber`, 20 seconds apart, fail; none without a port
   */
  readonly liveness?: Probe;
  /**
   * When the other probes begin.
   * @default - a TCP connection to `portNumber` every 5 seconds, for 150 seconds; none without a port
   */
  readonly startup?: Probe;
  /**
   * What runs after the start and before the end.
   * @default - nothing
   */
  readonly lifecycle?: ContainerLifecycle;
  /**
   * What it may use.
   * @default - see `Resources`
   */
  readonly resources?: Resources;
  /**
   * Volumes it sees.
   * @default - only those of `writablePaths` and `hostPaths`
   */
  readonly volumeMounts?: VolumeMount[];
  /**
   * Absolute paths it writes to, each an empty volume: the root file system is read-only.
   * @default - none
   */
  readonly writablePaths?: string[];
  /**
   * Size of each volume of `writablePaths`.
   * @default - 64 MiB
   */
  readonly writableSize?: Size;
  /**
   * Folders of the node it sees.
   * @default - none
   */
  readonly hostPaths?: HostPath[];
}
