import type { Duration, Size } from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { InputError } from '../../error';
import type { JsonObject } from '../../inventory/value';
import { claim, dnsLabel } from '../names';
import { outsideStacks } from '../placement';
import { Tenant } from '../tenancy/tenant';
import type { End } from '../traffic/intents';
import type { IPeer } from '../traffic/peer';
import { podProps } from './pod-props';
import { quantity } from './resources';
import { disruptionBudget, Sandbox, spread, TEMPLATE } from './sandbox';
import type { IWorkload, WorkloadProps } from './workload';

/** A disk that each pod of a stateful set has of its own and keeps. */
export interface VolumeClaim {
  /** Name of the volume; it becomes part of the name of the claim and can never change. */
  readonly name: string;
  /** Absolute path at which the first container sees it. */
  readonly path: string;
  /** Size of the disk. */
  readonly size: Size;
  /**
   * Storage class that makes the disk.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;
}

/** What a stateful set is made of. */
export interface StatefulSetProps extends WorkloadProps {
  /**
   * Pods that run at once.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Headless service that gives the pods their names.
   * @default - an own one, with the stateful set's name and the ports of its containers
   */
  readonly service?: plus.Service;
  /**
   * How pods are replaced by newer ones.
   * @default - rolling, one by one
   */
  readonly strategy?: plus.StatefulSetUpdateStrategy;
  /**
   * Whether pods start one after the other or all at once.
   * @default PodManagementPolicy.ORDERED_READY
   */
  readonly podManagementPolicy?: plus.PodManagementPolicy;
  /**
   * Time a new pod must be ready before it counts.
   * @default Duration.seconds(0)
   */
  readonly minReady?: Duration;
  /**
   * Disks each pod has of its own.
   * @default - none
   */
  readonly volumeClaims?: VolumeClaim[];
}

/**
 * A cdk8s-plus StatefulSet in the restricted sandbox, with its own service account and headless service.
 *
 * Throws `NoPort`, `NoContainer`, `ContainerNameTaken`, `NameInvalid`, `NameTaken`, `LimitBelowRequest`, `HandoffMissing`, `ChartInStack`.
 * @satisfies K-POD-01 K-POD-02 K-POD-03 K-POD-05 K-POD-06 K-POD-07 K-POD-08 K-POD-09 K-POD-10 K-POD-11 K-POD-12 K-POD-13 K-POD-14 K-POD-15 K-POD-16
 * K-POD-17 K-POD-18 K-POD-19 K-POD-20 K-CTR-01 K-CTR-02 K-CTR-03 K-CTR-04 K-CTR-05 K-CTR-06 K-CTR-07 K-CTR-08 K-CTR-09 K-CTR-10 K-CTR-11 K-CTR-12
 * K-CTR-13 K-CTR-14 K-CTR-15 K-CTR-16 K-CTR-17 K-CTR-18 K-CTR-19 K-CTR-20 K-CTR-21 K-CTR-22 K-IMG-01 K-IMG-04 K-RES-01 K-RES-02 K-RES-03 K-RES-04
 * K-RES-05 K-RES-06 K-AVL-03 K-AVL-06 K-AVL-07 K-NET-09 K-HYG-02
 */
export class StatefulSet extends plus.StatefulSet implements IWorkload {
  private readonly sandbox: Sandbox;

  constructor(scope: Construct, id: string, props: StatefulSetProps) {
    super(outsideStacks(scope, id), id, {
      ...podProps(props, 'serves', `${scope.node.path}/${id}`),
      replicas: props.replicas,
      service: props.service ?? headlessService(scope, id, props),
      strategy: props.strategy,
      podManagementPolicy: props.podManagementPolicy,
      minReady: props.minReady,
      select: false,
    });
    const many = (props.replicas ?? 1) > 1;
    this.sandbox = new Sandbox(this, props, {
      template: TEMPLATE,
      finish: (object, spec) => {
        if (many) spread(spec, this.sandbox.selector);
        if (props.volumeClaims !== undefined) claimVolumes(object, spec, props.volumeClaims);
      },
    });
    for (const { name } of props.volumeClaims ?? []) dnsLabel(name, 'volume claim', this.node.path);
    this.select(plus.LabelSelector.of({ labels: { ...this.sandbox.selector } }));
    // plus asked for the selector before there was one.
    this.service.select(this);
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

  /** Selects its pods by labels that do not depend on where the construct stands. */
  public toPodSelectorConfig(): plus.PodSelectorConfig {
    // Called by the constructor of plus, before there is a sandbox.
    return this.sandbox?.selectorConfig() ?? { labelSelector: plus.LabelSelector.of({}) };
  }

  /** @internal */
  public _end(): End {
    return { kind: 'workload', intents: this.sandbox.intents };
  }
}

/** The service that names the pods. plus would name it by the place in the tree. */
function headlessService(scope: Construct, id: string, props: StatefulSetProps): plus.Service {
  const path = `${scope.node.path}/${id}`;
  const ports = props.containers.flatMap(({ portNumber, ports: more = [] }) => [
    ...(portNumber === undefined ? [] : [{ number: portNumber }]),
    ...more,
  ]);
  if (ports.length === 0) {
    throw new InputError(
      'NoPort',
      `the stateful set '${path}' listens on no port, so its pods get no names; set portNumber on a container`,
      { path },
    );
  }
  const tenant = Tenant._of(scope);
  if (tenant !== undefined) claim(scope, 'Service', id, tenant.namespaceName);
  return new plus.Service(scope, `${id}-service`, {
    metadata: tenant === undefined ? undefined : { name: id },
    ports: ports.map(({ number, name, protocol }: plus.ContainerPort) => ({ port: number, targetPort: number, name, protocol })),
    clusterIP: 'None',
    type: plus.ServiceType.CLUSTER_IP,
  });
}

/** plus has no words for claims, so they are written into what it rendered. */
function claimVolumes(object: JsonObject, spec: JsonObject, claims: readonly VolumeClaim[]): void {
  (object.spec as JsonObject).volumeClaimTemplates ??= claims.map(({ name, size, storageClassName }) => ({
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: quantity(size) } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
    },
  }));
  const [first] = spec.containers as JsonObject[];
  first.volumeMounts ??= [];
  const mounts = first.volumeMounts as JsonObject[];
  for (const { name, path } of claims) {
    if (!mounts.some((mount) => mount.name === name)) mounts.push({ name, mountPath: path });
  }
}
