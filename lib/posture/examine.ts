import { type Audit, audit, blocks, type Conformance, conformance, type Gate, type Judgement } from '../audit';
import { type ProviderDefault, providerDefaults } from '../controls/provider-defaults';
import { InputError } from '../error';
import type { Framework } from '../frameworks';
import { buildInventory, type Reading } from '../inventory';
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
}

/** An audit with everything a report shows of it; lines are looked up when `findings` is asked. */
export class Examination {
  public readonly audit: Audit;
  private readonly gate: Gate;
  private readonly texts: Texts;
  private shown?: Finding[];

  constructor(readings: readonly Reading[], options: ExamineOptions) {
    this.gate = options.gate ?? {};
    this.texts = options.texts ?? new Texts();
    this.audit = audit(buildInventory(readings), options);
  }

  /** Every finding, worst first. */
  public get findings(): Finding[] {
    this.shown ??= this.audit.judgements.map((judgement) => this.finding(judgement));
    return this.shown;
  }

  /** Judgements that break the build. */
  public get blocking(): Judgement[] {
    return this.audit.judgements.filter((judgement) => this.isBlocking(judgement));
  }

  /** How the audit stands to frameworks whose controls it ran. */
  public conformances(frameworks: readonly Framework[]): FrameworkConformance[] {
    return frameworks.map((framework) => plainConformance(conformance(this.audit, framework)));
  }

  /** One judgement in plain data. */
  public finding(judgement: Judgement): Finding {
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
      source: { file: resource?.source.file, line: this.texts.lineOf(judgement) },
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
