import { InputError } from '../error';
import { type Inventory, type KubernetesObject, namePattern } from '../inventory';
import { type Addresses, addressesOf, INTERNET, overlap, readRange } from './addresses';
import type { Cni } from './enforcement';
import { type Exposure, exposures } from './exposure';
import { type Ends, flowsOf } from './flows';
import type { Policy } from './policy';
import { meetPorts, NO_PORTS, type Ports, portWords, unitePorts, withoutPorts } from './ports';
import { blockAddresses, type Direction, type Layer, Reach } from './reach';
import { type Flow, type Verdict, verdictWords } from './standing';
import { type Workload, type World, worldOf } from './world';

/** One end of a connection, as somebody names it. */
export type End =
  | { readonly kind: 'workload'; readonly number: number; readonly name: string }
  | { readonly kind: 'outside'; readonly name: string; readonly addresses: Addresses };

/** A step of a connection: who holds it there, what lets it through, and whether anything does. */
export interface Hop {
  readonly passes: boolean;
  readonly text: string;
  /** What the text speaks of. */
  readonly objects: readonly KubernetesObject[];
}

/** A node of the cluster, as an end of connections. */
const NODE = 'node';
const INTERNET_NAME = 'internet';

/** Who may reach whom, for one inventory. */
export class Network {
  readonly world: World;
  readonly reach: Reach;
  private ways?: readonly Exposure[];

  /** Throws what is wrong with a policy: `PolicyInvalid`, `SelectorInvalid`, `CidrInvalid`, `PortNameTaken`. */
  constructor(
    private readonly inventory: Inventory,
    cni?: Cni,
  ) {
    const world = worldOf(inventory, cni);
    const { addresses, enforcement } = world;
    const node: Workload = {
      name: NODE,
      namespace: '',
      labels: {},
      hostNetwork: true,
      single: false,
      named: new Map(),
      held: 'yes',
      because: enforcement.because,
      addresses,
    };
    this.world = { ...world, workloads: [...world.workloads, node] };
    this.reach = new Reach(this.world);
  }

  /** Names of all workloads. */
  get workloads(): string[] {
    return this.world.workloads.filter(({ object }) => object !== undefined).map(({ name }) => name);
  }

  get exposed(): readonly Exposure[] {
    this.ways ??= exposures(this.inventory, this.reach);
    return this.ways;
  }

  /** Flows between ends; a name may hold `*`. Throws `WorkloadUnknown` for a name that nothing has. */
  flows(from?: string, to?: string): Flow[] {
    const ends: Ends = { from: this.pattern(from), to: this.pattern(to) };
    return flowsOf(this.reach, this.exposed, ends);
  }

  private pattern(name: string | undefined): Ends['from'] {
    if (name === undefined || name === '*') return undefined;
    const range = readRange(name)?.text;
    if (!name.includes('*') && range === undefined) this.ends(name);
    const fits = namePattern(range ?? name);
    return (other) => fits(other) || other === name;
  }

  /** The ends that a name or a pattern stands for. Throws `WorkloadUnknown`. */
  ends(name: string): End[] {
    if (name === INTERNET_NAME) return [{ kind: 'outside', name, addresses: INTERNET }];
    const range = readRange(name);
    if (range !== undefined) return [{ kind: 'outside', name: range.text, addresses: addressesOf([range]) }];
    const fits = namePattern(name);
    const found = this.world.workloads.flatMap((workload, number): End[] =>
      (workload.object === undefined ? workload.name === name : fits(workload.name))
        ? [{ kind: 'workload', number, name: workload.name }]
        : [],
    );
    if (found.length > 0) return found;
    const last = name.slice(name.lastIndexOf('/') + 1);
    const near = this.workloads.filter((other) => other.endsWith(`/${last}`) || other.startsWith(`${name}/`)).slice(0, 5);
    const some = near.length > 0 ? near : this.workloads.slice(0, 5);
    const change =
      some.length === 0 ? 'the manifests hold no pods' : `${near.length > 0 ? 'did you mean' : 'there are'} ${some.join(', ')}`;
    throw new InputError(
      'WorkloadUnknown',
      `no workload has the name '${name}'; ${change}; internet, node and ranges of addresses are names too`,
    );
  }

  /** What may pass from one end to another. */
  between(from: End, to: End): Verdict {
    if (from.kind === 'workload' && to.kind === 'workload') return this.reach.between(from.number, to.number);
    if (from.kind === 'workload' && to.kind === 'outside') return this.reach.outside(from.number, 'egress', to.addresses);
    if (from.kind === 'outside' && to.kind === 'workload') return this.entering(from, to);
    return { allowed: NO_PORTS, unenforced: NO_PORTS, undecided: NO_PORTS };
  }

  /** From outside there is a way only through what exposes a workload; a private range may also be routed to the pods. */
  private entering(from: Extract<End, { kind: 'outside' }>, to: Extract<End, { kind: 'workload' }>): Verdict {
    const verdict = { allowed: NO_PORTS, unenforced: NO_PORTS, undecided: NO_PORTS };
    for (const { from: name, workload, ports, standing } of this.exposed) {
      if (workload === to.number && (name === from.name || name === INTERNET_NAME))
        verdict[standing] = unitePorts(verdict[standing], ports);
    }
    if (from.name === INTERNET_NAME) return apart(verdict);
    const routed = this.reach.outside(to.number, 'ingress', from.addresses);
    return apart({
      allowed: unitePorts(verdict.allowed, routed.allowed),
      unenforced: unitePorts(verdict.unenforced, routed.unenforced),
      undecided: unitePorts(verdict.undecided, routed.undecided),
    });
  }

