import type { Audit } from '../audit';
import { today } from '../controls/clock';
import type { AnyControl } from '../controls/control';
import { InputError } from '../error';
import type { Inventory, Reading, Resource } from '../inventory';
import type { CdkApp, ChartsApp } from '../posture/apps';
import type { Cni } from '../posture/cni';
import type { Examination } from '../posture/examine';
import type { Finding, PostureNote, PostureSummary } from '../posture/finding';
import type { FlowEnds } from '../posture/posture';
import { isCdkApp, isChartsApp, readApp } from './apps';
import type { Fact } from './facts';
import { sourceLine } from './source-line';

/** The Apps to examine; at least one. */
export interface PostureApps {
  /**
   * The App of aws-cdk-lib.
   * @default - only the Kubernetes tree is examined
   */
  readonly cdk?: CdkApp;
  /**
   * The App of cdk8s, `k8s.App` or any other.
   * @default - only the CloudFormation tree is examined
   */
  readonly cdk8s?: ChartsApp;
  /**
   * Day on which exemptions and decisions are judged, YYYY-MM-DD.
   * @default - `BULWARK_AS_OF` where set, else today in UTC
   */
  readonly asOf?: string;
  /**
   * Kubernetes version, as in `1.35`.
   * @default - that of the `k8s.App`, else of the clusters where they agree, else the oldest version in standard support
   */
  readonly kubernetes?: string;
  /**
   * What enforces NetworkPolicies in the cluster.
   * @default - what the clusters of the cdk App install, else unknown: what policies deny is then undecided
   */
  readonly cni?: `${Cni}`;
}

const MARK = Symbol.for('cdk-bulwark.jest.Posture');
const RESOURCE_MARK = Symbol.for('cdk-bulwark.jest.PostureResource');
const made = new WeakMap<object, Map<string, Posture>>();

/** What the Apps of a platform permit and how that is judged: what the matchers are given. */
export class Posture {
  /**
   * Synthesizes, reads and audits; the same Apps on the same day give the same object. Nothing is written but the cloud assembly of CDK, and a guard on
   * the Apps does not get in the way. Takes one App alone as well. The Apps must be finished: what is added later is not seen.
   *
   * Throws `NothingToExamine`, `KubernetesVersionUnknown`, `DateInvalid`, `CniUnknown`, `ChartsInvalid`, and what the synthesis throws.
   */
  public static of(apps: PostureApps | CdkApp | ChartsApp): Posture {
    const options: PostureApps = isCdkApp(apps) ? { cdk: apps } : isChartsApp(apps) ? { cdk8s: apps } : apps;
    const { cdk, cdk8s, asOf = today(), kubernetes, cni } = options;
    const [first, second] = [cdk, cdk8s].filter((app) => app !== undefined);
    if (first === undefined || (cdk !== undefined && !isCdkApp(cdk)) || (cdk8s !== undefined && !isChartsApp(cdk8s))) {
      throw new InputError('NothingToExamine', "no App was given; pass an App of aws-cdk-lib as 'cdk', one of cdk8s as 'cdk8s', or both");
    }
    const known = made.get(first) ?? new Map<string, Posture>();
    made.set(first, known);
    const key = JSON.stringify([asOf, kubernetes, cni, second === undefined ? 0 : numberOf(second)]);
    const posture = known.get(key) ?? new Posture({ cdk, cdk8s, asOf, kubernetes, cni });
    known.set(key, posture);
    return posture;
  }

