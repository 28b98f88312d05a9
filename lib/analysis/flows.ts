import type { Exposure } from './exposure';
import type { PodPeer, Policy } from './policy';
import { ALL_PORTS, meetPorts, NO_PORTS, type Ports, portWords, unitePorts, withoutPorts } from './ports';
import { type Direction, LAYERS, type Layer, type Reach } from './reach';
import { fits, type Selector, selectorText } from './selector';
import type { Flow, Standing } from './standing';
import { NAMESPACE_NAME } from './world';

/** Anybody: workloads, what is outside, and pods that nobody described. */
export const ANYBODY = '*';

const STANDING: { readonly [layer in Layer]: Standing } = { sure: 'allowed', unenforced: 'unenforced', possible: 'undecided' };

/** Which ends a list of flows is about; a missing one stands for every end. */
export interface Ends {
  readonly from?: (name: string) => boolean;
  readonly to?: (name: string) => boolean;
}

/**
 * Flows of a world, in order and in few lines: what is open to anybody is one flow from or to `*`, and what all workloads of a namespace have in
 * common is one of `namespace/*`. With both ends given, flows are between those ends alone and `*` stands for nobody.
 */
export function flowsOf(reach: Reach, exposed: readonly Exposure[], ends: Ends): Flow[] {
  return new Listing(reach, ends).flows(exposed);
}

class Listing {
  /** Ports by standing, from and to. */
  private readonly found = new Map<string, { from: string; to: string; standing: Standing; ports: Ports }>();
  private readonly isFrom: (name: string) => boolean;
  private readonly isTo: (name: string) => boolean;

  constructor(
    private readonly reach: Reach,
    private readonly ends: Ends,
  ) {
    this.isFrom = ends.from ?? (() => true);
    this.isTo = ends.to ?? (() => true);
  }

  flows(exposed: readonly Exposure[]): Flow[] {
    const { world } = this.reach;
    LAYERS.forEach((layer, at) => {
      if (!this.reach.differs(layer)) return;
      this.anybody(layer, LAYERS[at - 1]);
      this.pairs(layer, LAYERS[at - 1]);
    });
    for (const direction of ['ingress', 'egress'] as const) this.outside(direction);
    for (const { from, workload, ports, standing } of exposed) {
      const { name } = world.workloads[workload];
      if (this.isFrom(from) && this.isTo(name)) this.add(from, name, ports, standing);
    }
    return compressed(this.entries(), this.members(this.isFrom), this.members(this.isTo));
  }

  private add(from: string, to: string, ports: Ports, standing: Standing): void {
    if (ports.length === 0) return;
    const key = `${from}\n${to}\n${standing}`;
    const entry = this.found.get(key) ?? { from, to, standing, ports: NO_PORTS };
    entry.ports = unitePorts(entry.ports, ports);
    this.found.set(key, entry);
  }

  /** What is open whoever asks, unless the ends are named. */
  private anybody(layer: Layer, before: Layer | undefined): void {
    this.reach.world.workloads.forEach(({ name, object }, number) => {
      if (object === undefined) return;
      const open = (direction: Direction): Ports => {
        const ports = this.reach.openPorts(number, direction, layer);
        return before === undefined ? ports : withoutPorts(ports, this.reach.openPorts(number, direction, before));
      };
      if (this.ends.from === undefined && this.isTo(name)) this.add(ANYBODY, name, open('ingress'), STANDING[layer]);
      if (this.ends.to === undefined && this.isFrom(name)) this.add(name, ANYBODY, open('egress'), STANDING[layer]);
    });
  }

  private pairs(layer: Layer, before: Layer | undefined): void {
    const { index, world } = this.reach;
    const named = world.workloads.map(({ name, object }) => ({
      from: object !== undefined && this.isFrom(name),
      to: object !== undefined && this.isTo(name),
    }));
    const isStated = this.ends.from === undefined || this.ends.to === undefined;
    for (const { source, targets, ports } of this.reach.rows(layer)) {
      const sources = index.classes[source].members.filter((number) => named[number].from);
      if (sources.length === 0) continue;
      const { hostNetwork } = index.classes[source].sample;
      const out = isStated ? this.reach.openPorts(sources[0], 'egress', layer) : NO_PORTS;
      targets.each((target) => {
        const { members } = index.classes[target];
        // Open at both ends is stated once for each end, and so is that a pod on the network of its node reaches the others on it.
        let left = withoutPorts(ports, hostNetwork ? out : meetPorts(out, this.reach.openPorts(members[0], 'ingress', layer)));
        for (let earlier = before; earlier !== undefined && left.length > 0; earlier = LAYERS[LAYERS.indexOf(earlier) - 1])
          left = withoutPorts(left, this.reach.pair(source, target, earlier));
        if (left.length === 0) return;
        for (const to of members) {
          if (!named[to].to) continue;
          for (const from of sources) {
            if (from !== to || !world.workloads[from].single)
              this.add(world.workloads[from].name, world.workloads[to].name, left, STANDING[layer]);
          }
        }
      });
    }
  }

  /** Ranges of addresses, and pods that no manifest here describes, as rules name them. */
  private outside(direction: Direction): void {
    const isHere = direction === 'ingress' ? this.isTo : this.isFrom;
    const isThere = direction === 'ingress' ? this.isFrom : this.isTo;
    const isStated = (direction === 'ingress' ? this.ends.from : this.ends.to) === undefined;
    this.reach.world.workloads.forEach(({ name, object }, number) => {
      if (object === undefined || !isHere(name)) return;
      const open = isStated ? this.reach.openPorts(number, direction, 'sure') : NO_PORTS;
      for (const policy of this.reach.policiesOf(number, direction)) {
        for (const rule of policy[direction] ?? []) {
          const ports = withoutPorts(this.reach.portsIn(rule, number, direction), open);
          for (const other of [...rule.blocks.map(({ text }) => text), ...rule.pods.map((peer) => this.strangers(peer, policy))]) {
            if (other === undefined || !isThere(other)) continue;
            if (direction === 'ingress') this.add(other, name, ports, 'allowed');
            else this.add(name, other, ports, 'allowed');
          }
        }
      }
    });
  }

