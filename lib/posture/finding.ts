import type { Severity } from '../controls/severity';

/** What was found about one resource. */
export enum Verdict {
  /** The control does not hold. */
  FAIL = 'fail',
  /** What was read does not tell; never counted as a pass. */
  UNDECIDED = 'undecided',
  /** It does not hold, or is undecided, and somebody accepted that by name and until a day. */
  EXEMPT = 'exempt',
}

/** The resource that a finding is about. */
export interface FindingResource {
  /** Kubernetes kind or CloudFormation type. */
  readonly kind: string;
  /** Object name or logical id. */
  readonly name: string;
  /**
   * Namespace of a Kubernetes object.
   * @default - cluster-scoped, or left to the context of whoever applies it
   */
  readonly namespace?: string;
  /**
   * Construct path.
   * @default - not known, as in files that no construct made
   */
  readonly path?: string;
  /**
   * Stack of a CloudFormation resource.
   * @default - a Kubernetes object
   */
  readonly stack?: string;
}

/** Where the resource was read. */
export interface FindingSource {
  /**
   * File as it was given.
   * @default - read from memory
   */
  readonly file?: string;
  /**
   * Line in that file, from 1.
   * @default - not known
   */
  readonly line?: number;
}

/** Who accepted a finding, why and until when. */
export interface FindingExemption {
  /** `exemption` for an accepted risk, `decision` for a recorded choice. */
  readonly kind: string;
  /** Team or role that answers for it. */
  readonly owner: string;
  /** Why it is accepted. */
  readonly reason: string;
  /** Last day it applies, YYYY-MM-DD. */
  readonly until: string;
}

/** A control that does not hold for a resource, or does not say, or is accepted not to. */
export interface Finding {
  /** Id of the control. */
  readonly control: string;
  /** What ought to hold. */
  readonly title: string;
  /** How bad it is. */
  readonly severity: Severity;
  /** Failed, undecided or exempt. */
  readonly verdict: Verdict;
  /** True when it breaks the build under the thresholds of this run. */
  readonly blocking: boolean;
  /** What it is about. */
  readonly resource: FindingResource;
  /** What is wrong here. */
  readonly message: string;
  /** What to change. */
  readonly remedy: string;
  /** Where it was read. */
  readonly source: FindingSource;
  /**
   * Path inside the resource.
   * @default - the resource as a whole
   */
  readonly at?: string;
  /** Threats it opens the door to. */
  readonly threats: string[];
  /**
   * What makes it exempt.
   * @default - not exempt
   */
  readonly exemption?: FindingExemption;
}

/** How many times each verdict was given. */
export interface VerdictCounts {
  /** The control holds. */
  readonly pass: number;
  /** It does not. */
  readonly fail: number;
  /** What was read does not tell. */
  readonly undecided: number;
  /** Accepted by name and until a day. */
  readonly exempt: number;
}

/** Verdicts of the controls of one category at one boundary. */
export interface MatrixCell extends VerdictCounts {
  /** What kind of measure: authentication, isolation, encryption, ... */
  readonly category: string;
  /** Where it works: cloud, cluster, node, namespace, pod, container or application. */
  readonly boundary: string;
  /** Controls of this kind. */
  readonly controls: number;
}

/** The run in figures. */
export interface PostureSummary extends VerdictCounts {
  /** Resources read. */
  readonly resources: number;
  /** Controls run. */
  readonly controls: number;
  /** Findings that break the build. */
  readonly blocking: number;
  /** Failures by severity. */
  readonly severities: { [severity: string]: number };
  /** Verdicts by who carries the control: provider, library, platform-team or app-team. */
  readonly carriers: { [carrier: string]: VerdictCounts };
  /** Verdicts by category and boundary; only cells with a control. */
  readonly matrix: MatrixCell[];
  /** Kubernetes version judged for. */
  readonly kubernetes: string;
  /** Day acceptances were judged as of, YYYY-MM-DD. */
  readonly asOf: string;
}

/** Something to know that breaks nothing: an exemption that ends soon, a file that was skipped, a value YAML turned into another. */
export interface PostureNote {
  /** Stable name, PascalCase. */
  readonly code: string;
  /** What it is, and what to do. */
  readonly message: string;
  /**
   * File it was noticed in.
   * @default - not about a file
   */
  readonly file?: string;
  /**
   * Line in that file, from 1.
   * @default - not known
   */
  readonly line?: number;
}
