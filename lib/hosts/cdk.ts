import { relative, resolve } from 'node:path';
import type { IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolatingResource, PolicyViolation } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Judgement } from '../audit';
import { InputError } from '../error';
import { readAssembly } from '../inventory';
import { type CdkApp, carryDown } from '../posture/apps';
import { disk } from '../posture/paths';
import type { Outcome, Session } from './session';

/** Name of the plugin, and so the prefix of the rules that CDK acknowledges. */
const PLUGIN = 'bulwark';
const ACKNOWLEDGED = 'aws:cdk:acknowledged-rules';
const CHART = Symbol.for('cdk8s.Chart');

/** Registers the audit with an App. Throws `NotACdkApp` or `CdkTooOld`. */
export function guardCdk(app: CdkApp, session: Session): void {
  const { App, Validations } = require('aws-cdk-lib') as typeof import('aws-cdk-lib');
  if (!App.isApp(app))
    throw new InputError('NotACdkApp', "'cdk' is not an App of aws-cdk-lib; pass the App that is synthesized, and a cdk8s App as 'cdk8s'");
  if (typeof Validations?.of !== 'function' || typeof Validations.prototype.addPlugins !== 'function') {
    throw new InputError('CdkTooOld', 'this aws-cdk-lib has no validation plugins; use 2.257.0 or later');
  }
  const plugin = new AuditPlugin(app, session);
  const { synth } = app;
  app.synth = (options) => {
    carryDown(app);
    return synth.call(app, options);
  };
  Validations.of(app).addPlugins(plugin);
  app.node.addValidation({
    validate: () => {
      plugin.forgetAcknowledgements();
      return chartsIn(app);
    },
  });
}

/** A chart in a stack would be left out of both outputs without a word. */
function chartsIn(app: IConstruct): string[] {
  return app.node
    .findAll()
    .filter((construct) => CHART in construct)
    .map(
      ({ node }) =>
        new InputError(
          'ChartInStack',
          `the cdk8s chart '${node.path}' stands in the CDK tree, where it is never written; give it a cdk8s App as its scope`,
        ).message,
    );
}

/** Runs the audit when CDK has written its templates. */
class AuditPlugin implements IPolicyValidationPlugin {
  public readonly name = PLUGIN;
  public readonly version = (require('../../package.json') as { version: string }).version;
  private readonly acknowledged: IConstruct[] = [];

  constructor(
    private readonly app: CdkApp,
    private readonly session: Session,
  ) {}

  // The context is not asked: before 2.258 it does not hold the App.
  public validate(): PolicyValidationPluginReport {
    const outcome = this.session.examine('cloudformation', readAssembly(relative(process.cwd(), this.app.outdir) || '.', disk));
    const violations = outcome.judgements
      .filter((judgement) => judgement.verdict !== 'exempt' || this.acknowledge(judgement, outcome))
      .map((judgement) => violationOf(judgement, severityOf(judgement, outcome), outcome));
    return { success: outcome.blocking.length === 0, pluginVersion: this.version, violations: [...violations, ...remarks(outcome)] };
  }

  /**
   * Takes back what the last synthesis acknowledged. An acknowledgement says that an exemption is live today; left in the tree, a forced second
   * synthesis would write it into the assembly, and the clock would change bytes.
   */
  public forgetAcknowledgements(): void {
    for (const construct of this.acknowledged.splice(0)) {
      const entries = (construct.node as unknown as { _metadata?: { type: string; data: object }[] })._metadata ?? [];
      const ours = entries.findIndex(
        ({ type, data }) => type === ACKNOWLEDGED && Object.keys(data).every((id) => id.startsWith(`${PLUGIN}::`)),
      );
      if (ours >= 0) entries.splice(ours, 1);
    }
  }

