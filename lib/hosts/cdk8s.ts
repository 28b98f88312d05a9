import type { Judgement } from '../audit';
import { InputError } from '../error';
import { type ChartsApp, isRendering, readCharts } from '../posture/apps';
import { count, layoutOf, textReport } from '../report';
import { GuardError } from './guard-error';
import type { Outcome, Session } from './session';

/** Findings that the error names. */
const NAMED = 10;
/** Resources of each severity that the report lists; the others are counted. */
const LISTED = 100;

/** Registers the audit with a cdk8s App. Throws `NotACdk8sApp`. */
export function guardCharts(app: ChartsApp, session: Session, report: (text: string) => void): void {
  if (typeof app?.synthYaml !== 'function' || app.node.scope !== undefined) {
    throw new InputError(
      'NotACdk8sApp',
      "'cdk8s' is not an App of cdk8s; pass the App that is synthesized, and an App of aws-cdk-lib as 'cdk'",
    );
  }
  const run = new RunOnce(app);
  app.node.addValidation({
    validate: () => {
      // What other constructs object to is theirs to say: such an App may not even render. Ours asks them before it asks the audit.
      if (!run.isDue() || (!isRendering(app) && othersObject(app))) return [];
      run.isDone();
      const outcome = session.examine('kubernetes', readCharts(app));
      if (outcome.blocking.length > 0 && isRendering(app) && othersObject(app)) return [];
      tell(outcome, report);
      if (outcome.blocking.length > 0) throw new GuardError(errorText(outcome));
      return [];
    },
  });
}

/** cdk8s validates the whole App again for every chart it writes; the audit runs once for each synthesis. */
class RunOnce {
  private state: 'outside' | 'due' | 'done' = 'outside';

  constructor(app: ChartsApp) {
    const { synth, synthYaml } = app;
    app.synth = () => this.during(() => synth.call(app));
    app.synthYaml = () => this.during(() => synthYaml.call(app));
  }

  public isDue(): boolean {
    return this.state !== 'done';
  }

  /** Outside of a synthesis, as when a test renders one chart, there is nothing to remember. */
  public isDone(): void {
    if (this.state === 'due') this.state = 'done';
  }

  private during<T>(work: () => T): T {
    if (this.state !== 'outside') return work();
    this.state = 'due';
    try {
      return work();
    } finally {
      this.state = 'outside';
    }
  }
}

function othersObject(app: ChartsApp): boolean {
  return app.node.findAll().some((construct) => construct !== app && construct.node.validate().length > 0);
}

function tell(outcome: Outcome, report: (text: string) => void): void {
  const { examination, judgements, warnings, notices, failOn, breakGlass } = outcome;
  const shown = judgements.filter(({ verdict }) => verdict !== 'exempt');
  if (shown.length + warnings.length + notices.length === 0 && breakGlass === undefined) return;
  const notes = [...warnings, ...notices].map(({ code, message }) => ({ code, message }));
  const input = {
    ...examination.listing(LISTED, shown),
    notes,
    summary: examination.summary,
    failOn,
    breakGlass,
  };
  const { stderr } = process;
  report(textReport(input, layoutOf(stderr.columns, stderr.isTTY === true && !process.env.NO_COLOR), { brief: true }));
}

function errorText({ blocking, failOn }: Outcome): string {
  const named = blocking.slice(0, NAMED).map((judgement) => `${judgement.control.id} ${nameOf(judgement)}`);
  const more = blocking.length - named.length;
  const list = [...named, ...(more === 0 ? [] : [`and ${more} more`])].map((line) => `\n  ${line}`).join('');
  return `${count(blocking.length, 'finding')} at or above ${failOn} in the Kubernetes tree:${list}`;
}

function nameOf({ resource, message }: Judgement): string {
  return resource?.source.path === undefined ? message : `[${resource.source.path}] ${message}`;
}