  /**
   * How pods are called that a peer selects and that are not here: `kube-system/*[k8s-app=kube-dns]`, `*[team=web]/*`. Namespaces of which manifests
   * describe workloads hold nothing else; undefined where only those are meant.
   */
  private strangers({ namespaces, pods }: PodPeer, policy: Policy): string | undefined {
    const known = this.known;
    if (namespaces === undefined) return known.has(policy.namespace) ? undefined : `${policy.namespace}/${star(pods)}`;
    const names = namespaces.find(({ key, operator }) => key === NAMESPACE_NAME && operator === 'In')?.values;
    if (names !== undefined) {
      const { namespaces: labels } = this.reach.world;
      const left = names.filter((name) => !known.has(name) && (!labels.has(name) || fits(namespaces, labels.get(name) ?? {})));
      return left.length === 0 ? undefined : `${left.sort().join('|')}/${star(pods)}`;
    }
    return `${star(namespaces)}/${star(pods)}`;
  }

  private get known(): ReadonlySet<string> {
    this.knownNamespaces ??= new Set(
      this.reach.world.workloads.filter(({ object }) => object !== undefined).map(({ namespace }) => namespace),
    );
    return this.knownNamespaces;
  }
  private knownNamespaces?: ReadonlySet<string>;

  private entries(): Flow[] {
    const isDoubtful = this.reach.world.doubts.length > 0;
    if (isDoubtful) this.doubt();
    return [...this.found.values()].flatMap(({ from, to, standing, ports }) =>
      portWords(ports).map((word) => ({ from, to, ports: word, standing: isDoubtful ? 'undecided' : standing })),
    );
  }

  /** Where other policies decide too, anything may pass and nothing must. */
  private doubt(): void {
    const { workloads } = this.reach.world;
    workloads.forEach((one) => {
      if (one.object === undefined) return;
      if (this.ends.from === undefined && this.isTo(one.name)) this.add(ANYBODY, one.name, ALL_PORTS, 'allowed');
      if (this.ends.to === undefined && this.isFrom(one.name)) this.add(one.name, ANYBODY, ALL_PORTS, 'allowed');
      if (this.ends.from === undefined || this.ends.to === undefined || !this.isFrom(one.name)) return;
      for (const other of workloads)
        if (other.object !== undefined && this.isTo(other.name) && other !== one) this.add(one.name, other.name, ALL_PORTS, 'allowed');
    });
  }

  /** Workloads by namespace, those of one end. */
  private members(isEnd: (name: string) => boolean): ReadonlyMap<string, readonly { readonly name: string; readonly single: boolean }[]> {
    const found = new Map<string, { name: string; single: boolean }[]>();
    for (const { name, namespace, single, object } of this.reach.world.workloads) {
      if (object === undefined || !isEnd(name)) continue;
      const list = found.get(namespace) ?? [];
      found.set(namespace, list);
      list.push({ name, single });
    }
    return found;
  }
}

type Members = ReadonlyMap<string, readonly { readonly name: string; readonly single: boolean }[]>;

function star(selector: Selector): string {
  return selector.length === 0 ? '*' : `*[${selectorText(selector)}]`;
}

/** Writes `namespace/*` for all workloads of a namespace, first at the one end, then at the other. */
function compressed(flows: readonly Flow[], from: Members, to: Members): Flow[] {
  const half = together(
    flows,
    ({ to: other, ports, standing }) => [other, ports, standing].join('\n'),
    (flow) => flow.from,
    (flow, name) => ({ ...flow, from: name }),
    from,
    ({ to: other }) => other,
  );
  const whole = together(
    half,
    ({ from: other, ports, standing }) => [other, ports, standing].join('\n'),
    (flow) => flow.to,
    (flow, name) => ({ ...flow, to: name }),
    to,
    ({ from: other }) => other,
  );
  const lines = new Map(whole.map((flow) => [[flow.from, flow.to, flow.ports, flow.standing].join('\n'), flow]));
  return [...lines.values()].sort(
    (a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.ports, b.ports) || compare(a.standing, b.standing),
  );
}

function together(
  flows: readonly Flow[],
  keyOf: (flow: Flow) => string,
  nameOf: (flow: Flow) => string,
  rename: (flow: Flow, name: string) => Flow,
  members: Members,
  otherOf: (flow: Flow) => string,
): Flow[] {
  const groups = new Map<string, Flow[]>();
  for (const flow of flows) {
    const group = groups.get(keyOf(flow));
    if (group === undefined) groups.set(keyOf(flow), [flow]);
    else group.push(flow);
  }
  return [...groups.values()].flatMap((group) => {
    const names = new Set(group.map(nameOf));
    const renamed = new Map<string, string>();
    for (const [namespace, all] of members) {
      // A single pod has no flow to itself.
      const wanted = all.filter(({ name, single }) => !(single && name === otherOf(group[0])));
      if (wanted.length > 1 && wanted.every(({ name }) => names.has(name)))
        for (const { name } of wanted) renamed.set(name, `${namespace}/*`);
    }
    return renamed.size === 0 ? group : group.map((flow) => rename(flow, renamed.get(nameOf(flow)) ?? nameOf(flow)));
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
