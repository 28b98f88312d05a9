import { ApiObject, type App, Chart, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { JsonObject } from '../inventory/value';

/** One object as it is written, with where it comes from. */
export interface RenderedObject {
  readonly apiObject: ApiObject;
  readonly chart: Chart;
  readonly json: JsonObject;
}

/**
 * One synthesis of an App in linear time.
 *
 * cdk8s validates and orders the whole App again for each chart it writes. Here every validation runs once, before anything is written, the root's
 * last, so that an audit on the App sees what the others added; and each chart orders only itself. cdk8s still does the writing.
 */
export class Synthesis {
  private readonly restore: (() => void)[] = [];
  private readonly cache = new Map<ApiObject, JsonObject>();

  constructor(private readonly app: App) {}

  /** Runs cdk8s's own synthesis with the shortcuts in place, and takes them away again. */
  public run<T>(work: () => T): T {
    try {
      if (this.validate()) this.shortenCharts();
      return work();
    } finally {
      for (const undo of this.restore.reverse()) undo();
      this.cache.clear();
    }
  }

  /** Every object of the App, rendered once and kept until the end of the synthesis. */
  public rendered(): RenderedObject[] {
    return apiObjects(this.app).map((apiObject) => {
      const json: JsonObject = this.cache.get(apiObject) ?? apiObject.toJson();
      this.cache.set(apiObject, json);
      return { apiObject, chart: Chart.of(apiObject), json };
    });
  }

  /** Validates once and lets cdk8s find the answers. False when validations added constructs, which only cdk8s's own way orders right. */
  private validate(): boolean {
    const before = this.app.node.findAll();
    const answers = new Map<IConstruct, string[]>();
    for (const construct of before) if (construct !== this.app) answers.set(construct, construct.node.validate());
    let late: IConstruct[] = [];
    const lateErrors: string[] = [];
    const visitLate = () => {
      late = this.app.node.findAll().filter((construct) => construct !== this.app && !answers.has(construct));
      for (const construct of late) {
        const errors = construct.node.validate();
        answers.set(construct, errors);
        lateErrors.push(...errors.map((error) => `[${construct.node.path}] ${error}`));
      }
      return late.length > 0;
    };
    let grown = false;
    while (visitLate()) grown = true;
    const own = this.app.node.validate();
    while (visitLate()) grown = true;
    // cdk8s took its list of constructs before the late ones came: their errors have to be reported by somebody on it.
    answers.set(this.app, [...own, ...lateErrors]);
    for (const [construct, errors] of answers) this.shadow(construct.node, 'validate', () => (late.includes(construct) ? [] : errors));
    return !grown;
  }

  private shortenCharts(): void {
    const render = (apiObject: ApiObject) => this.cache.get(apiObject) ?? (apiObject.toJson() as JsonObject);
    for (const construct of this.app.node.findAll()) {
      // A class with its own idea of a chart's content keeps it.
      if (Chart.isChart(construct) && construct.toJson === Chart.prototype.toJson) {
        this.shadow(construct, 'toJson', () => ordered(construct).map(render));
      }
    }
    if (this.app.yamlOutputType !== YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE) return;
    // The only output type for which cdk8s asks the objects themselves.
    for (const [apiObject, json] of this.cache) this.shadow(apiObject, 'toJson', () => json);
  }

  private shadow<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    const had = Object.getOwnPropertyDescriptor(target, key);
    Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false });
    this.restore.push(() => {
      if (had === undefined) delete target[key];
      else Object.defineProperty(target, key, had);
    });
  }
}

/** Every ApiObject of an App, in tree order. */
export function apiObjects(app: App): ApiObject[] {
  return app.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
}

/**
 * A chart's own objects, dependencies first, in the order of cdk8s's DependencyGraph. Not that class itself: it makes an object with one key a
 * construct path for each chart, and thousands of those slow down every other object the process makes. Cycles were refused when the charts were ordered.
 */
function ordered(chart: Chart): ApiObject[] {
  const constructs = chart.node.findAll();
  const inside = new Set(constructs);
  const needed = new Set<IConstruct>();
  for (const construct of constructs) {
    for (const dependency of construct.node.dependencies) if (inside.has(dependency)) needed.add(dependency);
  }
  const found = new Set<IConstruct>();
  const visit = (construct: IConstruct) => {
    if (found.has(construct)) return;
    for (const dependency of construct.node.dependencies) if (inside.has(dependency)) visit(dependency);
    found.add(construct);
  };
  for (const construct of constructs) if (!needed.has(construct)) visit(construct);
  return [...found].filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && Chart.of(construct) === chart);
}
