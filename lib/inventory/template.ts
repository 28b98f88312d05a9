import { InputError } from '../error';
import { readManifests } from './kubernetes';
import type { Notice } from './model';
import { lineOf } from './position';
import type { RawTemplate, Reading } from './reading';
import { sniff } from './sniff';
import { isJsonObject, type Json, type JsonObject } from './value';
import { parseDocuments } from './yaml';

/** Where a template stands. */
export interface TemplateOptions {
  /** It is listed as a stack in a cloud assembly, so it is a template whatever it holds. */
  readonly assembled?: boolean;
  /** Name of the stack; the file's name where nothing is given. */
  readonly stack?: string;
  readonly file?: string;
  readonly account?: string;
  readonly region?: string;
  /** Construct path that stands before every `aws:cdk:path` of the template. */
  readonly pathPrefix?: string;
}

/** Reads a CloudFormation template, JSON or YAML with short-form tags, or one in memory. Throws `InputError` with file and line. */
export function readTemplate(input: string | JsonObject, options: TemplateOptions = {}): Reading {
  const { file, account, region, pathPrefix } = options;
  const body = typeof input === 'string' ? parseTemplate(input, file) : input;
  try {
    checkTemplate(body, file, options.assembled === true);
  } catch (error) {
    if (!(error instanceof InputError) || typeof input !== 'string') throw error;
    throw new InputError(error.code, error.detail, { file, line: lineOf(input, 0, error.place.path ?? '') });
  }
  const template: RawTemplate = { stack: options.stack ?? file ?? 'template', body, file, account, region, pathPrefix };
  return { kubernetes: [], templates: [template], acceptances: [], notices: noticesOf(body, file) };
}

/** Says which resources only CloudFormation will see: those of macros and loops. */
function noticesOf(body: JsonObject, file: string | undefined): Notice[] {
  const notices: Notice[] = [];
  const notice = (what: string, path: string): void => {
    notices.push({
      code: 'TemplateTransform',
      message: `${what} is expanded at deployment; what it adds or changes is not seen here`,
      source: { file, path },
    });
  };
  for (const name of Array.isArray(body.Transform) ? body.Transform : [body.Transform ?? null]) {
    // The language extensions add functions, no resources; what they loop over is named on its own.
    if (name !== null && name !== 'AWS::LanguageExtensions')
      notice(`the transform ${typeof name === 'string' ? name : 'of the template'}`, 'Transform');
  }
  for (const key of Object.keys(isJsonObject(body.Resources) ? body.Resources : {})) {
    if (key.startsWith('Fn::')) notice(key, `Resources.${key}`);
  }
  return notices;
}

/** Reads a text whose kind nobody said: manifests or a template. Throws `NotRecognised` when it is neither. */
export function readText(text: string, options: { readonly file?: string } = {}): Reading {
  const kind = sniff(text);
  if (kind === 'template') return readTemplate(text, options);
  if (kind === 'manifest') return readManifests(text, options);
  // What does not even parse is told so, with its line, before anything is said about its kind.
  const documents = parseDocuments(text, 'kubernetes', options.file);
  if (documents.every((document) => document === null)) return { kubernetes: [], templates: [], acceptances: [], notices: [] };
  if (kind === 'assembly') {
    throw new InputError('AssemblyManifest', 'the input is the manifest of a cloud assembly; pass the folder that holds it', {
      file: options.file,
    });
  }
  throw new InputError(
    'NotRecognised',
    `the input ${keysOf(documents[0])} and is neither a Kubernetes manifest (apiVersion, kind) nor a CloudFormation template (Resources); leave it out`,
    { file: options.file },
  );
}

function keysOf(document: Json): string {
  if (!isJsonObject(document)) return `is ${Array.isArray(document) ? 'a list' : `a ${typeof document}`}`;
  const keys = Object.keys(document);
  return keys.length === 0 ? 'is an empty object' : `has the keys ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', ...' : ''}`;
}

function parseTemplate(text: string, file: string | undefined): JsonObject {
  const documents = parseDocuments(text, 'template', file).filter((document) => document !== null && document !== undefined);
  if (documents.length !== 1) {
    throw new InputError(
      'NotATemplate',
      `the input has ${documents.length} documents where a template has one; pass one template per file`,
      { file },
    );
  }
  const [body] = documents;
  if (!isJsonObject(body))
    throw new InputError('NotATemplate', `the input ${keysOf(body)}, not a template; start it with Resources`, { file });
  return body;
}

/** Refuses what cannot be a template; anything malformed further inside becomes an unknown instead. */
function checkTemplate(body: JsonObject, file: string | undefined, assembled: boolean): void {
  if (!isJsonObject(body))
    throw new InputError('NotATemplate', `the input ${keysOf(body)}, not a template; start it with Resources`, { file });
  if (typeof body.apiVersion === 'string' && typeof body.kind === 'string') {
    throw new InputError('NotATemplate', `the input is the Kubernetes object '${body.kind}', not a template; read it as a manifest`, {
      file,
    });
  }
  // A stack of a cloud assembly that has nothing in it yet is written without Resources.
  if (body.Resources === undefined && !assembled && sniff(body) !== 'template') {
    throw new InputError(
      'NotATemplate',
      `the input ${keysOf(body)} but no Resources, so it is no template; pass a CloudFormation template`,
      { file },
    );
  }
  for (const name of ['Resources', 'Parameters', 'Mappings', 'Conditions', 'Outputs']) {
    const found = body[name];
    if (found !== undefined && !isJsonObject(found)) {
      const what = found === null ? 'empty' : Array.isArray(found) ? 'a list' : `a ${typeof found}`;
      throw new InputError('TemplateMalformed', `${name} is ${what}, not an object; correct it or leave it out`, { file, path: name });
    }
  }
  for (const [logicalId, resource] of Object.entries((body.Resources ?? {}) as JsonObject)) {
    if (logicalId.startsWith('Fn::')) continue;
    if (!isJsonObject(resource) || typeof resource.Type !== 'string') {
      throw new InputError('TemplateMalformed', `the resource '${logicalId}' has no Type; add it`, {
        file,
        path: `Resources.${logicalId}`,
      });
    }
  }
}
