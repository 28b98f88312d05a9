export { type Files, readAssembly } from './assembly';
export { buildInventory } from './build';
export { concatenate, containsOpen, parseJsonText, same } from './intrinsics';
export { type Identity, identities, listOf, ROLE_ANNOTATION, roleArnOf, roleByArn, statementsOf, trustedSubjects } from './join';
export { podSpecPath, readManifests, readObjects } from './kubernetes';
export * from './model';
export { type PodTemplate, podTemplateOf, podTemplates } from './pod-templates';
export type { RawTemplate, Reading } from './reading';
export { selects } from './selectors';
export { readTemplate, sniff } from './template';
export * from './value';
export { lineOf, MAX_BYTES, parseDocuments, pathSteps } from './yaml';

import { buildInventory } from './build';
import { readObjects } from './kubernetes';
import type { Inventory } from './model';
import { readTemplate } from './template';
import type { JsonObject } from './value';

/** An inventory of objects and one template that are in memory. */
export function inventoryOf(input: { readonly manifests?: readonly JsonObject[]; readonly template?: JsonObject }): Inventory {
  return buildInventory([
    ...(input.manifests === undefined ? [] : [readObjects(input.manifests)]),
    ...(input.template === undefined ? [] : [readTemplate(input.template)]),
  ]);
}
