import type { CloudFormationResource, Inventory, KubernetesObject, Resource } from '../inventory/model';
import type { PodTemplate } from '../inventory/pod-templates';
import type { Json, JsonObject } from '../inventory/value';
import type { Severity } from './severity';

/** S02 of the product: what kind of measure a control is. */
export type Category =
  | 'authentication'
  | 'authorization'
  | 'isolation'
  | 'firewall'
  | 'encryption'
  | 'secrets'
  | 'backup'
  | 'vulnerability'
  | 'monitoring'
  | 'governance';
/** The boundary at which it works. */
export type Boundary = 'cloud' | 'cluster' | 'node' | 'namespace' | 'pod' | 'container' | 'application';
/** Who carries it under the shared responsibility model. */
export type Carrier = 'provider' | 'library' | 'platform-team' | 'app-team';
/** The four threats: attack on the control plane, on containers and nodes, leak of administrator credentials, permission mistakes. */
export type Threat = 'control-plane-attack' | 'workload-attack' | 'credential-leak' | 'permission-mistake';
/** Only a stable control may fail a build. */
export type Maturity = 'stable' | 'incubating' | 'sandbox';

/**
 * What a control says about one subject. `at` is a path inside the resource (`spec.template.spec.containers[0].image`,
 * `Properties.Logging`), used to find the line.
 */
export type Verdict =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'fail'; readonly message: string; readonly at?: string }
  | { readonly verdict: 'undecided'; readonly message: string; readonly at?: string };

/** What a subject is judged with: everything else that was read, and the Kubernetes version. */
export interface Context {
  readonly inventory: Inventory;
  /** `1.35`; the oldest version in standard support where nobody said. */
  readonly kubernetes: string;
}

/** Picks a control's subjects out of an inventory. */
export interface Subjects<S> {
  readonly description: string;
  select(inventory: Inventory): Iterable<Subject<S>>;
}
export interface Subject<S> {
  readonly resource: Resource;
  readonly value: S;
}

/** Input as a user would hand it in: what the examples of a control are made of. */
export interface Example {
  readonly name?: string;
  readonly manifests?: readonly JsonObject[];
  /** A CloudFormation template. */
  readonly template?: JsonObject;
}
export type NonEmpty<T> = readonly [T, ...T[]];

/** How much a repair may disturb: nothing, a rolling restart, or an image that was not built for it. */
export type Risk = 'none' | 'restart' | 'mayBreak';

/** What a repair may know and do. It never overwrites what the user set. */
export interface Fill {
  /** `1.35`. */
  readonly kubernetes: string;
  /**
   * Sets `key` where it is missing, or where its value is one that the pod's generator wrote without being asked.
   * `path` names `target` from the pod spec, e.g. `containers.0.securityContext`, and is empty for the spec itself.
   */
  set(target: JsonObject, key: string, value: Json, path: string): void;
  /** The nested object under `key`, made when missing. */
  child(target: JsonObject, key: string): JsonObject;
  /** Visits init and regular containers; `path` is e.g. `containers.0`. Ephemeral ones are written by people at run time. */
  containers(spec: JsonObject, visit: (body: JsonObject, path: string) => void): void;
  /** True where the container's image declares its own numeric user. */
  imageUserDeclared(container: JsonObject): boolean;
}
/** What a repair works on: the pod's spec, a copy that may be written to. */
export interface Repairable {
  readonly spec: JsonObject;
  readonly windows: boolean;
}
export interface Repair {
  readonly risk: Risk;
  /** What it may break and how to test that, for risks above `none`. */
  readonly note: string;
  apply(pod: Repairable, fill: Fill): void;
}

export interface References {
  /** Requirement ids of CIS Amazon EKS 1.8.0. */
  readonly cisEks?: readonly string[];
  /** Section 5 of CIS Kubernetes. */
  readonly cisKubernetes?: readonly string[];
  /** AWS Foundational Security Best Practices ids. */
  readonly fsbp?: readonly string[];
  /** Pod Security Standards level. */
  readonly pss?: 'baseline' | 'restricted';
  /** NSA/CISA hardening guidance section. */
  readonly nsa?: readonly string[];
  /** Ids of scanners' rules that judge the same thing, by scanner. */
  readonly scanners?: { readonly [scanner: string]: readonly string[] };
  readonly urls?: readonly string[];
}

/** One rule: data, predicate, repair and its own passing and failing examples. Does not compile without examples. */
export interface Control<S = unknown> {
  readonly id: string;
  readonly aliases?: readonly string[];
  /** What holds, as a plain sentence in lower case: `containers do not run as root`. */
  readonly title: string;
  /** Why it matters, one sentence. */
  readonly because: string;
  readonly severity: Severity;
  /** Takes neither exemption nor decision. */
  readonly fatal?: boolean;
  readonly maturity: Maturity;
  readonly category: Category;
  readonly boundary: Boundary;
  readonly carrier: Carrier;
  readonly threats: NonEmpty<Threat>;
  readonly subjects: Subjects<S>;
  judge(subject: S, context: Context, resource: Resource): Verdict;
  readonly remedy: string;
  readonly references: References;
  /** The same rule for admission, over `object`; only where one object decides it. */
  readonly cel?: string;
  readonly repair?: Repair;
  readonly examples: { readonly holds: NonEmpty<Example>; readonly breaks: NonEmpty<Example>; readonly undecided?: readonly Example[] };
}

/** Declares a control; the identity function that gives the literal its type. */
export function control<S>(definition: Control<S>): Control<S> {
  return definition;
}

export const pass: Verdict = { verdict: 'pass' };
export const fail = (message: string, at?: string): Verdict => ({ verdict: 'fail', message, at });
export const undecided = (message: string, at?: string): Verdict => ({ verdict: 'undecided', message, at });

/** Every resource of the given CloudFormation types. */
export function resources(...types: string[]): Subjects<CloudFormationResource> {
  return {
    description: types.join(', '),
    *select(inventory) {
      for (const type of types) for (const resource of inventory.ofType(type)) yield { resource, value: resource };
    },
  };
}

/** Every Kubernetes object of the given kinds. */
export function objects(...kinds: string[]): Subjects<KubernetesObject> {
  return {
    description: kinds.join(', '),
    *select(inventory) {
      for (const kind of kinds) for (const resource of inventory.ofKind(kind)) yield { resource, value: resource };
    },
  };
}

/** A control whose subject type nobody needs to know: what lists hold. */
// biome-ignore lint/suspicious/noExplicitAny: a list of controls is heterogeneous; each judges only what its own `subjects` selected.
export type AnyControl = Control<any>;

export type { PodTemplate, Resource };
