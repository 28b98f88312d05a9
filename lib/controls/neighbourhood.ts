import type { Inventory, KubernetesObject } from '../inventory/model';
import { type PodTemplate, podTemplates } from '../inventory/pod-templates';
import { selects, selectsByMap } from '../inventory/selectors';
import { isJsonObject, type Json, type JsonObject } from '../inventory/value';
import { mayMakeObjects, ofGroup } from './kubernetes-objects';
import { child } from './pod-template';

const NOBODY: readonly PodTemplate[] = [];

/** What was read of one namespace, ready to be asked who selects whom. */
export class Neighbourhood {
  readonly pods: PodTemplate[] = [];
  readonly services = new Map<string, KubernetesObject>();
  /** Workloads by `KIND name`. */
  readonly workloads = new Map<string, KubernetesObject>();
  /** Whether something stands here behind which a controller may make pods and services that were not read. */
  open = false;
  /** Whether policies of another kind than NetworkPolicy stand here. */
  policed = false;
  private readonly byLabel = new Map<string, PodTemplate[]>();

  /** @internal */
  add(pod: PodTemplate): void {
    this.pods.push(pod);
    const { labels } = pod.metadata;
    if (!isJsonObject(labels)) return;
    for (const key of Object.keys(labels)) {
      const pair = `${key}=${String(labels[key])}`;
      const list = this.byLabel.get(pair);
      if (list === undefined) this.byLabel.set(pair, [pod]);
      else list.push(pod);
    }
  }

  /** Pods that a LabelSelector selects. */
  selected(selector: Json | undefined): readonly PodTemplate[] {
    if (!isJsonObject(selector)) return NOBODY;
    const all = this.candidates(child(selector, 'matchLabels'));
    return all.filter(({ metadata }) => selects(selector, metadata.labels));
  }

  /** Pods that the plain map of a Service selects. */
  selectedByMap(map: Json | undefined): readonly PodTemplate[] {
    if (!isJsonObject(map)) return NOBODY;
    return this.candidates(map).filter(({ metadata }) => selectsByMap(map, metadata.labels));
  }

  /** The pods with the rarest of the labels: few to look at, however many stand here. */
  private candidates(labels: JsonObject): readonly PodTemplate[] {
    let fewest: readonly PodTemplate[] = this.pods;
    for (const key of Object.keys(labels)) {
      const found = this.byLabel.get(`${key}=${String(labels[key])}`) ?? NOBODY;
      if (found.length < fewest.length) fewest = found;
    }
    return fewest;
  }
}

const cache = new WeakMap<Inventory, Map<string | undefined, Neighbourhood>>();
const EMPTY = new Neighbourhood();

/** What was read of a namespace; undefined is the one that whoever applies the objects decides. Made once an inventory. */
export function neighbourhood(inventory: Inventory, namespace: string | undefined): Neighbourhood {
  let found = cache.get(inventory);
  if (found === undefined) {
    found = read(inventory);
    cache.set(inventory, found);
  }
  return found.get(namespace) ?? EMPTY;
}

function read(inventory: Inventory): Map<string | undefined, Neighbourhood> {
  const all = new Map<string | undefined, Neighbourhood>();
  const at = (namespace: string | undefined): Neighbourhood => {
    let one = all.get(namespace);
    if (one === undefined) {
      one = new Neighbourhood();
      all.set(namespace, one);
    }
    return one;
  };
  for (const pod of podTemplates(inventory)) {
    const here = at(pod.object.namespace);
    here.add(pod);
    here.workloads.set(`${pod.object.kind} ${pod.object.name}`, pod.object);
  }
  for (const service of ofGroup(inventory, '', 'Service')) at(service.namespace).services.set(service.name, service);
  for (const object of inventory.kubernetes) {
    if (!mayMakeObjects(object)) continue;
    const here = at(object.namespace);
    if (CUSTOM_POLICY.test(object.kind)) here.policed = true;
    else here.open = true;
  }
  return all;
}

/** Kinds of Calico, Cilium, AWS and Kubernetes' own working group: `CiliumNetworkPolicy`, `GlobalNetworkPolicy`, `ClusterNetworkPolicy`, ... */
const CUSTOM_POLICY = /NetworkPolicy$/;

/** True where policies that are not NetworkPolicies may select pods of a namespace: in it, or in the whole cluster. */
export function hasCustomPolicies(inventory: Inventory, namespace: string | undefined): boolean {
  return neighbourhood(inventory, namespace).policed || neighbourhood(inventory, undefined).policed;
}

const chosen = new WeakMap<Inventory, Map<string, Chosen>>();

/** Which pods the selectors of a kind choose. */
export class Chosen {
  private readonly namespaces = new Set<string | undefined>();
  private readonly pods = new Set<PodTemplate>();

  constructor(inventory: Inventory, group: string, kind: string, selectorOf: (spec: JsonObject) => Json) {
    for (const { namespace, object } of ofGroup(inventory, group, kind)) {
      const selector = selectorOf(child(object, 'spec'));
      // The empty selector chooses every pod; there may be many of those in a namespace of many pods.
      if (isJsonObject(selector) && Object.keys(selector).length === 0) this.namespaces.add(namespace);
      else for (const pod of neighbourhood(inventory, namespace).selected(selector)) this.pods.add(pod);
    }
  }

  has(pod: PodTemplate): boolean {
    return this.namespaces.has(pod.object.namespace) || this.pods.has(pod);
  }
}

/** The pods that NetworkPolicies or PodDisruptionBudgets choose, computed once an inventory. */
export function chosenBy(inventory: Inventory, kind: 'NetworkPolicy' | 'PodDisruptionBudget'): Chosen {
  let kinds = chosen.get(inventory);
  if (kinds === undefined) {
    kinds = new Map();
    chosen.set(inventory, kinds);
  }
  let found = kinds.get(kind);
  if (found === undefined) {
    found =
      kind === 'NetworkPolicy'
        ? // A missing podSelector is read as an empty one.
          new Chosen(inventory, 'networking.k8s.io', kind, ({ podSelector }) => podSelector ?? {})
        : new Chosen(inventory, 'policy', kind, ({ selector }) => selector ?? null);
    kinds.set(kind, found);
  }
  return found;
}

/** How messages call a namespace. */
export function namespaceName(namespace: string | undefined): string {
  return namespace === undefined ? 'the namespace that the objects are applied to' : `the namespace '${namespace}'`;
}
