import { type Addresses, addressesOf, covers, overlap, withoutAddresses } from './addresses';
import type { Bits } from './bits';
import { PodIndex } from './pod-index';
import type { Block, Policy, Rule } from './policy';
import { ALL_PORTS, meetPorts, NO_PORTS, onePort, type Ports, unitePorts, withoutPorts } from './ports';
import type { Verdict } from './standing';
import type { Workload, World } from './world';

/**
 * How much is granted where something is not certain: `sure` takes every policy as enforced; `unenforced` drops those that nothing enforces; `possible`
 * also drops those of which nobody knows, and lets blocks match pods that may have such an address.
 */
export type Layer = 'sure' | 'unenforced' | 'possible';
export const LAYERS: readonly Layer[] = ['sure', 'unenforced', 'possible'];

export type Direction = 'ingress' | 'egress';

/** Ports that some classes have in common; those of one group do not overlap. */
export interface Entry {
  readonly ports: Ports;
  readonly peers: Bits;
}

/** Classes that the same policies hold in one direction. */
export interface Group {
  readonly entries: readonly Entry[];
  /** Ports that are open to anybody, whoever and wherever it is. */
  readonly open: Ports;
  readonly policies: readonly Policy[] | undefined;
}

interface Side {
  readonly groupOf: Int32Array;
  readonly groups: readonly Group[];
}

/** A source class, the classes it reaches and the ports: `rows` gives all of a world. */
export interface Row {
  readonly source: number;
  readonly targets: Bits;
  readonly ports: Ports;
}

/** All-pairs connectivity of a world, exact for NetworkPolicies. */
export class Reach {
  readonly index: PodIndex;
  private readonly sides = new Map<string, Side>();
  private readonly held: { readonly [direction in Direction]: readonly number[][] };

  constructor(readonly world: World) {
    this.index = new PodIndex(world);
    const held = { ingress: this.index.classes.map((): number[] => []), egress: this.index.classes.map((): number[] => []) };
    world.policies.forEach((policy, number) => {
      const target = this.index.target(policy);
      for (const direction of ['ingress', 'egress'] as const) {
        if (policy[direction] !== undefined) target.each((at) => held[direction][at].push(number));
      }
    });
    this.held = held;
  }

  /** What may pass from one workload to another, by their numbers. A single pod reaches itself; two pods of one workload are two. */
  between(source: number, target: number): Verdict {
    const { classOf } = this.index;
    if (source === target && this.world.workloads[source].single) return { allowed: ALL_PORTS, unenforced: NO_PORTS, undecided: NO_PORTS };
    return this.verdict((layer) => this.pair(classOf[source], classOf[target], layer));
  }

  /** The policies that hold a workload in a direction, whether or not something enforces them; none where it is open. */
  policiesOf(workload: number, direction: Direction): Policy[] {
    return this.held[direction][this.index.classOf[workload]].map((number) => this.world.policies[number]);
  }

  /** Ports that one workload has open to anybody. */
  openPorts(workload: number, direction: Direction, layer: Layer): Ports {
    return this.groupOf(this.index.classOf[workload], direction, layer).open;
  }

  /** What may pass between a workload and addresses outside: ports that at least one of them has open, or `every` one. */
  outside(workload: number, direction: Direction, addresses: Addresses, every = false): Verdict {
    const holds = every ? covers : overlap;
    return this.verdict((layer) => {
      const { policies = [], open } = this.groupOf(this.index.classOf[workload], direction, layer);
      const rules = policies.flatMap((policy) => policy[direction] ?? []);
      return rules
        .filter(({ blocks }) => blocks.length > 0 && holds(blockAddresses(blocks), addresses))
        .reduce((ports, rule) => unitePorts(ports, this.portsIn(rule, workload, direction)), open);
    });
  }

  /** The ports of a rule that holds a workload: in ingress its names are those of the workload; outside of the cluster nobody has names. */
  portsIn(rule: Rule, workload: number, direction: Direction): Ports {
    return direction === 'egress' ? rule.ports : named(rule, this.world.workloads[workload]);
  }

