import { InputError } from '../error';
import type { Acceptance, Notice } from './model';
import type { RawTemplate, Reading } from './reading';
import { readTemplate } from './template';
import { isJsonObject, type Json, type JsonObject } from './value';

/** What the reader needs of a file system; paths are joined with `/`. */
export interface Files {
  read(path: string): string;
  list(folder: string): readonly string[];
  exists(path: string): boolean;
}

/** Metadata type under which exemptions and decisions stand on a construct. */
const ACCEPTANCE = 'cdk-bulwark:acceptance';
/** Suffixes that CDK gives the two constructs that deploy a nested stack, beside the nested stack itself. */
const NESTED = /^(.*)\.NestedStack\/[^/]*\.NestedStackResource$/;

interface Entry {
  readonly type?: Json;
  readonly data?: Json;
}

/**
 * Reads a cloud assembly (`cdk.out`): stacks, stages and nested stacks, with construct paths and acceptances from the metadata of manifest and artifacts.
 * Throws `AssemblyMissing` or `AssemblyInvalid`.
 */
export function readAssembly(folder: string, files: Files): Reading {
  const root = folder.replace(/\/+$/, '') || '/';
  const templates: RawTemplate[] = [];
  const acceptances: Acceptance[] = [];
  const notices: Notice[] = [];
  readFolder(root, files, new Set(), templates, acceptances, notices);
  return { kubernetes: [], templates, acceptances, notices };
}

function readFolder(
  folder: string,
  files: Files,
  seen: Set<string>,
  templates: RawTemplate[],
  acceptances: Acceptance[],
  notices: Notice[],
): void {
  if (seen.has(folder)) return;
  seen.add(folder);
  const file = `${folder}/manifest.json`;
  if (!files.exists(file)) {
    throw new InputError(
      'AssemblyMissing',
      `the folder '${folder}' has no manifest.json and is no cloud assembly; run 'cdk synth', or pass the folder it wrote`,
      { file: folder },
    );
  }
  const manifest = readJson(file, files);
  if (!isJsonObject(manifest) || !isJsonObject(manifest.artifacts)) {
    throw new InputError(
      'AssemblyInvalid',
      'the manifest has no artifacts and is not that of a cloud assembly; pass a folder that cdk synth wrote',
      { file },
    );
  }
  for (const [id, artifact] of Object.entries(manifest.artifacts)) {
    if (!isJsonObject(artifact)) continue;
    const properties = isJsonObject(artifact.properties) ? artifact.properties : {};
    if (artifact.type === 'cdk:cloud-assembly' && typeof properties.directoryName === 'string') {
      readFolder(`${folder}/${properties.directoryName}`, files, seen, templates, acceptances, notices);
    } else if (artifact.type === 'aws:cloudformation:stack') {
      readStack(folder, id, artifact, properties, files, templates, acceptances, notices);
    }
  }
}

function readStack(
  folder: string,
  id: string,
  artifact: JsonObject,
  properties: JsonObject,
  files: Files,
  templates: RawTemplate[],
  acceptances: Acceptance[],
  notices: Notice[],
): void {
  if (typeof properties.templateFile !== 'string') {
    throw new InputError('AssemblyInvalid', `the stack '${id}' names no templateFile; synthesize again`, {
      file: `${folder}/manifest.json`,
    });
  }
  const metadata = readMetadata(folder, artifact, files, notices);
  const environment = typeof artifact.environment === 'string' ? /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment) : null;
  const known = (part: string | undefined): string | undefined => (part === undefined || part.startsWith('unknown-') ? undefined : part);
  const place = { account: known(environment?.[1]), region: known(environment?.[2]) };
  const assets = assetFiles(folder, artifact, files);
  const index = indexMetadata(metadata, properties.templateFile);
  const deployed = typeof properties.stackName === 'string' ? properties.stackName : id;
  const name = typeof artifact.displayName === 'string' ? artifact.displayName : id;
  collectAcceptances(metadata, name, acceptances, notices, `${folder}/manifest.json`);
  const add = (stack: string, templateFile: string, parent: RawTemplate['parent'], above: readonly string[]): void => {
    const file = `${folder}/${templateFile}`;
    if (!files.exists(file))
      throw new InputError(
        'AssemblyInvalid',
        `the stack '${id}' names the template '${templateFile}', which is not there; synthesize again`,
        { file },
      );
    const reading = readWritten(files.read(file), stack, file);
    const { body } = reading.templates[0];
    const nested: { [logicalId: string]: string } = {};
    const children: [string, string][] = [];
    for (const [logicalId, resource] of Object.entries((body.Resources ?? {}) as JsonObject)) {
      if (!isJsonObject(resource) || resource.Type !== 'AWS::CloudFormation::Stack') continue;
      const child = nestedTemplate(templateFile, logicalId, resource, index, assets);
      // Only a hand-made assembly nests a template below itself; its second level stays unread.
      if (child === undefined || child === templateFile || above.includes(child) || !files.exists(`${folder}/${child}`)) continue;
      nested[logicalId] = `${stack}/${logicalId}`;
      children.push([logicalId, child]);
    }
    // The name of a nested stack is made at deployment.
    const stackName = parent === undefined ? deployed : undefined;
    templates.push({ ...reading.templates[0], ...place, stackName, nested, parent, paths: index.paths.get(templateFile) });
    for (const [logicalId, child] of children) add(nested[logicalId], child, { stack, logicalId }, [...above, templateFile]);
  };
  add(name, properties.templateFile, undefined, []);
}

