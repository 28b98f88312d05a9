import { isJsonObject, type Json } from './value';

/** What a text or an object is: for `readManifests`, for `readTemplate`, the manifest of a folder for `readAssembly`, or none of them. */
export type InputKind = 'manifest' | 'template' | 'assembly' | 'neither';

const RESOURCE_TYPE = /^[A-Za-z0-9]+::[A-Za-z0-9:@_-]+$/;

/** Tells manifests from templates by the keys that make them one. Reads no more of a text than it must and never throws. */
export function sniff(input: Json): InputKind {
  if (typeof input === 'string') return sniffText(input);
  if (Array.isArray(input)) return input.length > 0 ? sniff(input[0]) : 'neither';
  if (!isJsonObject(input)) return 'neither';
  if (typeof input.apiVersion === 'string' && typeof input.kind === 'string') return 'manifest';
  if (typeof input.AWSTemplateFormatVersion === 'string') return 'template';
  if (isJsonObject(input.Resources)) {
    const bodies = Object.values(input.Resources);
    if (bodies.length === 0 || bodies.some((body) => isJsonObject(body) && typeof body.Type === 'string' && RESOURCE_TYPE.test(body.Type)))
      return 'template';
  }
  // A stack of outputs alone is a template too; CDK makes them.
  if (isJsonObject(input.Outputs) && Object.values(input.Outputs).some((output) => isJsonObject(output) && 'Value' in output))
    return 'template';
  if (isJsonObject(input.artifacts) && typeof input.version === 'string') return 'assembly';
  return 'neither';
}

function sniffText(text: string): InputKind {
  const start = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (/^\s*[{[]/.test(start)) {
    try {
      return sniff(JSON.parse(start) as Json);
    } catch {
      // Flow-style YAML, several JSON documents, or broken JSON: judged by its keys below.
    }
  }
  // Only keys that start a line: a manifest may well carry a template in a block of text, and the reverse.
  if (/(^|[\r\n])["']?apiVersion["']?[ \t]*:/.test(start)) return 'manifest';
  if (/(^|[\r\n])["']?(AWSTemplateFormatVersion|Resources|Outputs)["']?[ \t]*:/.test(start)) return 'template';
  if (/^\s*[{[]/.test(start)) {
    if (/["']?apiVersion["']?[ \t]*:/.test(start)) return 'manifest';
    if (/["']?(AWSTemplateFormatVersion|Resources)["']?[ \t]*:/.test(start)) return 'template';
  }
  // A manifest that forgot its apiVersion is still meant for Kubernetes: its reader names what is missing.
  return /(^|[\r\n])["']?kind["']?\s*:/.test(start) ? 'manifest' : 'neither';
}
