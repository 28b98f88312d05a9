import type { Cni, Network } from '../analysis';
import { type Audit, audit, blocks, type Conformance, conformance, type Gate, type Judgement } from '../audit';
import { type ProviderDefault, providerDefaults } from '../controls/provider-defaults';
import { InputError } from '../error';
import type { Framework } from '../frameworks';
import { buildInventory, type Reading, type Resource } from '../inventory';
import type { ConformanceVerdict, FrameworkConformance } from './conformance';
import type { Finding, MatrixCell, PostureNote, PostureSummary, Verdict, VerdictCounts } from './finding';
import type { Scope } from './selection';
import { Texts } from './texts';

/** How readings are examined. */
export interface ExamineOptions extends Scope {
  readonly kubernetes?: string;
  readonly asOf?: string;
  readonly known?: (id: string) => boolean;
  readonly gate?: Gate;
  readonly texts?: Texts;
  /** What enforces NetworkPolicies, where the inventory does not say it. */
  readonly cni?: string;
}

/** Findings that a report does not list one by one. */
export interface Unlisted {
  /** A severity, or `undecided`. */
  readonly section: string;
  readonly resources: number;
  readonly findings: number;
  /** Findings by control, those of the most common one first. */
  readonly controls: readonly (readonly [id: string, findings: number])[];
}

/** What a report for people is made of. */
export interface Listing {
  readonly findings: Finding[];
  readonly unlisted: readonly Unlisted[];
}

/** An audit with everything a report shows of it; lines are looked up when findings are asked for. */
export class Examination {
  public readonly audit: Audit;
  private readonly gate: Gate;
  private readonly texts: Texts;
  private shown?: Finding[];
  private readonly cni?: Cni;
  private reached?: Network;

  constructor(readings: readonly Reading[], options: ExamineOptions) {
    this.gate = options.gate ?? {};
    this.texts = options.texts ?? new Texts();
    if (options.cni !== undefined) this.cni = (require('../analysis') as typeof import('../analysis')).cniOf(options.cni);
    this.audit = audit(buildInventory(readings), options);
  }

  /** Every finding, worst first. */
  public get findings(): Finding[] {
    this.shown ??= this.withLines(this.audit.judgements);
    return this.shown;
  }

  /** Who may reach whom; computed when it is asked for. Throws what is wrong with a policy. */
  public get network(): Network {
    if (this.reached === undefined) {
      const { networkOf } = require('./network') as typeof import('./network');
      this.reached = networkOf(this.audit.inventory, this.texts, this.cni);
    }
    return this.reached;
  }

  /** Every finding, made when it is its turn: a report of a whole fleet need not be in memory at once. */
  public *eachFinding(): Iterable<Finding> {
    const { judgements } = this.audit;
    const lines = this.texts.linesOf(judgements);
    for (const [index, judgement] of judgements.entries()) yield this.finding(judgement, lines[index]);
  }

  /**
   * The findings that a reader can take in: of each severity, and of what is undecided, those of the first resources. The others are counted; what is exempt is
   * there without lines.
   */
  public listing(mostResources: number, judgements: readonly Judgement[] = this.audit.judgements): Listing {
    const sections = new Map<string, { readonly resources: Set<Resource | undefined>; readonly rest: Judgement[] }>();
    const listed: Judgement[] = [];
    const exempt: Judgement[] = [];
    for (const judgement of judgements) {
      const { control, resource, verdict } = judgement;
      if (verdict === 'exempt') {
        exempt.push(judgement);
        continue;
      }
      const name = verdict === 'fail' ? control.severity : verdict;
      let section = sections.get(name);
      if (section === undefined) {
        section = { resources: new Set(), rest: [] };
        sections.set(name, section);
      }
      if (section.resources.size < mostResources) section.resources.add(resource);
      (section.resources.has(resource) ? listed : section.rest).push(judgement);
    }
    return {
      findings: [...this.withLines(listed), ...exempt.map((judgement) => this.finding(judgement))],
      unlisted: [...sections].filter(([, { rest }]) => rest.length > 0).map(([section, { rest }]) => countUp(section, rest)),
    };
  }

  /** Judgements that break the build. */
  public get blocking(): Judgement[] {
    return this.audit.judgements.filter((judgement) => this.isBlocking(judgement));
  }

  /** How the audit stands to frameworks whose controls it ran. */
  public conformances(frameworks: readonly Framework[]): FrameworkConformance[] {
    return frameworks.map((framework) => plainConformance(conformance(this.audit, framework)));
  }

