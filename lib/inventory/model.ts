import type { Place } from '../error';
import type { JsonObject, Reference, Value, ValueObject } from './value';

/** Where a resource comes from. Any part may be missing: objects in memory have no file, foreign files no construct path. */
export interface Source extends Place {
  /** Position of the document in its file, from 0; together with `file` enough to find the line later. */
  readonly document?: number;
  /** Path inside that document at which the resource stands, for items of a List: `items[3]`. */
  readonly within?: string;
}

/** A Kubernetes object as it will reach the API server. */
export interface KubernetesObject {
  readonly tree: 'kubernetes';
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Missing for cluster-scoped kinds, and where a namespaced object leaves it to the caller's context. */
  readonly namespace?: string;
  readonly object: JsonObject;
  readonly source: Source;
}

/** A CloudFormation resource with its properties resolved. */
export interface CloudFormationResource {
  readonly tree: 'cloudformation';
  /** Stack (artifact) name, or the file name where the template is not part of a cloud assembly. */
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: ValueObject;
  /** Logical ids named by DependsOn. */
  readonly dependsOn: readonly string[];
  /** Logical ids of the same stack that the properties refer to: implicit dependencies. */
  readonly refersTo: readonly string[];
  readonly deletionPolicy?: string;
  readonly updateReplacePolicy?: string;
  readonly condition?: string;
  readonly metadata: JsonObject;
  readonly source: Source;
}

export type Resource = KubernetesObject | CloudFormationResource;

/** A finished statement of somebody who accepts a risk or records a choice, as found in what was read. */
export interface Acceptance {
  readonly kind: 'exemption' | 'decision';
  readonly control: string;
  readonly owner: string;
  readonly reason: string;
  /** YYYY-MM-DD: the last day of an exemption, the review day of a decision. */
  readonly until: string;
  /**
   * What it covers: a construct path (and everything below it) for CloudFormation; for Kubernetes the object that carries it; or everything whose
   * name a pattern fits, as `resourceName` writes it: `Deployment shop/*`.
   */
  readonly scope: { readonly stack?: string; readonly path?: string; readonly object?: KubernetesObject; readonly pattern?: string };
  /** Where it was written, when that is a file of its own. */
  readonly source?: Source;
}

/** Something the readers noticed that is not about one control: YAML 1.1 traps, a List in a List, a skipped file. */
export interface Notice {
  readonly code: string;
  readonly message: string;
  readonly source: Source;
}

/** A stack's template as far as joins need it. */
export interface StackTemplate {
  readonly name: string;
  /** Account and region where the cloud assembly names them. */
  readonly account?: string;
  readonly region?: string;
  readonly outputs: { readonly [logicalId: string]: Value };
  readonly file?: string;
}

/** Everything that was read, ready to be asked. */
export interface Inventory {
  readonly kubernetes: readonly KubernetesObject[];
  readonly cloudformation: readonly CloudFormationResource[];
  readonly stacks: readonly StackTemplate[];
  readonly acceptances: readonly Acceptance[];
  readonly notices: readonly Notice[];
  /** Resources of a CloudFormation type, in template order. */
  ofType(type: string): readonly CloudFormationResource[];
  /** Objects of a kind, in input order. */
  ofKind(kind: string): readonly KubernetesObject[];
  /** The resource a reference names, if it is in this inventory. */
  find(reference: Reference | Value | undefined): CloudFormationResource | undefined;
}