  /** True for a posture, whichever copy of this module made it. */
  public static isPosture(value: unknown): value is Posture {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  private readonly examination: Examination;
  private readonly apps: readonly (CdkApp | ChartsApp)[];
  private shown?: ReadonlyMap<string, Fact>;

  private constructor({ cdk, cdk8s, asOf, kubernetes, cni }: PostureApps) {
    const { Examination: Examine, kubernetesOf } = require('../posture/examine') as typeof import('../posture/examine');
    const { catalogue, usual } = require('../posture/selection') as typeof import('../posture/selection');
    Object.defineProperty(this, MARK, { value: true });
    this.apps = [cdk, cdk8s].filter((app) => app !== undefined);
    const said = kubernetes ?? (cdk8s as { kubernetes?: unknown } | undefined)?.kubernetes;
    const all = catalogue();
    const readings: Reading[] = this.apps.map(readApp);
    this.examination = new Examine(readings, {
      controls: usual(all),
      known: (id) => all.ids.includes(id),
      kubernetes: typeof said === 'string' ? kubernetesOf(said) : undefined,
      asOf,
      cni,
    });
  }

  /** Everything that is not a pass, worst first. */
  public get findings(): Finding[] {
    return this.examination.findings;
  }

  /** Exemptions that end or cover nothing, and what the readers noticed. */
  public get notes(): PostureNote[] {
    return this.examination.notes;
  }

  /** The run in figures. */
  public get summary(): PostureSummary {
    return this.examination.summary;
  }

  /** What the platform permits and leaves open: the lines of a posture file, in order. */
  public get facts(): string[] {
    return [...this._facts().keys()];
  }

  /**
   * Flows between ends, one in a line: `payments/api -> payments/ledger TCP 8443`. An end is `namespace/name`, `namespace/*`, `internet` or a range of
   * addresses; `*` in a line is anybody. What a policy denies and nothing enforces ends in `unenforced`, and what was read does not decide in
   * `undecided`. Throws `WorkloadUnknown`, and what is wrong with a policy: `PolicyInvalid`, `SelectorInvalid`, `CidrInvalid`, `PortNameTaken`.
   */
  public flows(ends: FlowEnds = {}): string[] {
    const { flowText } = require('../analysis') as typeof import('../analysis');
    return this.examination.network.flows(ends.from, ends.to).map(flowText);
  }

  /** What passes from one end to another: `TCP 8443`, `* undecided`; nothing where all is denied. Throws what `flows` throws. */
  public reach(from: string, to: string): string[] {
    return this.examination.network.ports(from, to);
  }

  /**
   * One resource, by construct path (`Platform/Cluster`) or as `namespace/Kind/name`. Throws `ResourceUnknown` naming near ones, or
   * `ResourceAmbiguous`.
   */
  public resource(name: string): PostureResource {
    const { find } = require('./lookup') as typeof import('./lookup');
    return new PostureResource(this, find(this._inventory, name), name);
  }

  /** The facts by line, with what states them. @internal */
  public _facts(): ReadonlyMap<string, Fact> {
    const { factsOf } = require('./facts') as typeof import('./facts');
    this.shown ??= factsOf(this.examination.audit, () => this.examination.network);
    return this.shown;
  }

  /** An audit in which all of these controls ran: that of the posture, or for those of the sandbox one more over what was read. @internal */
  public _auditOf(controls: readonly AnyControl[]): Audit {
    const { audit } = this.examination;
    if (controls.every((control) => audit.perControl.has(control))) return audit;
    const { audit: run } = require('../audit') as typeof import('../audit');
    return run(audit.inventory, { controls, kubernetes: audit.kubernetes, asOf: audit.asOf });
  }

  /** What was examined. @internal */
  public get _examination(): Examination {
    return this.examination;
  }

  /** What was read. @internal */
  public get _inventory(): Inventory {
    return this.examination.audit.inventory;
  }

  /** The user's line that made a resource. @internal */
  public _sourceLine(resource: Resource | undefined): string | undefined {
    return sourceLine(this.apps, resource);
  }
}

/** One resource of a posture. */
export class PostureResource {
  /** True for a resource of a posture, whichever copy of this module made it. */
  public static isPostureResource(value: unknown): value is PostureResource {
    return typeof value === 'object' && value !== null && RESOURCE_MARK in value;
  }

  /** Made by `Posture.resource`. @internal */
  public constructor(
    /** @internal */ readonly _posture: Posture,
    /** @internal */ readonly _resource: Resource,
    /** The name it was asked for. */
    public readonly name: string,
  ) {
    Object.defineProperty(this, RESOURCE_MARK, { value: true });
  }

  /** The blueprint: one readable block that says what the resource is and which property keeps which control. */
  public toString(): string {
    const { blueprint } = require('./blueprint') as typeof import('./blueprint');
    return blueprint(this._posture._examination.audit, this._resource);
  }
}

const numbers = new WeakMap<object, number>();
let last = 0;
function numberOf(app: object): number {
  const number = numbers.get(app) ?? ++last;
  numbers.set(app, number);
  return number;
}
