import { InputError } from '../error';
import type { Acceptance, KubernetesObject, Notice, Source } from './model';
import { lineOf } from './position';
import type { Reading } from './reading';
import { isJsonObject, type Json, type JsonObject } from './value';
import { parseDocuments } from './yaml';

/** Annotation under which exemptions and decisions travel on an object: a JSON array of records. */
const ACCEPTANCES = 'cdk-bulwark/acceptances';

/** Groups of files that a client reads and no API server does; they have no name. */
const CLIENT_SIDE = /^(kustomize\.config\.k8s\.io|kind\.x-k8s\.io|skaffold)\//;

/** Reads Kubernetes YAML or JSON text: several documents, Lists unwrapped. Throws `InputError` with file and line. */
export function readManifests(text: string, options: { readonly file?: string } = {}): Reading {
  const documents = parseDocuments(text, 'kubernetes', options.file);
  const sources: Source[] = documents.map((_, document) => ({ file: options.file, document }));
  try {
    return readObjects(documents as JsonObject[], sources);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { document = 0, within = '' } = error.place as Source;
    throw new InputError(error.code, error.detail, { file: options.file, line: lineOf(text, document, within) });
  }
}

/** Reads objects that are in memory; `sources` says where each came from. */
export function readObjects(objects: readonly JsonObject[], sources: readonly Source[] = []): Reading {
  const kubernetes: KubernetesObject[] = [];
  const acceptances: Acceptance[] = [];
  const notices: Notice[] = [];
  const add = (object: Json, source: Source, where: string): void => {
    if (object === null || object === undefined) return;
    if (!isJsonObject(object)) {
      throw new InputError(
        'NotAManifest',
        `${where} is ${Array.isArray(object) ? 'a list' : `the ${typeof object} '${String(object).slice(0, 40)}'`}, not an object; start it with apiVersion and kind`,
        source,
      );
    }
    const { apiVersion, kind } = object;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') {
      const missing = typeof apiVersion !== 'string' || apiVersion === '' ? 'apiVersion' : 'kind';
      throw new InputError('NotAManifest', `${where} has no ${missing} and is no Kubernetes object; add it, or leave the file out`, source);
    }
    const { items } = object;
    if (kind === 'List' || (kind.endsWith('List') && (Array.isArray(items) || items === null))) {
      if (items !== undefined && items !== null && !Array.isArray(items)) {
        throw new InputError('NotAManifest', `${where} is a List whose items are a ${typeof items}, not a list; correct it`, source);
      }
      const list = source.within === undefined ? 'items' : `${source.within}.items`;
      if (source.within !== undefined) {
        notices.push({ code: 'NestedList', message: `a ${kind} stands inside a List; its items are read all the same`, source });
      }
      (items ?? []).forEach((item, index) => {
        // Items of a typed list may leave out what the list's own kind says.
        const full =
          isJsonObject(item) && item.kind === undefined && kind !== 'List' ? { apiVersion, kind: kind.slice(0, -4), ...item } : item;
        add(full, { ...source, within: `${list}[${index}]` }, `item ${index} of the ${kind}`);
      });
      return;
    }
    const metadata = isJsonObject(object.metadata) ? object.metadata : {};
    const named = metadata.name ?? metadata.generateName;
    const resource: KubernetesObject = {
      tree: 'kubernetes',
      apiVersion,
      kind,
      name: named === undefined || named === null ? '' : String(named),
      namespace: metadata.namespace === undefined || metadata.namespace === null ? undefined : String(metadata.namespace),
      object,
      source,
    };
    kubernetes.push(resource);
    if (resource.name === '' && !CLIENT_SIDE.test(apiVersion)) {
      notices.push({
        code: 'NameMissing',
        message: `${kind} has neither name nor generateName, so the API server refuses it; name it`,
        source,
      });
    }
    noticeTraps(resource, metadata, notices);
    const annotations = metadata.annotations;
    if (isJsonObject(annotations) && typeof annotations[ACCEPTANCES] === 'string')
      readAcceptances(annotations[ACCEPTANCES], resource, acceptances, notices);
  };
  objects.forEach((object, index) => {
    const source = sources[index] ?? {};
    add(object, source, source.document === undefined ? `object ${index}` : `document ${source.document + 1}`);
  });
  return { kubernetes, templates: [], acceptances, notices };
}