  /** The ports on which a rule of a policy lets a connection between two workloads through. */
  portsThrough(policy: Policy, rule: Rule, peer: number, workload: number, direction: Direction, layer: Layer): Ports {
    const { classOf } = this.index;
    const bits = this.peersOf(policy, rule, layer);
    if (!bits.has(classOf[peer])) return NO_PORTS;
    return named(rule, this.world.workloads[direction === 'ingress' ? workload : peer]);
  }

  /** Everything that passes between classes in a layer; rows of one source do not overlap. */
  *rows(layer: Layer): Iterable<Row> {
    const [ingress, egress] = [this.side('ingress', layer), this.side('egress', layer)];
    const { classes } = this.index;
    // One set of ports at a time, so that no more than one matrix of classes is held.
    const byPorts = new Map<string, { ports: Ports; entries: { peers: Bits; classes: number[] }[] }>();
    const members = membersOf(ingress);
    ingress.groups.forEach(({ entries }, number) => {
      for (const { ports, peers } of entries) {
        const key = ports.join();
        const found = byPorts.get(key) ?? { ports, entries: [] };
        byPorts.set(key, found);
        found.entries.push({ peers, classes: members[number] });
      }
    });
    for (const { ports, entries } of byPorts.values()) {
      const anyone = this.index.none();
      const rows = new Map<number, Bits>();
      for (const { peers, classes: targets } of entries) {
        if (peers === this.index.all) {
          for (const target of targets) anyone.add(target);
          continue;
        }
        peers.each((source) => {
          let row = rows.get(source);
          if (row === undefined) {
            row = this.index.none();
            rows.set(source, row);
          }
          for (const target of targets) row.add(target);
        });
      }
      const isOpen = !anyone.isEmpty;
      const sources = isOpen ? classes.keys() : rows.keys();
      const commons = new Map<Ports, Ports>();
      for (const source of sources) {
        const row = rows.get(source);
        const reached = row === undefined ? anyone : isOpen ? row.unite(anyone) : row;
        for (const entry of egress.groups[egress.groupOf[source]].entries) {
          let common = commons.get(entry.ports);
          if (common === undefined) {
            common = meetPorts(entry.ports, ports);
            commons.set(entry.ports, common);
          }
          if (common.length === 0 || !reached.meets(entry.peers)) continue;
          yield { source, targets: entry.peers === this.index.all ? reached : reached.copy().meet(entry.peers), ports: common };
        }
      }
    }
  }

  /** False where a layer is the same as the one before it. */
  differs(layer: Layer): boolean {
    if (layer === 'sure') return true;
    const { workloads } = this.world;
    if (layer === 'unenforced') return workloads.some(({ held }) => held === 'no');
    return workloads.some(({ held }) => held === 'unknown') || this.hasOpenBlocks;
  }

  /** Ports of one pair of classes in a layer. */
  pair(source: number, target: number, layer: Layer): Ports {
    const out = portsWith(this.groupOf(source, 'egress', layer), target);
    return out.length === 0 ? out : meetPorts(out, portsWith(this.groupOf(target, 'ingress', layer), source));
  }

  private verdict(portsIn: (layer: Layer) => Ports): Verdict {
    const sure = portsIn('sure');
    const unenforced = this.differs('unenforced') ? portsIn('unenforced') : sure;
    const possible = this.differs('possible') ? portsIn('possible') : unenforced;
    if (this.world.doubts.length > 0) return { allowed: NO_PORTS, unenforced: NO_PORTS, undecided: ALL_PORTS };
    return { allowed: sure, unenforced: withoutPorts(unenforced, sure), undecided: withoutPorts(withoutPorts(possible, unenforced), sure) };
  }

  private groupOf(number: number, direction: Direction, layer: Layer): Group {
    const { groups, groupOf } = this.side(direction, layer);
    return groups[groupOf[number]];
  }

