import { ApiObject, Chart } from 'cdk8s';
import { type AbstractPod, type IServiceAccount, LabelSelector, Pod, type PodSelectorConfig, ServiceAccount } from 'cdk8s-plus-28';
import { InputError } from '../../error';
import type { JsonObject } from '../../inventory/value';
import { withAcceptances } from '../acceptances';
import { versionOf } from '../kubernetes-version';
import { claim, dnsLabel } from '../names';
import { sorted } from '../sorted';
import { Tenant } from '../tenancy/tenant';
import { Intents } from '../traffic/intents';
import type { IPeer } from '../traffic/peer';
import type { ContainerProps } from './container';
import { hardened } from './hardening';
import { hostPaths, writablePaths } from './mounts';
import { patchedPointers, replayPatches } from './patches';
import { type ContainerQuantities, quantities } from './pod-props';
import type { WorkloadProps } from './workload';

const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/** Where an object keeps its pod. */
export type SpecPath = readonly string[];
export const POD: SpecPath = [];
export const TEMPLATE: SpecPath = ['spec', 'template'];
export const JOB_TEMPLATE: SpecPath = ['spec', 'jobTemplate', 'spec', 'template'];

export interface SandboxOptions {
  readonly template: SpecPath;
  /** Fills fields that cdk8s-plus has no words for. */
  readonly finish?: (object: JsonObject, spec: JsonObject) => void;
}

/**
 * What makes a cdk8s-plus workload ours: names and selectors that survive refactoring, an own service account, intents, and hardening of the very
 * object that is written.
 */
export class Sandbox {
  public readonly selector: { readonly [key: string]: string };
  public readonly intents: Intents;
  private readonly quantities = new Map<string, ContainerQuantities>();
  private readonly declaredUsers = new Set<string>();
  private readonly priorityClassName?: string;

  constructor(
    private readonly host: AbstractPod,
    props: WorkloadProps,
    private readonly options: SandboxOptions,
  ) {
    const tenant = Tenant._of(host);
    const apiObject = ApiObject.of(host);
    const { namespace } = host.metadata;
    const name = labelValue(host.node.id, host);
    const instance = tenant === undefined ? labelValue(Chart.of(host).node.id || name, host) : host.name;
    this.selector = props.selector?.labels ?? { 'app.kubernetes.io/instance': instance, 'app.kubernetes.io/name': name };
    claim(host, 'selector', Object.entries(this.selector).sort().join(), namespace);
    this.label(props, tenant, { 'app.kubernetes.io/instance': instance, 'app.kubernetes.io/name': name });
    for (const [key, value] of Object.entries(props.podAnnotations ?? {})) host.podMetadata.addAnnotation(key, value);

    this.intents = new Intents(host, { labels: this.selector, denied: tenant !== undefined });
    const account = props.serviceAccount ?? this.account();
    // plus wants it before there is a construct to put it below, and reads it when it renders.
    (host as { serviceAccount?: IServiceAccount }).serviceAccount = account;
    const role = this.intents.credentials(account.name);
    if (role !== undefined && account instanceof ServiceAccount) announce(account, role);

    props.apiAccess?.attach(host, 'K-POD-15');
    if (props.priorityClassName !== undefined) this.priorityClassName = dnsLabel(props.priorityClassName, 'priority class', host.node.path);
    const containers = [...props.containers, ...(props.initContainers ?? [])];
    for (const [index, container] of [...host.containers, ...host.initContainers].entries()) {
      this.equip(container.name, containers[index]);
      writablePaths(host, container, containers[index]);
      hostPaths(host, container, containers[index].hostPaths ?? [], tenant);
    }

    const render = apiObject.toJson;
    apiObject.toJson = () => this.render(apiObject, render.call(apiObject));
  }

  public selectorConfig(): PodSelectorConfig {
    const { namespace } = this.host.metadata;
    return {
      labelSelector: LabelSelector.of({ labels: { ...this.selector } }),
      namespaces: namespace === undefined ? undefined : { names: [namespace] },
    };
  }

  public accept(peers: IPeer[]): void {
    for (const peer of peers) this.intents.accept(peer);
  }

  public reach(self: IPeer, peers: IPeer[]): void {
    for (const peer of peers) this.intents.reach(self, peer);
  }

  private label(props: WorkloadProps, tenant: Tenant | undefined, identity: { [key: string]: string }): void {
    const version = props.containers[0].image.tag;
    const labels = {
      'app.kubernetes.io/managed-by': 'cdk-bulwark',
      ...(tenant === undefined ? {} : { 'app.kubernetes.io/part-of': tenant.namespaceName }),
      ...(version !== undefined && LABEL_VALUE.test(version) ? { 'app.kubernetes.io/version': version } : {}),
      ...identity,
      ...props.labels,
      ...this.selector,
    };
    for (const [key, value] of Object.entries(labels)) {
      this.host.metadata.addLabel(key, value);
      if (this.host.podMetadata !== this.host.metadata) this.host.podMetadata.addLabel(key, value);
    }
  }

