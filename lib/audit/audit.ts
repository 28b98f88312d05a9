import { day, today } from '../controls/clock';
import type { AnyControl, Context, Subject, Subjects } from '../controls/control';
import type { Inventory, Resource } from '../inventory/model';
import { type AcceptanceStanding, Acceptances, type Warning, warningsOf } from './acceptances';
import type { Judgement } from './judgement';
import { inOrder } from './order';

/** Kubernetes version where nobody said. */
export const DEFAULT_KUBERNETES = '1.34';

/** What to audit with. */
export interface AuditOptions {
  readonly controls: readonly AnyControl[];
  /** `1.35`; else that of the clusters in the inventory where they agree, else the oldest version in standard support. */
  readonly kubernetes?: string;
  /** The day acceptances are judged as of, YYYY-MM-DD; else `BULWARK_AS_OF`, else today in UTC. */
  readonly asOf?: string;
  /** Leaves out what a control has to say of a resource, where that is nobody's question in this run. */
  readonly concerns?: (control: AnyControl, resource: Resource, kubernetes: string) => boolean;
  /** Tells whether an id is in the catalogue although its control does not run here. */
  readonly known?: (id: string) => boolean;
}

/** How many resources each verdict was given to. */
export interface Tally {
  pass: number;
  fail: number;
  undecided: number;
  exempt: number;
}

/** What running controls over an inventory gave. */
export interface Audit {
  /** Everything that is not a pass, worst first, in an order that depends on the input alone. */
  readonly judgements: readonly Judgement[];
  readonly tally: Readonly<Tally>;
  readonly perControl: ReadonlyMap<AnyControl, Readonly<Tally>>;
  /** Every exemption and decision that was found, and what became of it here. */
  readonly standings: readonly AcceptanceStanding[];
  readonly warnings: readonly Warning[];
  readonly inventory: Inventory;
  readonly kubernetes: string;
  readonly asOf: string;
}

const emptyTally = (): Tally => ({ pass: 0, fail: 0, undecided: 0, exempt: 0 });

/**
 * Runs controls over an inventory. A control that throws has decided nothing: its subject is `undecided`, never passed.
 * Throws `DateInvalid` for an `asOf` that is no day.
 */
export function audit(inventory: Inventory, options: AuditOptions): Audit {
  const asOf = options.asOf === undefined ? today() : day(options.asOf, 'asOf');
  const kubernetes = options.kubernetes ?? clusterVersion(inventory) ?? DEFAULT_KUBERNETES;
  const context: Context = { inventory, kubernetes };
  const acceptances = new Acceptances(inventory, options.controls, asOf);
  const judgements: Judgement[] = [];
  const tally = emptyTally();
  const perControl = new Map<AnyControl, Tally>();
  // Most controls share a way to pick their subjects; it runs once.
  const selected = new Map<Subjects<unknown>, readonly Subject<unknown>[]>();

  const judge = (control: AnyControl, counts: Tally, subject: Subject<unknown>): void => {
    const { resource } = subject;
    if (options.concerns?.(control, resource, kubernetes) === false) return;
    let verdict: 'fail' | 'undecided';
    let message: string;
    let at: string | undefined;
    try {
      const said = control.judge(subject.value, context, resource);
      if (said.verdict === 'pass') {
        counts.pass += 1;
        return;
      }
      ({ verdict, message, at } = said);
    } catch (error) {
      verdict = 'undecided';
      message = `the control could not be evaluated: ${reasonOf(error)}`;
    }
    const acceptance = acceptances.covering(control, resource);
    const word = acceptance === undefined ? verdict : 'exempt';
    counts[word] += 1;
    judgements.push({ control, resource, verdict: word, message, at, acceptance });
  };

  for (const control of options.controls) {
    const counts = emptyTally();
    perControl.set(control, counts);
    let subjects = selected.get(control.subjects);
    if (subjects === undefined) {
      try {
        subjects = [...control.subjects.select(inventory)];
        selected.set(control.subjects, subjects);
      } catch (error) {
        counts.undecided += 1;
        judgements.push({ control, verdict: 'undecided', message: `the control could not pick its subjects: ${reasonOf(error)}` });
      }
    }
    if (subjects !== undefined) for (const subject of subjects) judge(control, counts, subject);
    for (const key of ['pass', 'fail', 'undecided', 'exempt'] as const) tally[key] += counts[key];
  }
  const standings = acceptances.standings(options.known ?? (() => false));
  return { judgements: inOrder(judgements), tally, perControl, standings, warnings: warningsOf(standings), inventory, kubernetes, asOf };
}

/** The version that all clusters of the inventory have. */
function clusterVersion(inventory: Inventory): string | undefined {
  const versions = new Set(inventory.ofType('AWS::EKS::Cluster').map(({ properties }) => String(properties.Version)));
  const [version] = versions;
  return versions.size === 1 && /^1\.\d+$/.test(version) ? version : undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error);
}
