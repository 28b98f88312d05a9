import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { InputError } from '../error';
import { type Reading, readAssembly } from '../inventory';
import { type CdkApp, type ChartsApp, carryDown, readCharts } from '../posture/apps';
import { disk } from '../posture/paths';

const CDK_APP = Symbol.for('@aws-cdk/core.App');
/** What CDK writes after the templates, when plugins have judged them: its name today, and before 2.258. */
const REPORTS = ['validation-report.json', 'policy-validation-report.json'];

const readings = new WeakMap<object, Reading>();

/** True for an App of aws-cdk-lib, whichever copy of it made the App. */
export function isCdkApp(value: unknown): value is CdkApp {
  return typeof value === 'object' && value !== null && CDK_APP in value;
}

/** True for an App of cdk8s, ours or any other. */
export function isChartsApp(value: unknown): value is ChartsApp {
  return typeof value === 'object' && value !== null && typeof (value as Partial<ChartsApp>).synthYaml === 'function';
}

/** What an App synthesizes, read once however often it is asked for. Throws what the synthesis throws. */
export function readApp(app: CdkApp | ChartsApp): Reading {
  let reading = readings.get(app);
  if (reading === undefined) {
    reading = isCdkApp(app) ? synthesized(app) : rendered(app as ChartsApp);
    readings.set(app, reading);
  }
  return reading;
}

function synthesized(app: CdkApp): Reading {
  carryDown(app);
  const before = reportsOf(app);
  try {
    app.synth();
  } catch (error) {
    // A guard or another plugin objects only when all templates are written; what they hold is for the matchers to judge.
    if (reportsOf(app) === before) throw error;
  }
  return readAssembly(relative(process.cwd(), app.outdir) || '.', disk);
}

function reportsOf(app: CdkApp): string {
  return REPORTS.map((name) => join(app.outdir, name))
    .map((file) => (existsSync(file) ? statSync(file).mtimeMs : 0))
    .join();
}

/** Renders without writing. The validations of the App itself are left out: one of them may be a guard, and matchers judge instead of it. */
function rendered(app: ChartsApp): Reading {
  const errors = app.node
    .findAll()
    .filter((construct) => construct !== app)
    .flatMap((construct) => construct.node.validate().map((error) => `[${construct.node.path}] ${error}`));
  if (errors.length > 0) throw new InputError('ChartsInvalid', `the charts do not validate: ${errors.join('; ')}`);
  return readCharts(app);
}