  private account(): ServiceAccount {
    const { name } = this.host;
    claim(this.host, 'ServiceAccount', name, this.host.metadata.namespace);
    const account = new ServiceAccount(this.host, 'ServiceAccount', { metadata: { name, namespace: this.host.metadata.namespace } });
    // The API server refuses a pod whose account is not there yet.
    ApiObject.of(this.host).addDependency(ApiObject.of(account));
    return account;
  }

  private equip(name: string, props: ContainerProps): void {
    this.quantities.set(name, quantities(props.resources, this.host.node.path));
    if (props.image.declaresUser) this.declaredUsers.add(name);
  }

  private render(apiObject: ApiObject, object: JsonObject): JsonObject {
    const pointers = patchedPointers(apiObject);
    if (pointers.length > 0) replayPatches(apiObject, object, pointers);
    const template = this.options.template.reduce((at, key) => at[key] as JsonObject, object);
    const spec = template.spec as JsonObject;
    const prefix = ['', ...this.options.template, 'spec', ''].join('/');
    const patched = pointers
      .filter((pointer) => pointer.startsWith(prefix))
      .map((pointer) => pointer.slice(prefix.length).replaceAll('/', '.'));
    const userSet = (path: string) => patched.some((at) => path === at || path.startsWith(`${at}.`));

    // Depends on the place in the tree, so moving the construct would restart every pod.
    delete (template.metadata as { labels?: JsonObject } | undefined)?.labels?.[Pod.ADDRESS_LABEL];
    this.fillResources(spec, userSet);
    if (this.priorityClassName !== undefined) spec.priorityClassName ??= this.priorityClassName;
    this.options.finish?.(object, spec);
    const safe = hardened(object, {
      kubernetes: versionOf(this.host),
      generated: true,
      userSet,
      imageUserDeclared: (container) => this.declaredUsers.has(container),
    });
    return { ...(sorted(safe) as JsonObject), ...head(safe, this.host) };
  }

  private fillResources(spec: JsonObject, userSet: (path: string) => boolean): void {
    for (const kind of ['containers', 'initContainers']) {
      for (const [index, container] of ((spec[kind] ?? []) as JsonObject[]).entries()) {
        const own = this.quantities.get(container.name as string);
        if (own === undefined || userSet(`${kind}.${index}.resources`)) continue;
        container.resources ??= {};
        const resources = container.resources as JsonObject;
        for (const side of ['limits', 'requests'] as const) {
          resources[side] ??= {};
          const filled = resources[side] as JsonObject;
          for (const [resource, amount] of Object.entries(own[side])) {
            if (!userSet(`${kind}.${index}.resources.${side}.${resource}`)) filled[resource] = amount;
          }
        }
      }
    }
  }
}

function labelValue(value: string, host: AbstractPod): string {
  if (!LABEL_VALUE.test(value)) {
    throw new InputError('NameInvalid', `'${value}' cannot be a label value; use at most 63 letters, digits, '-', '_' and '.'`, {
      path: host.node.path,
    });
  }
  return value;
}

/** Tells EKS which role the account's pods assume, and to ask the regional STS: the global one has no endpoint inside a VPC. */
function announce(account: ServiceAccount, role: string): void {
  account.metadata.addAnnotation(ROLE_ANNOTATION, role);
  account.metadata.addAnnotation('eks.amazonaws.com/sts-regional-endpoints', 'true');
}

/** The order in which cdk8s writes the first keys, and the acceptances for those who use a plain cdk8s App. */
function head(object: JsonObject, host: AbstractPod): JsonObject {
  const { apiVersion, kind, metadata } = object;
  return {
    apiVersion,
    kind,
    metadata: sorted(withAcceptances(metadata as { annotations?: { [key: string]: string } }, host) as JsonObject),
  };
}

/** Spreads a workload's pods over zones and nodes where there is room, without ever keeping one from being scheduled. */
export function spread(spec: JsonObject, labels: { readonly [key: string]: string }): void {
  const labelSelector = { matchLabels: { ...labels } };
  spec.topologySpreadConstraints ??= [
    { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
  ];
  spec.affinity ??= {};
  const affinity = spec.affinity as JsonObject;
  affinity.podAntiAffinity ??= {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { ...labels } } } },
    ],
  };
}

/** Lets a node be drained one pod at a time, and pods that never became ready at once. */
export function disruptionBudget(host: AbstractPod, labels: { readonly [key: string]: string }): void {
  new ApiObject(host, 'DisruptionBudget', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: host.name, namespace: host.metadata.namespace },
    spec: { maxUnavailable: 1, selector: { matchLabels: { ...labels } }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  });
}
