import { type BreakGlass, breakGlassOf, DEFAULT_FAIL_ON, type Judgement, resourceKey, type Warning } from '../audit';
import type { AnyControl } from '../controls/control';
import type { Severity } from '../controls/severity';
import type { Notice, Reading } from '../inventory';
import { Examination } from '../posture/examine';
import { catalogue, usual } from '../posture/selection';

/** Which of the two trees a host guards. */
export type Tree = 'cloudformation' | 'kubernetes';

/** What both hosts of one guard share. */
export interface SessionOptions {
  readonly trees: readonly Tree[];
  readonly controls?: readonly AnyControl[];
  readonly failOn?: Severity;
  readonly failOnUndecided?: boolean;
  readonly kubernetes?: string;
  readonly asOf?: string;
}

/** What one synthesis has to report. */
export interface Outcome {
  readonly examination: Examination;
  /** Everything of this host that is not a pass, exempt ones included. */
  readonly judgements: readonly Judgement[];
  readonly blocking: readonly Judgement[];
  readonly warnings: readonly Warning[];
  readonly notices: readonly Notice[];
  readonly failOn: Severity;
  readonly breakGlass?: BreakGlass;
}

/** Joined controls look at both trees at once. */
const isJoined = (id: string): boolean => id.startsWith('A-JON-');

/**
 * The memory of one guard over two synths. Each host judges its own tree; whichever synth runs last, and so knows both trees, reports the joined
 * findings as well, except those that the other one has reported.
 */
export class Session {
  private readonly readings = new Map<Tree, Reading>();
  private readonly reported = new Map<Tree, ReadonlySet<string>>();

  constructor(private readonly options: SessionOptions) {}

  /** Audits one tree as just synthesized, and the join where the other tree is known. */
  public examine(tree: Tree, reading: Reading): Outcome {
    this.readings.set(tree, reading);
    const { controls, kubernetes, asOf, failOnUndecided, trees } = this.options;
    const failOn = this.options.failOn ?? DEFAULT_FAIL_ON;
    // Read at synth and from the environment only: written into a program it would pass for ever.
    const glass = process.env.BULWARK_BREAK_GLASS;
    const breakGlass = glass ? breakGlassOf(glass) : undefined;
    const other: Tree = tree === 'kubernetes' ? 'cloudformation' : 'kubernetes';
    const joined = !trees.includes(other) || this.readings.has(other);
    const all = catalogueOnce();
    const examination = new Examination([...this.readings.values()], {
      controls: (controls ?? usual(all)).filter(({ id }) => (isJoined(id) ? joined : !id.startsWith(tree === 'kubernetes' ? 'A-' : 'K-'))),
      known: (id) => all.ids.includes(id),
      kubernetes,
      asOf,
      gate: { failOn, failOnUndecided, breakGlass },
    });
    const told = this.reported.get(other);
    const judgements = examination.audit.judgements.filter((judgement) =>
      isJoined(judgement.control.id)
        ? told?.has(keyOf(judgement)) !== true
        : judgement.resource === undefined || judgement.resource.tree === tree,
    );
    this.reported.set(tree, new Set(judgements.filter(({ control }) => isJoined(control.id)).map(keyOf)));
    const blocking = new Set(examination.blocking);
    return {
      examination,
      judgements,
      blocking: judgements.filter((judgement) => blocking.has(judgement)),
      warnings: examination.audit.warnings.filter(
        ({ acceptance }) => isJoined(acceptance.control) || (acceptance.scope.object !== undefined) === (tree === 'kubernetes'),
      ),
      notices: reading.notices,
      failOn,
      breakGlass,
    };
  }
}

let loaded: ReturnType<typeof catalogue> | undefined;
function catalogueOnce(): ReturnType<typeof catalogue> {
  loaded ??= catalogue();
  return loaded;
}

function keyOf({ control, resource, at, message }: Judgement): string {
  return JSON.stringify([control.id, resource === undefined ? '' : resourceKey(resource), at, message]);
}