  private side(direction: Direction, layer: Layer): Side {
    const key = `${direction} ${layer}`;
    let side = this.sides.get(key);
    if (side === undefined) {
      side = this.makeSide(direction, layer);
      this.sides.set(key, side);
    }
    return side;
  }

  private makeSide(direction: Direction, layer: Layer): Side {
    const numbers = new Map<string, number>();
    const groups: Group[] = [];
    const groupOf = new Int32Array(this.index.classes.length);
    this.index.classes.forEach(({ sample }, at) => {
      const isDropped = (sample.held === 'no' && layer !== 'sure') || (sample.held === 'unknown' && layer === 'possible');
      const held = isDropped ? [] : this.held[direction][at];
      // In ingress the names of ports are those of the class itself.
      const isNamed =
        direction === 'ingress' && held.some((one) => this.world.policies[one].ingress?.some(({ names }) => names.length > 0));
      const key = `${held.join()}|${isNamed ? [...sample.named].join() : ''}`;
      let number = numbers.get(key);
      if (number === undefined) {
        number = groups.length;
        numbers.set(key, number);
        groups.push(held.length === 0 ? this.openGroup() : this.makeGroup(held, sample, direction, layer));
      }
      groupOf[at] = number;
    });
    return { groups, groupOf };
  }

  /** The same set of ports as the same object: what was computed of one need not be computed again. */
  private interned(ports: Ports): Ports {
    const key = ports.join();
    const known = this.sets.get(key);
    if (known === undefined) this.sets.set(key, ports);
    return known ?? ports;
  }
  private readonly sets = new Map<string, Ports>();

  private openGroup(): Group {
    return { entries: [{ ports: ALL_PORTS, peers: this.index.all }], open: ALL_PORTS, policies: undefined };
  }

  private makeGroup(held: readonly number[], sample: Workload, direction: Direction, layer: Layer): Group {
    const policies = held.map((number) => this.world.policies[number]);
    const parts = new Map<string, { ports: Ports; peers: Bits }>();
    let open = NO_PORTS;
    const add = (ports: Ports, peers: Bits): void => {
      if (ports.length === 0) return;
      const key = ports.join();
      const part = parts.get(key);
      if (part === undefined) parts.set(key, { ports, peers: peers === this.index.all ? peers : peers.copy() });
      else if (part.peers !== this.index.all) part.peers = peers === this.index.all ? peers : part.peers.unite(peers);
    };
    for (const policy of policies) {
      for (const rule of policy[direction] ?? []) {
        const peers = rule.all ? this.index.all : this.peersOf(policy, rule, layer);
        const ports = direction === 'ingress' ? named(rule, sample) : rule.ports;
        if (rule.all) open = unitePorts(open, ports);
        add(ports, peers);
        if (direction === 'egress' && rule.names.length > 0) for (const [resolved, some] of this.resolved(rule, peers)) add(resolved, some);
      }
    }
    // A node always reaches the pods that run on it.
    if (direction === 'ingress' && !this.index.hosts.isEmpty) add(ALL_PORTS, this.index.hosts);
    const entries = apart([...parts.values()], this.index.all).map(({ ports, peers }) => ({ ports: this.interned(ports), peers }));
    return { entries, open, policies };
  }

  /** Peers of an egress rule by the number that a name means to them. */
  private *resolved({ names }: Rule, peers: Bits): Iterable<readonly [Ports, Bits]> {
    for (const { protocol, name } of names) {
      for (const [number, bits] of this.index.byPort.get(`${protocol} ${name}`) ?? []) {
        if (bits.meets(peers)) yield [onePort(protocol, number), bits.copy().meet(peers)];
      }
    }
  }

  private readonly peers = new Map<Rule, { readonly sure: Bits; readonly possible: Bits }>();