  /** What passes from one name or pattern to another, an entry for each range of ports: `TCP 8443`, `* undecided`. */
  ports(from: string, to: string): string[] {
    const words = new Set<string>();
    for (const source of this.ends(from)) {
      for (const target of this.ends(to)) {
        if (isItself(source, target)) continue;
        for (const word of verdictWords(this.between(source, target))) words.add(word);
      }
    }
    return [...words].sort();
  }

  /** How a connection fares on its way, hop by hop. */
  explain(from: End, to: End, ports: Ports): Hop[] {
    const hops: Hop[] = [];
    if (from.kind === 'workload') hops.push(this.hop(from, to, 'egress', ports));
    if (from.kind === 'outside' && to.kind === 'workload') hops.push(...this.entries(from, to));
    if (to.kind === 'workload') hops.push(this.hop(to, from, 'ingress', ports));
    for (const doubt of this.world.doubts) hops.push({ passes: false, text: doubt, objects: [] });
    return hops;
  }

  private entries(from: Extract<End, { kind: 'outside' }>, to: Extract<End, { kind: 'workload' }>): Hop[] {
    const ways = this.exposed.filter(
      ({ from: name, workload }) => workload === to.number && (name === from.name || name === INTERNET_NAME),
    );
    if (ways.length === 0)
      return [{ passes: from.name !== INTERNET_NAME, text: `no Service, Ingress or route leads from outside to ${to.name}`, objects: [] }];
    return ways.map(({ via, ports, because, standing, from: name }) => ({
      passes: standing === 'allowed',
      text: `${via.kind} ${via.namespace ?? 'default'}/${via.name} leads from ${name} on ${portWords(ports).join(', ')}: ${because}`,
      objects: [via],
    }));
  }

  private hop(here: Extract<End, { kind: 'workload' }>, there: End, direction: Direction, ports: Ports): Hop {
    const workload = this.world.workloads[here.number];
    const [verb, away] = direction === 'egress' ? ['leaves', 'to'] : ['enters', 'from'];
    const say = (passes: boolean, text: string, policies: readonly Policy[] = []): Hop => ({
      passes,
      text: `${verb} ${here.name}: ${text}`,
      objects: policies.length > 0 ? policies.map(({ object }) => object) : workload.object === undefined ? [] : [workload.object],
    });
    if (workload.hostNetwork) return say(true, 'policies do not hold what uses the network of its node');
    const policies = this.reach.policiesOf(here.number, direction);
    if (policies.length === 0) return say(true, `no NetworkPolicy selects it for ${direction}, so everything passes`);
    if (direction === 'ingress' && there.kind === 'workload' && this.world.workloads[there.number].hostNetwork)
      return say(true, 'a node always reaches the pods on it');
    const through = policies.filter((policy) => meetPorts(this.through(policy, here.number, there, direction), ports).length > 0);
    if (through.length > 0) {
      const open = through.reduce<Ports>((sum, policy) => unitePorts(sum, this.through(policy, here.number, there, direction)), NO_PORTS);
      return say(
        true,
        `${listed(through)} ${through.length === 1 ? 'allows' : 'allow'} ${portWords(open).join(', ')} ${away} ${there.name}`,
        through,
      );
    }
    const closed = `${listed(policies)} ${policies.length === 1 ? 'closes' : 'close'} ${direction}, and nothing allows ${portWords(ports).join(', ')} ${away} ${there.name}`;
    if (workload.held === 'yes') return say(false, this.mayPass(policies, here.number, there, direction, ports) ?? closed, policies);
    return say(workload.held === 'no', `${closed}; ${workload.held === 'no' ? 'unenforced' : 'undecided'}: ${workload.because}`, policies);
  }

  /** What is said of a range of addresses that may hold a pod, or not. */
  private mayPass(policies: readonly Policy[], here: number, there: End, direction: Direction, ports: Ports): string | undefined {
    const maybe = policies.filter((policy) => meetPorts(this.through(policy, here, there, direction, 'possible'), ports).length > 0);
    return maybe.length === 0
      ? undefined
      : `${listed(maybe)} names ranges of addresses that may hold ${there.name}; undecided: where its pods have their addresses is not known`;
  }

  /** The ports that one policy lets through to or from an end. */
  private through(policy: Policy, here: number, there: End, direction: Direction, layer: Layer = 'sure'): Ports {
    return (policy[direction] ?? []).reduce<Ports>((sum, rule) => {
      if (there.kind === 'workload') return unitePorts(sum, this.reach.portsThrough(policy, rule, there.number, here, direction, layer));
      const isMeant = rule.all || overlap(blockAddresses(rule.blocks), there.addresses);
      return isMeant ? unitePorts(sum, this.reach.portsIn(rule, here, direction)) : sum;
    }, NO_PORTS);
  }
}

/** A workload that was asked about itself by a pattern on both sides. */
function isItself(from: End, to: End): boolean {
  return from.kind === 'workload' && to.kind === 'workload' && from.number === to.number;
}

function apart({ allowed, unenforced, undecided }: Verdict): Verdict {
  const second = withoutPorts(unenforced, allowed);
  return { allowed, unenforced: second, undecided: withoutPorts(withoutPorts(undecided, allowed), second) };
}

function listed(policies: readonly Policy[]): string {
  const names = policies.slice(0, 5).map(({ name }) => name);
  const more = policies.length - names.length;
  return `NetworkPolicy ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