/** Templates of an assembly are JSON that a machine wrote; the slow parser, which also finds duplicate keys and lines, is for those that are not. */
function readWritten(text: string, stack: string, file: string): Reading {
  try {
    return readTemplate(JSON.parse(text) as JsonObject, { stack, file, assembled: true });
  } catch {
    return readTemplate(text, { stack, file, assembled: true });
  }
}

function readJson(file: string, files: Files): Json {
  const text = files.read(file);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new InputError('AssemblyInvalid', `the file is no JSON (${(error as Error).message.split('\n')[0]}); synthesize again`, { file });
  }
}

/** Construct metadata: older libraries write it into the manifest, newer ones into a file beside it. */
function readMetadata(folder: string, artifact: JsonObject, files: Files, notices: Notice[]): JsonObject {
  const inline = isJsonObject(artifact.metadata) ? artifact.metadata : {};
  const name = artifact.additionalMetadataFile;
  if (typeof name !== 'string') return inline;
  const file = `${folder}/${name}`;
  if (!files.exists(file)) {
    notices.push({
      code: 'MetadataMissing',
      message: `the metadata file ${name} is not there, so construct paths and acceptances may be missing`,
      source: { file },
    });
    return inline;
  }
  const more = readJson(file, files);
  if (!isJsonObject(more)) return inline;
  const merged: JsonObject = { ...inline };
  for (const [path, entries] of Object.entries(more)) {
    const before = merged[path];
    merged[path] = Array.isArray(before) && Array.isArray(entries) ? [...before, ...entries] : entries;
  }
  return merged;
}

interface MetadataIndex {
  /** Template file -> logical id -> construct path. */
  readonly paths: Map<string, Map<string, string>>;
  /** Path of a nested stack -> its template file. */
  readonly nested: Map<string, string>;
}

function entriesOf(metadata: JsonObject, path: string): Entry[] {
  const entries = metadata[path];
  return Array.isArray(entries) ? entries.filter(isJsonObject) : [];
}

function indexMetadata(metadata: JsonObject, rootTemplate: string): MetadataIndex {
  const nested = new Map<string, string>();
  for (const path of Object.keys(metadata)) {
    for (const { type, data } of entriesOf(metadata, path)) {
      if (type === 'aws:cdk:templateFile' && typeof data === 'string' && data !== rootTemplate) nested.set(path.replace(/^\//, ''), data);
    }
  }
  const templateOf = (path: string): string => {
    for (let at = path; at.includes('/'); at = at.slice(0, at.lastIndexOf('/'))) {
      const found = nested.get(at);
      if (found !== undefined) return found;
    }
    return rootTemplate;
  };
  const paths = new Map<string, Map<string, string>>();
  for (const key of Object.keys(metadata)) {
    for (const { type, data } of entriesOf(metadata, key)) {
      if (type !== 'aws:cdk:logicalId' || typeof data !== 'string') continue;
      const path = key.replace(/^\//, '');
      const template = templateOf(path);
      const ids = paths.get(template) ?? new Map<string, string>();
      ids.set(data, path);
      paths.set(template, ids);
    }
  }
  return { paths, nested };
}

/** Asset hash -> file, for assemblies whose templates carry no asset metadata. */
function assetFiles(folder: string, artifact: JsonObject, files: Files): Map<string, string> {
  const found = new Map<string, string>();
  const dependencies = Array.isArray(artifact.dependencies) ? artifact.dependencies : [];
  for (const dependency of dependencies) {
    const file = `${folder}/${String(dependency)}.json`;
    if (typeof dependency !== 'string' || !dependency.endsWith('.assets') || !files.exists(file)) continue;
    const assets = readJson(file, files);
    if (!isJsonObject(assets) || !isJsonObject(assets.files)) continue;
    for (const [hash, asset] of Object.entries(assets.files)) {
      if (isJsonObject(asset) && isJsonObject(asset.source) && typeof asset.source.path === 'string') found.set(hash, asset.source.path);
    }
  }
  return found;
}

function nestedTemplate(
  templateFile: string,
  logicalId: string,
  resource: JsonObject,
  index: MetadataIndex,
  assets: Map<string, string>,
): string | undefined {
  const metadata = isJsonObject(resource.Metadata) ? resource.Metadata : {};
  if (typeof metadata['aws:asset:path'] === 'string') return metadata['aws:asset:path'];
  const path = index.paths.get(templateFile)?.get(logicalId);
  const construct = path === undefined ? undefined : NESTED.exec(path)?.[1];
  if (construct !== undefined && index.nested.has(construct)) return index.nested.get(construct);
  const url = JSON.stringify(isJsonObject(resource.Properties) ? (resource.Properties.TemplateURL ?? null) : null);
  for (const [hash, file] of assets) if (url.includes(hash)) return file;
  return undefined;
}

function collectAcceptances(metadata: JsonObject, stack: string, acceptances: Acceptance[], notices: Notice[], file: string): void {
  for (const key of Object.keys(metadata)) {
    for (const { type, data } of entriesOf(metadata, key)) {
      if (type !== ACCEPTANCE) continue;
      const path = key.replace(/^\//, '');
      const record = isJsonObject(data ?? null) ? (data as JsonObject) : {};
      const { control, owner, reason, until } = record;
      if (typeof control === 'string' && typeof owner === 'string' && typeof reason === 'string' && typeof until === 'string') {
        acceptances.push({
          kind: record.kind === 'decision' ? 'decision' : 'exemption',
          control,
          owner,
          reason,
          until,
          scope: { stack, path },
        });
      } else {
        notices.push({
          code: 'AcceptanceUnreadable',
          message: `the metadata ${ACCEPTANCE} of ${path} is no record; it accepts nothing`,
          source: { file, path },
        });
      }
    }
  }
}
