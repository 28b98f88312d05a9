import { lastDay } from '../controls/clock';
import { InputError } from '../error';
import { type Acceptance, isJsonObject, type Json, type JsonObject, lineOf, parseDocuments, type Reading } from '../inventory';
import { unknownControl } from './selection';

/** Name of the file in which exemptions of manifests stand that no program synthesizes. */
export const CONFIG = 'bulwark.yaml';

const SECTIONS = { exemptions: ['exemption', 'until'], decisions: ['decision', 'review'] } as const;

/**
 * Reads `bulwark.yaml`: lists `exemptions` and `decisions`, each entry with `control`, `where` (a resource as `Deployment shop/web`, `*` for any characters),
 * `owner`, `reason` and `until` or `review`. Throws `ConfigInvalid`, `UnknownControl`, `DateInvalid` or `AcceptanceTooLong` with file and line.
 */
export function readConfig(text: string, file: string, ids: readonly string[]): Reading {
  const documents = parseDocuments(text, 'template', file);
  const at = (path: string): { file: string; line?: number } => ({ file, line: lineOf(text, 0, path) });
  const wrong = (path: string, detail: string): InputError => new InputError('ConfigInvalid', detail, at(path));
  if (documents.length > 1) throw wrong('', `the file has ${documents.length} documents where it may have one; join them`);
  const [body] = documents.length === 0 ? [{}] : documents;
  if (!isJsonObject(body)) throw wrong('', "the file holds no map; start it with 'exemptions:'");
  const acceptances: Acceptance[] = [];
  for (const [section, entries] of Object.entries(body)) {
    if (!(section in SECTIONS)) throw wrong(section, `there is no '${section}' in ${CONFIG}; use exemptions and decisions`);
    if (!Array.isArray(entries)) throw wrong(section, `'${section}' is no list; write one entry a line, each started by '- '`);
    const [kind, end] = SECTIONS[section as keyof typeof SECTIONS];
    entries.forEach((entry, index) => {
      const path = `${section}[${index}]`;
      if (!isJsonObject(entry))
        throw wrong(path, `entry ${index + 1} of '${section}' is no map; give it control, where, owner, reason and ${end}`);
      acceptances.push(acceptanceOf(entry, kind, end, path));
    });
  }
  return { kubernetes: [], templates: [], acceptances, notices: [] };

  function acceptanceOf(entry: JsonObject, kind: Acceptance['kind'], end: string, path: string): Acceptance {
    const fields = ['control', 'where', 'owner', 'reason', end];
    for (const name of Object.keys(entry))
      if (!fields.includes(name))
        throw wrong(
          `${path}.${name}`,
          `there is no '${name}' in an ${kind}; use ${fields.join(', ')}`.replace('an decision', 'a decision'),
        );
    const words = (name: string): string => {
      const value: Json | undefined = entry[name];
      if (typeof value !== 'string' || value.trim() === '')
        throw wrong(
          entry[name] === undefined ? path : `${path}.${name}`,
          `'${name}' of the ${kind} is ${value === undefined ? 'missing' : `'${String(value)}'`}; write it as text`,
        );
      return value.trim();
    };
    const [control, where, owner, reason, until] = fields.map(words);
    if (!ids.includes(control)) throw unknownControl(control, ids, at(`${path}.control`));
    lastDay(until, `${end} of the ${kind}`, at(`${path}.${end}`));
    return { kind, control, owner, reason, until, scope: { pattern: where }, source: at(path) };
  }
}