  /** One judgement in plain data, with the line where somebody looked it up. */
  public finding(judgement: Judgement, line?: number): Finding {
    const { control, resource, verdict, message, at, acceptance } = judgement;
    const kubernetes = resource?.tree === 'kubernetes' ? resource : undefined;
    const deployed = resource?.tree === 'cloudformation' ? resource : undefined;
    return {
      control: control.id,
      title: control.title,
      severity: control.severity,
      verdict: verdict as Verdict,
      blocking: this.isBlocking(judgement),
      resource: {
        kind: kubernetes?.kind ?? deployed?.type ?? 'Inventory',
        name: kubernetes?.name ?? deployed?.logicalId ?? 'everything',
        namespace: kubernetes?.namespace,
        path: resource?.source.path,
        stack: deployed?.stack,
      },
      message,
      remedy: control.remedy,
      source: { file: resource?.source.file, line },
      at,
      threats: [...control.threats],
      exemption:
        acceptance === undefined
          ? undefined
          : { kind: acceptance.kind, owner: acceptance.owner, reason: acceptance.reason, until: acceptance.until },
    };
  }

  /** Warnings about acceptances, then what the readers noticed. */
  public get notes(): PostureNote[] {
    const { warnings, inventory } = this.audit;
    return [
      ...warnings.map(({ code, message, acceptance }) => ({ code, message, file: acceptance.scope.object?.source.file })),
      ...inventory.notices
        .filter(({ code }) => code !== 'ReadTwice')
        .map(({ code, message, source }) => ({ code, message, file: source.file, line: source.line ?? this.texts.lineAt(source, '') })),
    ];
  }

  /** What AWS leaves open around the clusters and VPCs that were read, each with the call that closes it. */
  public get providerDefaults(): readonly ProviderDefault[] {
    return providerDefaults(this.audit.inventory);
  }

  /** The run in figures. */
  public get summary(): PostureSummary {
    const { tally, perControl, judgements, inventory, kubernetes, asOf } = this.audit;
    const severities: { [severity: string]: number } = { critical: 0, high: 0, medium: 0, low: 0 };
    for (const { control, verdict } of judgements) if (verdict === 'fail') severities[control.severity] += 1;
    const carriers: { [carrier: string]: VerdictCounts } = {};
    const cells = new Map<string, MatrixCell>();
    for (const [{ carrier, category, boundary }, counts] of perControl) {
      carriers[carrier] = sum(carriers[carrier], counts);
      const key = `${category} ${boundary}`;
      const cell = cells.get(key);
      cells.set(key, { category, boundary, controls: (cell?.controls ?? 0) + 1, ...sum(cell, counts) });
    }
    return {
      ...tally,
      resources: inventory.kubernetes.length + inventory.cloudformation.length,
      controls: perControl.size,
      blocking: this.blocking.length,
      severities,
      carriers,
      matrix: [...cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell),
      kubernetes,
      asOf,
    };
  }

  private withLines(judgements: readonly Judgement[]): Finding[] {
    const lines = this.texts.linesOf(judgements);
    return judgements.map((judgement, index) => this.finding(judgement, lines[index]));
  }

  private isBlocking(judgement: Judgement): boolean {
    return this.gate.breakGlass === undefined && blocks(judgement, this.gate);
  }
}

/** A conformance as plain data. */
function plainConformance({ framework, verdict, covered, total, requirements }: Conformance): FrameworkConformance {
  const { id, title, edition, url } = framework;
  return {
    id,
    title,
    edition,
    url,
    verdict: verdict as ConformanceVerdict,
    covered,
    total,
    requirements: requirements.map(({ requirement, verdict: own, judged, judgements, note }) => ({
      id: requirement.id,
      title: requirement.title,
      verdict: own as ConformanceVerdict,
      controls: 'controls' in requirement ? [...requirement.controls] : [],
      judged,
      findings: judgements.length,
      note,
    })),
  };
}

function countUp(section: string, rest: readonly Judgement[]): Unlisted {
  const controls = new Map<string, number>();
  for (const { control } of rest) controls.set(control.id, (controls.get(control.id) ?? 0) + 1);
  return {
    section,
    resources: new Set(rest.map(({ resource }) => resource)).size,
    findings: rest.length,
    controls: [...controls].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
  };
}

function sum(a: VerdictCounts | undefined, b: VerdictCounts): VerdictCounts {
  return {
    pass: (a?.pass ?? 0) + b.pass,
    fail: (a?.fail ?? 0) + b.fail,
    undecided: (a?.undecided ?? 0) + b.undecided,
    exempt: (a?.exempt ?? 0) + b.exempt,
  };
}

/** Kubernetes minor versions the controls understand. */
const KUBERNETES = { oldest: 25, newest: 37 };

/** Reads a Kubernetes version; throws `KubernetesVersionUnknown` for one the controls do not understand. */
export function kubernetesOf(text: string): string {
  const minor = /^v?1\.(\d{1,2})$/.exec(text)?.[1];
  if (minor === undefined || Number(minor) < KUBERNETES.oldest || Number(minor) > KUBERNETES.newest) {
    throw new InputError(
      'KubernetesVersionUnknown',
      `the Kubernetes version is '${text}'; give one from 1.${KUBERNETES.oldest} to 1.${KUBERNETES.newest}, for example 1.35`,
    );
  }
  return `1.${minor}`;
}