  /** Classes that the peers of a rule select. Blocks match pods by address, as far as their addresses are known. */
  private peersOf(policy: Policy, rule: Rule, layer: Layer): Bits {
    if (rule.all) return this.index.all;
    let found = this.peers.get(rule);
    if (found === undefined) {
      const sure = this.index.none();
      for (const peer of rule.pods) sure.unite(this.index.peer(peer, policy.namespace));
      const possible = rule.blocks.length === 0 ? sure : sure.copy();
      if (rule.blocks.length > 0) this.addBlocks(rule.blocks, sure, possible);
      found = { sure, possible };
      this.peers.set(rule, found);
    }
    return layer === 'possible' ? found.possible : found.sure;
  }

  private addBlocks(blocks: readonly Block[], sure: Bits, possible: Bits): void {
    const { cni } = this.world.enforcement;
    // Cilium knows pods and nodes by identity: a block is only what lies outside.
    if (cni === 'cilium') return;
    const set = blockAddresses(blocks);
    for (const [addresses, bits] of this.index.byAddresses) {
      if (!overlap(set, addresses)) continue;
      possible.unite(bits);
      if (covers(set, addresses) && cni !== undefined) sure.unite(bits);
    }
  }

  /** Whether a block may hold the address of a pod, or not: then the layers differ. */
  private get hasOpenBlocks(): boolean {
    this.openBlocks ??= this.world.policies.some((policy) =>
      [...(policy.ingress ?? []), ...(policy.egress ?? [])].some((rule) => {
        if (rule.blocks.length === 0) return false;
        this.peersOf(policy, rule, 'sure');
        const { sure, possible } = this.peers.get(rule) as { sure: Bits; possible: Bits };
        return !possible.copy().remove(sure).isEmpty;
      }),
    );
    return this.openBlocks;
  }
  private openBlocks?: boolean;
}

/** The addresses of a rule's blocks. */
export function blockAddresses(blocks: readonly Block[]): Addresses {
  const ranges = blocks.flatMap(({ range, except }) => {
    const left = withoutAddresses(addressesOf([range]), addressesOf(except));
    return Array.from({ length: left.length / 2 }, (_, at) => ({ text: '', first: left[2 * at], last: left[2 * at + 1] }));
  });
  return addressesOf(ranges);
}

/** The ports of a rule where names mean those of a workload. */
function named({ ports, names }: Rule, { named: own }: Workload): Ports {
  return names.reduce((sum, { protocol, name }) => {
    const number = own.get(`${protocol} ${name}`);
    return number === undefined ? sum : unitePorts(sum, onePort(protocol, number));
  }, ports);
}

function portsWith({ entries }: Group, peer: number): Ports {
  let ports = NO_PORTS;
  for (const entry of entries) if (entry.peers.has(peer)) ports = unitePorts(ports, entry.ports);
  return ports;
}

function membersOf({ groups, groupOf }: Side): number[][] {
  const members = groups.map((): number[] => []);
  groupOf.forEach((group, at) => {
    members[group].push(at);
  });
  return members;
}

/** The same entries, cut so that no two of them share a port. */
function apart(parts: readonly Entry[], all: Bits): Entry[] {
  let out: Entry[] = [];
  for (const part of parts) {
    let rest = part.ports;
    const next: Entry[] = [];
    for (const entry of out) {
      const common = meetPorts(entry.ports, rest);
      if (common.length === 0) {
        next.push(entry);
        continue;
      }
      const left = withoutPorts(entry.ports, common);
      if (left.length > 0) next.push({ ports: left, peers: entry.peers });
      const peers = entry.peers === all || part.peers === all ? all : entry.peers.copy().unite(part.peers);
      next.push({ ports: common, peers });
      rest = withoutPorts(rest, common);
    }
    if (rest.length > 0) next.push({ ports: rest, peers: part.peers });
    out = next;
  }
  return joined(out);
}

/** Entries with the same peers are one. */
function joined(entries: readonly Entry[]): Entry[] {
  const out: { ports: Ports; peers: Bits }[] = [];
  for (const entry of entries) {
    const same = out.find(({ peers }) => peers === entry.peers);
    if (same === undefined) out.push({ ...entry });
    else same.ports = unitePorts(same.ports, entry.ports);
  }
  return out;
}
