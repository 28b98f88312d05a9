import { InputError } from '../error';
import type { Framework } from '../frameworks';
import type { Reading } from '../inventory';
import type { Cni } from './cni';
import type { FrameworkConformance } from './conformance';
import type { Examination } from './examine';
import type { Finding, PostureNote, PostureSummary } from './finding';

/** What to examine: any mix of the three kinds of input. */
export interface PostureInputs {
  /**
   * CloudFormation templates, each the text of one, JSON or YAML.
   * @default - none
   */
  readonly templates?: string[];
  /**
   * Kubernetes manifests, each the text of a file, YAML or JSON, of one or more documents.
   * @default - none
   */
  readonly manifests?: string[];
  /**
   * Files, folders and cloud assemblies (`cdk.out`).
   * @default - none
   */
  readonly paths?: string[];
  /**
   * Ids of the controls to run.
   * @default - all but those in the sandbox, or those of `frameworks`
   */
  readonly controls?: string[];
  /**
   * Ids of frameworks to answer, as in `pss-restricted`: only their controls run, and those of `controls`.
   * @default - none
   */
  readonly frameworks?: string[];
  /**
   * Kubernetes version, as in `1.35`.
   * @default - that of the clusters in the input where they agree, else the oldest version in standard support
   */
  readonly kubernetes?: string;
  /**
   * Day on which exemptions and decisions are judged, YYYY-MM-DD.
   * @default - `BULWARK_AS_OF` where set, else today in UTC
   */
  readonly asOf?: string;
  /**
   * What enforces NetworkPolicies in the cluster.
   * @default - what the clusters in the input install, else unknown: what policies deny is then undecided
   */
  readonly cni?: Cni;
}

/** Both ends of flows. */
export interface FlowEnds {
  /**
   * Where they start; `*` stands for any letters.
   * @default - anywhere
   */
  readonly from?: string;
  /**
   * Where they end; `*` stands for any letters.
   * @default - anywhere
   */
  readonly to?: string;
}

/** What holds and what does not in rendered templates and manifests, whoever wrote them. */
export class Posture {
  /**
   * Reads and audits. Throws `NothingToCheck` without any input, `UnknownControl`, `UnknownFramework`, `KubernetesVersionUnknown`, `DateInvalid`, `CniUnknown`, and for input
   * that cannot be read an error with file and line.
   */
  public static of(inputs: PostureInputs): Posture {
    // Parsers and controls are loaded here and not with the module: importing the library stays cheap.
    const { Examination: Examine, kubernetesOf } = require('./examine') as typeof import('./examine');
    const { readPaths } = require('./paths') as typeof import('./paths');
    const { catalogue, controlsOf, frameworksOf, scopeOf } = require('./selection') as typeof import('./selection');
    const { Texts } = require('./texts') as typeof import('./texts');
    const { readManifests, readTemplate } = require('../inventory') as typeof import('../inventory');
    const texts = new Texts();
    const readings: Reading[] = [];
    (inputs.templates ?? []).forEach((text, index) => {
      const file = `template ${index + 1}`;
      texts.hold(file, text);
      readings.push(readTemplate(text, { file }));
    });
    (inputs.manifests ?? []).forEach((text, index) => {
      const file = `manifest ${index + 1}`;
      texts.hold(file, text);
      readings.push(readManifests(text, { file }));
    });
    readings.push(...readPaths(inputs.paths ?? [], texts, () => ''));
    if (readings.length === 0) throw new InputError('NothingToCheck', 'no input was given; pass templates, manifests or paths');
    const all = catalogue();
    const frameworks = frameworksOf(inputs.frameworks ?? []);
    const examination = new Examine(readings, {
      ...scopeOf(inputs.controls === undefined ? undefined : controlsOf(inputs.controls, all), frameworks, all),
      known: (id) => all.ids.includes(id),
      kubernetes: inputs.kubernetes === undefined ? undefined : kubernetesOf(inputs.kubernetes),
      asOf: inputs.asOf,
      cni: inputs.cni,
      texts,
    });
    return new Posture(examination, frameworks);
  }

  /** The run in figures. */
  public readonly summary: PostureSummary;
  /** Exemptions that end or cover nothing, files that were skipped, values YAML turned into others. */
  public readonly notes: PostureNote[];
  /** How it stands to each framework that was asked for. */
  public readonly frameworks: FrameworkConformance[];
  private readonly examination: Examination;

  private constructor(examination: Examination, frameworks: readonly Framework[]) {
    this.examination = examination;
    this.frameworks = examination.conformances(frameworks);
    this.summary = examination.summary;
    this.notes = examination.notes;
  }

  /** Everything that is not a pass, worst first. */
  public get findings(): Finding[] {
    return this.examination.findings;
  }

  /**
   * Flows between ends, one in a line: `payments/api -> payments/ledger TCP 8443`. An end is `namespace/name`, `namespace/*`, `internet` or a range of
   * addresses; `*` in a line is anybody. What a policy denies and nothing enforces ends in `unenforced`, and what was read does not decide in
   * `undecided`. Throws `WorkloadUnknown`, and what is wrong with a policy: `PolicyInvalid`, `SelectorInvalid`, `CidrInvalid`, `PortNameTaken`.
   */
  public flows(ends?: FlowEnds): string[] {
    const { flowText } = require('../analysis') as typeof import('../analysis');
    return this.examination.network.flows(ends?.from, ends?.to).map(flowText);
  }

  /** What passes from one end to another: `TCP 8443`, `* undecided`; nothing where all is denied. Throws what `flows` throws. */
  public reach(from: string, to: string): string[] {
    return this.examination.network.ports(from, to);
  }
}