function readAcceptances(text: string, resource: KubernetesObject, acceptances: Acceptance[], notices: Notice[]): void {
  let records: unknown;
  try {
    records = JSON.parse(text);
  } catch {
    records = undefined;
  }
  const usable =
    Array.isArray(records) &&
    records.every((record) => ['control', 'owner', 'reason', 'until'].every((key) => typeof record?.[key] === 'string'));
  if (!usable) {
    notices.push({
      code: 'AcceptanceUnreadable',
      message: `the annotation ${ACCEPTANCES} of ${resource.kind} ${resource.name} is no list of records; it accepts nothing`,
      source: resource.source,
    });
    return;
  }
  for (const record of records as { kind?: string; control: string; owner: string; reason: string; until: string }[]) {
    acceptances.push({
      kind: record.kind === 'decision' ? 'decision' : 'exemption',
      control: record.control,
      owner: record.owner,
      reason: record.reason,
      until: record.until,
      scope: { object: resource },
    });
  }
}

/** Says where YAML turned what was meant as text into something else: the API server refuses such an object. */
function noticeTraps(resource: KubernetesObject, metadata: JsonObject, notices: Notice[]): void {
  const report = (path: string, value: Json): void => {
    notices.push({
      code: 'YamlNotText',
      message: `${path} of ${resource.kind} ${resource.name} is read as the ${value === null ? 'null' : typeof value} ${String(value)} where Kubernetes wants text; put it in quotes`,
      source: resource.source,
    });
  };
  const check = (path: string, value: Json | undefined): void => {
    if (typeof value === 'boolean' || typeof value === 'number') report(path, value);
  };
  const checkMap = (path: string, map: Json | undefined): void => {
    if (isJsonObject(map)) for (const key in map) check(`${path}.${key}`, map[key]);
  };
  check('metadata.name', metadata.name);
  check('metadata.namespace', metadata.namespace);
  checkMap('metadata.labels', metadata.labels);
  checkMap('metadata.annotations', metadata.annotations);
  if (resource.kind === 'ConfigMap') checkMap('data', resource.object.data);
  const spec = podSpecOf(resource.object, resource.kind);
  if (spec === undefined) return;
  for (const group of ['initContainers', 'containers', 'ephemeralContainers']) {
    const list = spec[group];
    if (!Array.isArray(list)) continue;
    list.forEach((container, index) => {
      if (!isJsonObject(container)) return;
      if (Array.isArray(container.env))
        container.env.forEach((entry, at) => {
          if (isJsonObject(entry)) check(`${group}[${index}].env[${at}].value`, entry.value);
        });
      for (const words of ['args', 'command']) {
        const list = container[words];
        if (Array.isArray(list))
          list.forEach((word, at) => {
            check(`${group}[${index}].${words}[${at}]`, word);
          });
      }
    });
  }
}

const POD_SPEC_PATH: { readonly [kind: string]: readonly string[] } = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};
const BUILT_IN = /^(v1|apps\/|batch\/|extensions\/)/;

/** Steps to the pod spec of a built-in kind; undefined for kinds without one. */
export function podSpecPath(kind: string, apiVersion: string): readonly string[] | undefined {
  return BUILT_IN.test(apiVersion) ? POD_SPEC_PATH[kind] : undefined;
}

function podSpecOf(object: JsonObject, kind: string): JsonObject | undefined {
  let at: Json | undefined = object;
  for (const step of POD_SPEC_PATH[kind] ?? ['']) at = isJsonObject(at) ? at[step] : undefined;
  return isJsonObject(at) ? at : undefined;
}
