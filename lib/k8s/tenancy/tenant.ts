import { ApiObject, Chart, JsonPatch, Lazy, type Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { REGISTRIES_ANNOTATION } from '../../controls/registries-annotation';
import { versionOf } from '../kubernetes-version';
import { claim, dnsLabel } from '../names';
import { outsideStacks } from '../placement';
import { dnsEgress, policy } from '../traffic/policy';
import { limits, quota } from './budget';
import { PodSecurity, PodSecurityLevel } from './pod-security';
import { registryList } from './registries';

const TENANT = Symbol.for('cdk-bulwark.k8s.Tenant');
/** Kinds whose name becomes part of other names, which leaves them fewer letters. */
const LONGEST_NAME: { readonly [kind: string]: number } = { CronJob: 52 };

/** What a tenant is given. */
export interface TenantProps {
  /** CPU all its pods may request together; they may use four times as much while it is free. */
  readonly cpu: Cpu;
  /** Memory all its pods may use together. */
  readonly memory: Size;
  /**
   * Pods it may have at once.
   * @default 100
   */
  readonly pods?: number;
  /**
   * Disk of the nodes that all its pods may use together.
   * @default - 1 GiB a pod
   */
  readonly ephemeralStorage?: Size;
  /**
   * Pod Security Standard its namespace enforces.
   * @default PodSecurity.restricted()
   */
  readonly podSecurity?: PodSecurity;
  /**
   * Registries that images of its pods come from, by host and path, as in `111122223333.dkr.ecr.eu-west-1.amazonaws.com/payments`.
   * @default - any registry; K-IMG-03 has nothing to judge by
   */
  readonly registries?: string[];
  /**
   * Further labels of the namespace, as an owner or a cost centre.
   * @default - none
   */
  readonly namespaceLabels?: { [key: string]: string };
}

/**
 * One team's namespace: nothing reaches it, leaves it or outgrows it until somebody says so.
 *
 * Its id is the namespace; objects in it are called by their construct ids. It holds the namespace with pinned Pod Security labels, a quota, default
 * limits, and policies that deny all traffic but name resolution.
 * Throws `NameInvalid`, `NameTaken`, `ChartInStack`, `SizeInvalid`, `CpuInvalid`, `RegistryInvalid` or `RegistriesEmpty`.
 * @satisfies K-RES-07 K-RES-08 K-NSP-01 K-NSP-03 K-NSP-05 K-NET-01 K-NET-02 K-NET-04 K-NET-05
 */
export class Tenant extends Chart {
  /**
   * The tenant a construct belongs to, if any.
   * @internal
   */
  public static _of(scope: Construct): Tenant | undefined {
    return scope.node.scopes.reverse().find((ancestor): ancestor is Tenant => TENANT in ancestor);
  }

  /** Name of its namespace. */
  public readonly namespaceName: string;
  /** Pod Security Standard its namespace enforces. */
  public readonly podSecurityLevel: PodSecurityLevel;

  constructor(scope: Construct, id: string, props: TenantProps) {
    super(outsideStacks(scope, id), id, {
      namespace: dnsLabel(id, 'namespace', `${scope.node.path}/${id}`),
      labels: { 'app.kubernetes.io/managed-by': 'cdk-bulwark', 'app.kubernetes.io/part-of': id },
      disableResourceNameHashes: true,
    });
    Object.defineProperty(this, TENANT, { value: true });
    this.namespaceName = id;
    const security = props.podSecurity ?? PodSecurity.restricted();
    this.podSecurityLevel = security.level;
    security.exemption?.attach(this, 'K-NSP-03');
    claim(this, 'Namespace', id, undefined);

    // Asked when it is written: the App may be rendered for another version.
    const version: string = Lazy.any({ produce: () => `v${versionOf(this)}` });
    const namespace = new ApiObject(this, 'Namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: id,
        ...(props.registries === undefined ? {} : { annotations: { [REGISTRIES_ANNOTATION]: registryList(props.registries, this) } }),
        labels: {
          ...props.namespaceLabels,
          'pod-security.kubernetes.io/audit': PodSecurityLevel.RESTRICTED,
          'pod-security.kubernetes.io/audit-version': version,
          'pod-security.kubernetes.io/enforce': security.level,
          'pod-security.kubernetes.io/enforce-version': version,
          'pod-security.kubernetes.io/warn': PodSecurityLevel.RESTRICTED,
          'pod-security.kubernetes.io/warn-version': version,
        },
      },
    });
    // A chart gives its namespace to all its objects, and a namespace lies in none.
    namespace.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    const budget = { cpu: props.cpu, memory: props.memory, pods: props.pods ?? 100, ephemeralStorage: props.ephemeralStorage };
    new ApiObject(this, 'Quota', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'quota' }, spec: quota(budget) });
    new ApiObject(this, 'Limits', { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'limits' }, spec: limits(budget) });
    policy(this, 'DefaultDeny', 'default-deny', id, () => ({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }));
    policy(this, 'AllowDns', 'allow-dns', id, () => ({ podSelector: {}, policyTypes: ['Egress'], egress: [dnsEgress()] }));
    this.node.addValidation({ validate: () => this.doubles() });
  }

  /** The construct id, without a hash, so that moving a construct renames nothing. Throws `NameTaken`. */
  public generateObjectName(apiObject: ApiObject): string {
    const ids = apiObject.node.scopes.slice(this.node.scopes.length).map((scope) => scope.node.id);
    const own = ids.filter((id) => id !== 'Resource' && id !== 'Default');
    const last = own[own.length - 1] ?? this.node.id;
    // Constructs of other libraries have ids that are no names: then the way to them is one.
    const name = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(last)
      ? last
      : own
          .map((id) => id.toLowerCase().replace(/[^a-z0-9]+/g, '-'))
          .join('-')
          .replace(/^-+|-+$/g, '');
    const path = apiObject.node.path;
    dnsLabel(name, apiObject.kind, path, LONGEST_NAME[apiObject.kind]);
    claim(apiObject, apiObject.kind, name, this.namespaceName);
    return name;
  }

  /** Objects that would overwrite each other in the cluster, whoever named them. */
  private doubles(): string[] {
    const holders = new Map<string, string>();
    const errors: string[] = [];
    for (const construct of this.node.findAll()) {
      if (!ApiObject.isApiObject(construct)) continue;
      const key = `${construct.kind} '${construct.name}' in namespace '${construct.metadata.namespace ?? ''}'`;
      const holder = holders.get(`${construct.apiGroup} ${key}`);
      if (holder !== undefined) errors.push(`${key} is made by '${holder}' and by '${construct.node.path}'; rename one (NameTaken)`);
      else holders.set(`${construct.apiGroup} ${key}`, construct.node.path);
    }
    return errors;
  }
}
