import type { AbstractPod } from 'cdk8s-plus-28';
import type { Exemption } from '../../controls/acceptance';
import { InputError } from '../../error';
import type { Json, JsonObject } from '../../inventory/value';
import { Handoff } from '../handoff';
import type { IPeer } from './peer';
import { dnsEgress, POD_IDENTITY_AGENT, policy, rangeEgress } from './policy';

/** An address range as one end of a connection. */
export interface RangeEnd {
  readonly kind: 'range';
  readonly cidr: string;
  readonly except: readonly string[];
  readonly ports?: readonly number[];
  readonly exemption?: Exemption;
}
export interface WorkloadEnd {
  readonly kind: 'workload';
  readonly intents: Intents;
}
export type End = RangeEnd | WorkloadEnd;

/** Where a workload stands. */
export interface Standing {
  readonly labels: { readonly [key: string]: string };
  /** Whether everything not allowed is denied around it, and name resolution allowed. */
  readonly denied: boolean;
}

const WIDE_EGRESS = 'K-NET-05';

/** What a workload may talk to and who may talk to it, as NetworkPolicies: one for each peer and direction, named by both. */
export class Intents {
  private readonly rules = new Map<string, (() => JsonObject)[]>();

  constructor(
    private readonly host: AbstractPod,
    private readonly standing: Standing,
  ) {}

  public accept(peer: IPeer): void {
    const end = peer._end();
    if (this.ports().length === 0) {
      throw new InputError(
        'NoPort',
        `'${this.host.node.path}' listens on no port, so '${peer.peerName}' cannot reach it; set portNumber on a container`,
        {
          path: this.host.node.path,
        },
      );
    }
    if (end.kind === 'range') {
      end.exemption?.attach(this.host, WIDE_EGRESS);
      this.ingress(peer.peerName, () => ({ from: [block(end)], ports: this.portsFor(end) }));
      this.portsFor(end);
      return;
    }
    const { intents } = end;
    this.select(intents);
    intents.select(this);
    this.ingress(this.nameOf(intents), () => ({ from: [this.select(intents)], ports: this.ports() }));
    intents.egress(intents.nameOf(this), () => ({ to: [intents.select(this)], ports: this.ports() }));
  }

  public reach(self: IPeer, peer: IPeer): void {
    const end = peer._end();
    if (end.kind === 'workload') {
      end.intents.accept(self);
      return;
    }
    const { ports } = end;
    if (ports === undefined) {
      throw new InputError(
        'NoPort',
        `reaching '${end.cidr}' without ports would open all of them; pass ports, as in Peer.cidr('${end.cidr}', { ports: [443] })`,
        {
          path: this.host.node.path,
        },
      );
    }
    end.exemption?.attach(this.host, WIDE_EGRESS);
    this.egress(peer.peerName, () => ({ to: [block(end)], ports: ports.map((port) => ({ protocol: 'TCP', port })) }));
  }

  /** The way to AWS credentials, for a service account that has an AWS identity. Gives back the role to announce on it, for IRSA. */
  public credentials(serviceAccount: string): string | undefined {
    const handoff = Handoff.of(this.host);
    const identity = handoff._identity(this.namespace, serviceAccount);
    if (identity === undefined) return undefined;
    const endpoints = handoff._endpointRanges();
    const rules = [
      ...(identity.kind === 'podIdentity' ? [rangeEgress([POD_IDENTITY_AGENT], 80)] : []),
      ...(endpoints.length > 0 ? [rangeEgress(endpoints, 443)] : []),
    ];
    for (const rule of rules) this.policy('credentials', 'Egress', () => rule);
    if (rules.length > 0) this.names();
    return identity.role;
  }

  private get namespace(): string | undefined {
    return this.host.metadata.namespace;
  }

  /** How policies of this workload call another one. */
  private nameOf(other: Intents): string {
    return other.namespace === this.namespace ? other.host.name : `${other.host.name}.${other.namespace}`;
  }

  /** Another workload's pods, seen from this one's namespace. */
  private select(other: Intents): JsonObject {
    const podSelector = { matchLabels: { ...other.standing.labels } };
    if (other.namespace === this.namespace) return { podSelector };
    if (other.namespace === undefined) {
      throw new InputError(
        'NamespaceUnknown',
        `'${other.host.node.path}' has no namespace, so '${this.host.node.path}' cannot name its pods; place it in a Tenant`,
        {
          path: other.host.node.path,
        },
      );
    }
    // One peer with both selectors: as two peers they would mean "or".
    return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': other.namespace } }, podSelector };
  }

  private ingress(peer: string, rule: () => JsonObject): void {
    this.policy(`accept-${peer}`, 'Ingress', rule);
  }

  private egress(peer: string, rule: () => JsonObject): void {
    this.policy(`reach-${peer}`, 'Egress', rule);
    this.names();
  }

  /** The first egress policy isolates a pod that nothing isolated before: it would lose name resolution. */
  private names(): void {
    if (!this.standing.denied) this.policy('dns', 'Egress', dnsEgress);
  }

  /** Adds a rule to a policy of this workload. Saying the same thing twice writes it once. */
  private policy(id: string, direction: 'Ingress' | 'Egress', rule: () => JsonObject): void {
    const known = this.rules.get(id);
    if (known !== undefined) {
      known.push(rule);
      return;
    }
    const rules = [rule];
    this.rules.set(id, rules);
    policy(this.host, id, `${this.host.name}-${id}`, this.namespace, () => ({
      podSelector: { matchLabels: { ...this.standing.labels } },
      policyTypes: [direction],
      [direction.toLowerCase()]: [...new Map(rules.map((produce) => produce()).map((value) => [JSON.stringify(value), value])).values()],
    }));
  }

  /** Ports of all containers, known only at the end: containers may be added later. */
  private ports(): { protocol: string; port: number }[] {
    const ports = new Map<string, { protocol: string; port: number }>();
    for (const container of this.host.containers) {
      for (const { number, protocol = 'TCP' } of container.ports) ports.set(`${protocol}/${number}`, { protocol, port: number });
    }
    return [...ports.values()];
  }

  private portsFor(end: RangeEnd): Json[] {
    const own = this.ports();
    const foreign = end.ports?.find((port) => !own.some((mine) => mine.port === port));
    if (foreign !== undefined) {
      throw new InputError(
        'NoPort',
        `'${this.host.node.path}' does not listen on port ${foreign}; name one of ${own.map(({ port }) => port).join(', ')}`,
        {
          path: this.host.node.path,
        },
      );
    }
    return end.ports === undefined ? own : own.filter(({ port }) => end.ports?.includes(port));
  }
}

function block(end: RangeEnd): JsonObject {
  return { ipBlock: { cidr: end.cidr, ...(end.except.length > 0 ? { except: [...end.except] } : {}) } };
}
