import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildInventory, readManifests, readTemplate } from '../lib/inventory';
import * as names from '../lib/jest/identities';

/** The names in a golden that must not change by themselves, one a line, in order. */
export function identitiesOf(golden: string): string[] {
  const read = (part: string): [string, string][] =>
    (existsSync(join(golden, part)) ? readdirSync(join(golden, part)) : []).map((name) => [
      name,
      readFileSync(join(golden, part, name), 'utf8'),
    ]);
  return names.identitiesOf(
    buildInventory([
      ...read('cloudformation').map(([file, text]) => readTemplate(text, { file, stack: basename(file, '.template.json') })),
      ...read('kubernetes').map(([file, text]) => readManifests(text, { file })),
    ]),
  );
}
