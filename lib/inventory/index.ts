import { buildInventory } from './build';
import { readManifests, readObjects } from './kubernetes';
import type { Inventory } from './model';
import { readTemplate } from './template';
import type { JsonObject } from './value';

export { type Files, readAssembly } from './assembly';
export { buildInventory } from './build';
export { concatenate, containsOpen, same } from './compose';
export { fitsGlob } from './glob';
export {
  type AccountRole,
  accountRoles,
  clusterOf,
  type Identity,
  identities,
  listOf,
  ROLE_ANNOTATION,
  roleArnOf,
  roleByArn,
  statementsOf,
  trustedSubjects,
} from './join';
export { jsonTextOf, parseJsonText } from './json-text';
export { podSpecPath, readManifests, readObjects } from './kubernetes';
export * from './model';
export { namePattern, resourceName } from './name';
export { type PodTemplate, podTemplateOf, podTemplates } from './pod-templates';
export { lineOf, pathSteps } from './position';
export type { RawTemplate, Reading } from './reading';
export { selects, selectsByMap } from './selectors';
export { type InputKind, sniff } from './sniff';
export { readTemplate, readText, type TemplateOptions } from './template';
export * from './value';
export { MAX_BYTES, parseDocuments } from './yaml';

/** An inventory of one small input: what examples and tests hand to a control. */
export function inventoryOf(input: {
  readonly manifests?: string | readonly JsonObject[];
  readonly template?: string | JsonObject;
}): Inventory {
  const { manifests, template } = input;
  return buildInventory([
    ...(manifests === undefined ? [] : [typeof manifests === 'string' ? readManifests(manifests) : readObjects(manifests)]),
    ...(template === undefined ? [] : [readTemplate(template)]),
  ]);
}
