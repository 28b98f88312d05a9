import { InputError } from '../error';
import type { RawTemplate, Reading } from './reading';
import type { Json, JsonObject } from './value';
import { parseDocuments } from './yaml';

/** What a text or a parsed document is: decided by its keys, never by its file name. */
export function sniff(document: Json): 'template' | 'manifest' | 'neither' {
  if (typeof document !== 'object' || document === null) return 'neither';
  if (Array.isArray(document)) return 'neither';
  if (typeof document.apiVersion === 'string' && typeof document.kind === 'string') return 'manifest';
  const resources = document.Resources;
  if (typeof document.AWSTemplateFormatVersion === 'string') return 'template';
  if (typeof resources !== 'object' || resources === null || Array.isArray(resources)) return 'neither';
  const bodies = Object.values(resources);
  return bodies.every((body) => typeof body === 'object' && body !== null && !Array.isArray(body) && typeof body.Type === 'string')
    ? 'template'
    : 'neither';
}

/**
 * Reads a CloudFormation template, as JSON or YAML text with short-form tags or as an object.
 * Throws `NotATemplate` for anything else, and what `parseDocuments` throws.
 */
export function readTemplate(
  template: string | JsonObject,
  options: { readonly stack?: string; readonly file?: string; readonly account?: string; readonly region?: string } & Pick<
    RawTemplate,
    'nested' | 'parent'
  > = {},
): Reading {
  const documents = typeof template === 'string' ? parseDocuments(template, 'template', options.file) : [template];
  const body = documents.find((document) => document !== null && document !== undefined);
  if (body === undefined || sniff(body) !== 'template') {
    throw new InputError('NotATemplate', 'the input has no Resources of CloudFormation; pass a template, a manifest or a cloud assembly', {
      file: options.file,
    });
  }
  const { stack = options.file ?? 'template', file, account, region, nested, parent } = options;
  return {
    kubernetes: [],
    templates: [{ stack, body: body as JsonObject, file, account, region, nested, parent }],
    acceptances: [],
    notices: [],
  };
}
