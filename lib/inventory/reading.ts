import type { Acceptance, KubernetesObject, Notice } from './model';
import type { JsonObject } from './value';

/** A template as it was read, before its intrinsic functions are resolved against the other templates. */
export interface RawTemplate {
  readonly stack: string;
  readonly body: JsonObject;
  /** Name under which CloudFormation deploys it, where the cloud assembly says so. */
  readonly stackName?: string;
  readonly file?: string;
  readonly account?: string;
  readonly region?: string;
  /** Construct path that stands before every `aws:cdk:path` of the template. */
  readonly pathPrefix?: string;
  /** Construct path of each logical id, where the assembly's metadata says it and the template may not. */
  readonly paths?: ReadonlyMap<string, string>;
  /** Logical id of each nested stack resource, with the stack name under which its own template was read. */
  readonly nested?: { readonly [logicalId: string]: string };
  /** Stack name of the template whose `AWS::CloudFormation::Stack` resource deploys this one, and that resource's logical id. */
  readonly parent?: { readonly stack: string; readonly logicalId: string };
}

/** What one reader brings; `buildInventory` joins any number of them. */
export interface Reading {
  readonly kubernetes: readonly KubernetesObject[];
  readonly templates: readonly RawTemplate[];
  readonly acceptances: readonly Acceptance[];
  readonly notices: readonly Notice[];
}