  /** Lets CDK list a live exemption among the suppressed violations, where the exemption was declared. False where it cannot, or not safely. */
  private acknowledge({ control, acceptance, resource }: Judgement, { judgements }: Outcome): boolean {
    const construct =
      acceptance === undefined || resource?.tree !== 'cloudformation' ? undefined : constructAt(this.app, acceptance.scope.path ?? '');
    if (acceptance === undefined || construct === undefined) return false;
    if (!acknowledgesByPath() && judgements.some((other) => other.control === control && other.verdict !== 'exempt')) return false;
    const id = `${PLUGIN}::${control.id}`;
    if (construct.node.metadata.some(({ type, data }) => type === ACKNOWLEDGED && id in (data as object))) return true;
    const { Validations } = require('aws-cdk-lib') as typeof import('aws-cdk-lib');
    const { kind, owner, reason, until } = acceptance;
    Validations.of(construct).acknowledge({ id, reason: `${kind} by ${owner} until ${until}: ${reason}` });
    this.acknowledged.push(construct);
    return true;
  }
}

/** Before 2.271 CDK takes an acknowledgement of a rule for the whole App, so one exemption would hide every other finding of its control. */
function acknowledgesByPath(): boolean {
  const { version } = require('aws-cdk-lib/package.json') as { version: string };
  const [major, minor] = version.split('.').map(Number);
  return major > 2 || minor >= 271;
}

/**
 * Once anything is acknowledged, CDK forgets what the plugin said about success and fails on `error` and `fatal` alone. So these two mean that the
 * build breaks, and nothing else gets them.
 */
function severityOf(judgement: Judgement, { blocking }: Outcome): string {
  if (blocking.includes(judgement)) return judgement.control.fatal === true ? 'fatal' : 'error';
  return judgement.verdict === 'undecided' ? 'info' : 'warning';
}

function violationOf(judgement: Judgement, severity: string, { examination }: Outcome): PolicyViolation {
  const { control, message, resource, at } = judgement;
  const { verdict, exemption, threats, source } = examination.finding(judgement);
  const said = verdict === 'fail' ? control.severity : `${verdict}, ${control.severity}`;
  const violating: PolicyViolatingResource =
    resource?.tree === 'cloudformation'
      ? {
          resourceLogicalId: resource.logicalId,
          templatePath: source.file === undefined ? undefined : resolve(source.file),
          locations: at === undefined ? [] : [at],
        }
      : // Not a path of this tree, so no acknowledgement of this tree can reach it.
        {
          constructPath:
            resource === undefined
              ? PLUGIN
              : `${resource.kind} ${resource.namespace ?? ''}/${resource.name} (${resource.source.path ?? ''})`,
          locations: [],
        };
  return {
    ruleName: control.id,
    description: `${control.id} ${control.title}: ${message} (${said})`,
    fix: control.remedy,
    severity,
    violatingResources: [violating],
    ruleMetadata: {
      severity: control.severity,
      verdict,
      threats: threats.join(', '),
      ...(exemption === undefined ? {} : { owner: exemption.owner, until: exemption.until }),
    },
  };
}

/** Exemptions that end or cover nothing, odd input, and a broken glass: told, and breaking nothing. */
function remarks({ warnings, notices, breakGlass }: Outcome): PolicyViolation[] {
  const remark = (ruleName: string, description: string, severity: string, path = PLUGIN): PolicyViolation => ({
    ruleName,
    description,
    severity,
    violatingResources: [{ constructPath: path, locations: [] }],
  });
  return [
    ...(breakGlass === undefined
      ? []
      : [
          remark(
            'BreakGlass',
            `break-glass by ${breakGlass.owner}: ${breakGlass.reason}; this synthesis passes whatever it found`,
            'warning',
          ),
        ]),
    ...warnings.map(({ code, message, acceptance }) => remark(code, message, 'warning', acceptance.scope.path)),
    ...notices.map(({ code, message, source }) => remark(code, message, 'info', source.path)),
  ];
}

function constructAt(root: IConstruct, path: string): IConstruct | undefined {
  let at: IConstruct | undefined = root;
  for (const id of path.split('/').filter((step) => step !== '')) at = at?.node.tryFindChild(id);
  return at;
}
