import type { Construct, IConstruct } from 'constructs';
import { ACCEPTANCE_ANNOTATION, ACCEPTANCE_METADATA, type AcceptanceRecord } from '../controls/acceptance-record';
import { type Acceptance, type JsonObject, type KubernetesObject, type Reading, readObjects, type Source } from '../inventory';

/** What is needed of an aws-cdk-lib App, so that its types need not be installed. */
export interface CdkApp extends Construct {
  readonly outdir: string;
  readonly stageName: string;
  synth(options?: object): unknown;
}

/** What is needed of a cdk8s App, ours or any other. */
export interface ChartsApp extends Construct {
  readonly outdir: string;
  synth(): void;
  synthYaml(): string;
}

/** An object of a chart, as far as reading it goes. */
interface Rendering extends Construct {
  toJson(): unknown;
}

/** An App of ours renders each object once and gives out what it will write. */
interface RenderingApp {
  _rendered(): { readonly apiObject: Construct; readonly json: JsonObject }[];
}

const API_OBJECT = Symbol.for('cdk8s.ApiObject');
const STACK = Symbol.for('@aws-cdk/core.Stack');

/**
 * CDK writes the metadata of stacks and what is below them, and drops that of an App, a stage or a construct that holds stacks. So every stack gets the
 * acceptances above it, and whoever audits the written assembly sees them too.
 */
export function carryDown(construct: IConstruct, above: readonly unknown[] = []): void {
  const own = construct.node.metadata.filter(({ type }) => type === ACCEPTANCE_METADATA).map(({ data }) => data as unknown);
  if (!(STACK in construct)) {
    for (const child of construct.node.children) carryDown(child, [...above, ...own]);
    return;
  }
  for (const record of above) if (!own.includes(record)) construct.node.addMetadata(ACCEPTANCE_METADATA, record);
}

/** True for a `k8s.App`, which renders each object once and validates before it writes. */
export function isRendering(app: unknown): app is RenderingApp {
  return typeof (app as Partial<RenderingApp>)._rendered === 'function';
}

/** Every object of a cdk8s App as it will be written, with its construct path. */
export function readCharts(app: ChartsApp): Reading {
  const rendered = isRendering(app)
    ? app._rendered()
    : app.node
        .findAll()
        .filter((construct): construct is Rendering => API_OBJECT in construct)
        .map((apiObject) => ({ apiObject, json: apiObject.toJson() as JsonObject }));
  const objects = rendered.filter(({ json }) => json !== undefined);
  const sources: Source[] = objects.map(({ apiObject }) => ({ path: apiObject.node.path }));
  const reading = readObjects(
    objects.map(({ json }) => json),
    sources,
  );
  const owners = new Map<string, IConstruct>(objects.map(({ apiObject }) => [apiObject.node.path, apiObject]));
  return { ...reading, acceptances: [...reading.acceptances, ...inMemory(reading.kubernetes, owners)] };
}

/** Acceptances on constructs of an App that does not write them as annotations. */
function inMemory(objects: readonly KubernetesObject[], owners: ReadonlyMap<string, IConstruct>): Acceptance[] {
  const found: Acceptance[] = [];
  const records = new Map<IConstruct, AcceptanceRecord[]>();
  const recordsOf = (construct: IConstruct): AcceptanceRecord[] => {
    let own = records.get(construct);
    if (own === undefined) {
      own = construct.node.metadata.filter(({ type }) => type === ACCEPTANCE_METADATA).map(({ data }) => data as AcceptanceRecord);
      records.set(construct, own);
    }
    return own;
  };
  for (const object of objects) {
    const annotations = (object.object.metadata as JsonObject | undefined)?.annotations as JsonObject | undefined;
    const owner = owners.get(object.source.path ?? '');
    if (owner === undefined || annotations?.[ACCEPTANCE_ANNOTATION] !== undefined) continue;
    for (const scope of owner.node.scopes) for (const record of recordsOf(scope)) found.push({ ...record, scope: { object } });
  }
  return found;
}
