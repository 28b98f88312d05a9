import type { Addresses } from './addresses';
import { Bits } from './bits';
import type { PodPeer, Policy } from './policy';
import { fits, type Selector } from './selector';
import type { Workload, World } from './world';

/** Workloads that nothing in the policies of a world tells apart. */
export interface PodClass {
  readonly sample: Workload;
  /** Numbers of its workloads. */
  readonly members: readonly number[];
}

interface LabelBits {
  readonly any: Bits;
  readonly values: ReadonlyMap<string, Bits>;
}

/**
 * Classes of workloads, and for every selector the classes that it selects. Ten thousand pods are a few thousand classes, since only labels that a
 * selector asks for, port names that a rule names and what holds a pod keep two of them apart.
 */
export class PodIndex {
  readonly classes: readonly PodClass[];
  /** Class of each workload. */
  readonly classOf: Int32Array;
  /** Classes on the network of their node, which no selector selects. */
  readonly hosts: Bits;
  readonly all: Bits;
  /** Classes by where their pods may have their addresses. */
  readonly byAddresses = new Map<Addresses, Bits>();
  /** Classes that have a port of a name, as `TCP http`, by its number. */
  readonly byPort = new Map<string, Map<number, Bits>>();
  private readonly byNamespace = new Map<string, Bits>();
  private readonly byLabel = new Map<string, LabelBits>();
  private readonly selected = new Map<Selector, Bits>();
  private readonly spaces = new Map<Selector, Bits>();

  constructor(private readonly world: World) {
    const { keys, names } = asked(world.policies);
    const found = new Map<string, { sample: Workload; members: number[] }>();
    this.classOf = new Int32Array(world.workloads.length);
    const numbers = new Map<string, number>();
    const addresses = new Map<unknown, number>();
    world.workloads.forEach((workload, at) => {
      if (!addresses.has(workload.addresses)) addresses.set(workload.addresses, addresses.size);
      const parts = [workload.namespace, workload.held, workload.hostNetwork ? 'h' : '', String(addresses.get(workload.addresses))];
      for (const key of keys) if (Object.hasOwn(workload.labels, key)) parts.push(`${key}=${workload.labels[key]}`);
      for (const name of names) if (workload.named.has(name)) parts.push(`${name}:${workload.named.get(name)}`);
      const key = parts.join('\n');
      let number = numbers.get(key);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(key, number);
        found.set(key, { sample: workload, members: [] });
      }
      this.classOf[at] = number;
      found.get(key)?.members.push(at);
    });
    this.classes = [...found.values()];
    this.all = this.none().fill();
    this.hosts = this.none();
    const labels = new Map<string, { any: Bits; values: Map<string, Bits> }>();
    for (const key of keys) labels.set(key, { any: this.none(), values: new Map() });
    this.classes.forEach(({ sample }, at) => {
      if (sample.hostNetwork) this.hosts.add(at);
      this.namespace(sample.namespace).add(at);
      this.entry(this.byAddresses, sample.addresses).add(at);
      for (const name of names) {
        const number = sample.named.get(name);
        if (number === undefined) continue;
        const numbers = this.byPort.get(name) ?? new Map<number, Bits>();
        this.byPort.set(name, numbers);
        this.entry(numbers, number).add(at);
      }
      for (const key of keys) {
        if (!Object.hasOwn(sample.labels, key)) continue;
        const { any, values } = labels.get(key) as { any: Bits; values: Map<string, Bits> };
        any.add(at);
        const value = sample.labels[key];
        this.entry(values, value).add(at);
      }
    });
    this.byLabel = labels;
  }

  none(): Bits {
    return new Bits(this.classes.length);
  }

  /** Classes that a policy selects: pods of its namespace on networks of their own. */
  target({ namespace, selects }: Policy): Bits {
    return this.pods(selects).copy().meet(this.namespace(namespace)).remove(this.hosts);
  }

  /** Classes that a peer of a policy in a namespace selects. */
  peer({ namespaces, pods }: PodPeer, namespace: string): Bits {
    const where = namespaces === undefined ? this.namespace(namespace) : this.inNamespaces(namespaces);
    return this.pods(pods).copy().meet(where).remove(this.hosts);
  }

  private namespace(name: string): Bits {
    return this.entry(this.byNamespace, name);
  }

  private entry<Key>(map: Map<Key, Bits>, key: Key): Bits {
    let bits = map.get(key);
    if (bits === undefined) {
      bits = this.none();
      map.set(key, bits);
    }
    return bits;
  }

  private inNamespaces(selector: Selector): Bits {
    let bits = this.spaces.get(selector);
    if (bits === undefined) {
      bits = this.none();
      for (const [name, labels] of this.world.namespaces) if (fits(selector, labels)) bits.unite(this.namespace(name));
      this.spaces.set(selector, bits);
    }
    return bits;
  }

  private pods(selector: Selector): Bits {
    let bits = this.selected.get(selector);
    if (bits !== undefined) return bits;
    bits = this.all.copy();
    for (const { key, operator, values } of selector) {
      const label = this.byLabel.get(key) as LabelBits;
      if (operator === 'Exists') bits.meet(label.any);
      else if (operator === 'DoesNotExist') bits.remove(label.any);
      else {
        const listed = this.none();
        for (const value of values) {
          const have = label.values.get(value);
          if (have !== undefined) listed.unite(have);
        }
        if (operator === 'In') bits.meet(listed);
        else bits.remove(listed);
      }
    }
    this.selected.set(selector, bits);
    return bits;
  }
}

/** The label keys that selectors of pods ask for, and the port names that rules name, in order. */
function asked(policies: readonly Policy[]): { readonly keys: readonly string[]; readonly names: readonly string[] } {
  const keys = new Set<string>();
  const names = new Set<string>();
  const add = (selector: Selector): void => {
    for (const { key } of selector) keys.add(key);
  };
  for (const { selects, ingress = [], egress = [] } of policies) {
    add(selects);
    for (const rule of [...ingress, ...egress]) {
      for (const { pods } of rule.pods) add(pods);
      for (const { protocol, name } of rule.names) names.add(`${protocol} ${name}`);
    }
  }
  return { keys: [...keys].sort(), names: [...names].sort() };
}
