/** How a framework or one of its requirements stands. */
export enum ConformanceVerdict {
  /** Its controls hold. */
  PASS = 'pass',
  /** One of its controls does not. */
  FAIL = 'fail',
  /** What was read does not tell, or there was nothing to judge. */
  UNDECIDED = 'undecided',
  /** It is broken, and all of that is accepted by name and until a day. */
  EXEMPT = 'exempt',
  /** No control of this version covers it, or not all of it; never a pass. */
  INCOMPLETE = 'incomplete',
  /** The provider carries it; of a requirement only. */
  PROVIDER = 'provider',
}

/** How one requirement of a framework stands. */
export interface RequirementConformance {
  /** Its id, as the framework writes it. */
  readonly id: string;
  /** What it asks for. */
  readonly title: string;
  /** How it stands. */
  readonly verdict: ConformanceVerdict;
  /** Ids of the controls that answer it; empty where none does. */
  readonly controls: string[];
  /** How many times its controls gave a verdict. */
  readonly judged: number;
  /** Findings that count against it, accepted ones included. */
  readonly findings: number;
  /**
   * Why the provider carries it, what would show it, or what is not covered.
   * @default - controls of this version answer all of it
   */
  readonly note?: string;
}

/** How what was examined stands to a framework. */
export interface FrameworkConformance {
  /** Id of the framework: `pss-restricted`. */
  readonly id: string;
  /** Its name. */
  readonly title: string;
  /** Edition that was asked. */
  readonly edition: string;
  /** Where it is published. */
  readonly url: string;
  /** The worst verdict of its requirements; a failure before a gap, a gap before what is undecided. */
  readonly verdict: ConformanceVerdict;
  /** Requirements that controls of this version, or the provider, answer in full. */
  readonly covered: number;
  /** Requirements that are asked in the Kubernetes version of the run. */
  readonly total: number;
  /** Each requirement that is asked. */
  readonly requirements: RequirementConformance[];
}
