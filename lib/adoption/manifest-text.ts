import type { Alias, Document, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { InputError } from '../error';
import { isJsonObject, type Json, type JsonObject, lineOf, parseDocuments } from '../inventory';
import { type Change, type HardenOptions, hardenObject, type Left, same } from './changes';
import { spliced, splicesOf } from './splice';

type Yaml = typeof import('yaml');
let parser: Yaml | undefined;
/** Loaded where a text is to be changed: nobody else needs a parser that remembers where things stood. */
function yaml(): Yaml {
  parser ??= require('yaml') as Yaml;
  return parser;
}

/** What one object of a text became. */
export interface ObjectReport {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** Line of the text it was read from, from 1. */
  readonly line?: number;
  readonly changes: readonly Change[];
  readonly left: readonly Left[];
}

/** A text with what became of its objects. */
export interface HardenedText {
  /** The very text that was given where nothing changed. */
  readonly text: string;
  readonly objects: readonly ObjectReport[];
  /** Documents, from 1, whose anchors were written out, because a change would have reached other places too. */
  readonly writtenOut: readonly number[];
}

/**
 * Hardens the objects of a YAML or JSON text, Lists included. Everything that does not change keeps its bytes; aliases and merge keys are written out only in a
 * document where one of them would carry a change to a second place.
 * Throws `YamlUneditable` and what parsing throws.
 */
export function hardenText(text: string, options: HardenOptions, file?: string): HardenedText {
  const documents = parseDocuments(text, 'kubernetes', file);
  const objects: ObjectReport[] = [];
  const wanted = documents.map((document, index) =>
    hardened(
      document,
      options,
      (report, within) => {
        const { changes, left } = report;
        const needed = changes.length > 0 || left.length > 0;
        objects.push({ ...report, line: needed ? lineOf(text, index, within) : undefined });
      },
      '',
    ),
  );
  if (wanted.every((document, index) => document === documents[index])) return { text, objects, writtenOut: [] };
  const { result, writtenOut } = rewrite(text, documents, wanted, file);
  // What was written must say what was meant; a text that is edited wrongly is worse than one that is not.
  if (!same(parseDocuments(result, 'kubernetes', file), wanted)) throw uneditable('its layout does not take the change', file);
  return { text: result, objects, writtenOut };
}

type Report = (report: Omit<ObjectReport, 'line'>, within: string) => void;

/** A document with its objects hardened; the same one where nothing changed. */
function hardened(value: Json, options: HardenOptions, report: Report, within: string): Json {
  if (!isJsonObject(value)) return value;
  const { kind, items, metadata } = value;
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    const made = items.map((item, index) => {
      // Items of a typed list may leave out what the list's own kind says.
      const bare = isJsonObject(item) && item.kind === undefined && kind !== 'List';
      const full = bare ? { apiVersion: value.apiVersion, kind: kind.slice(0, -4), ...item } : item;
      const next = hardened(full, options, report, `${within === '' ? '' : `${within}.`}items[${index}]`);
      if (next === full) return item;
      if (!bare) return next;
      const { apiVersion: _, kind: __, ...rest } = next as JsonObject;
      return rest;
    });
    return made.every((item, index) => item === items[index]) ? value : { ...value, items: made };
  }
  const { object, changes, left } = hardenObject(value, options);
  const { name, namespace } = isJsonObject(metadata) ? metadata : {};
  report(
    {
      kind: String(kind),
      name: String(name ?? (isJsonObject(metadata) ? metadata.generateName : undefined) ?? ''),
      namespace: typeof namespace === 'string' ? namespace : undefined,
      changes,
      left,
    },
    within,
  );
  return object;
}

function rewrite(
  text: string,
  documents: readonly Json[],
  wanted: readonly Json[],
  file: string | undefined,
): { result: string; writtenOut: number[] } {
  let source = text;
  const writtenOut: number[] = [];
  for (;;) {
    const nodes = parsed(source, documents, file);
    const splices = nodes.map((node, index) =>
      wanted[index] === documents[index] ? [] : splicesOf(yaml(), source, node, documents[index], wanted[index]),
    );
    const shared = splices.indexOf(undefined);
    if (shared < 0)
      return {
        result: spliced(
          source,
          splices.flatMap((list) => list ?? []),
        ),
        writtenOut,
      };
    if (writtenOut.includes(shared + 1)) throw uneditable('its anchors cannot be written out', file);
    writtenOut.push(shared + 1);
    source = writeOut(source, nodes[shared]);
  }
}

/** The documents of a text that hold something, with their places. Scalars stay as they are spelled. */
function parsed(source: string, documents: readonly Json[], file: string | undefined): Document[] {
  const all = yaml().parseAllDocuments(source, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  if (!Array.isArray(all)) throw uneditable('it holds nothing', file);
  const error = all.flatMap(({ errors }) => errors)[0];
  if (error !== undefined) throw uneditable(`${error.message.split(/ at line|:\n/)[0].toLowerCase()}`, file);
  const full = all.filter(({ contents }) => contents !== null && !(yaml().isScalar(contents) && contents.value === ''));
  const given = documents
    .map((document, index) => ({ document, index }))
    .filter(({ document }) => document !== null && document !== undefined);
  if (full.length !== given.length) throw uneditable('its documents cannot be told apart', file);
  const nodes: Document[] = [];
  for (const [at, { index }] of given.entries()) nodes[index] = full[at] as unknown as Document;
  return Array.from(documents, (_, index) => nodes[index]);
}

/** The text with one document's aliases and merge keys replaced by what they stand for. */
function writeOut(source: string, document: Document): string {
  const { visit, isAlias, isMap, isScalar, isSeq } = yaml();
  const resolve = (node: unknown): unknown => (isAlias(node) ? (node as Alias).resolve(document) : node);
  const copy = (node: unknown): Node => (resolve(node) as Node).clone() as Node;
  // From the inside out, until nothing refers to anything.
  for (let found = true; found; ) {
    found = false;
    visit(document, {
      Alias: (_, alias) => {
        found = true;
        return copy(alias);
      },
      Map: (_, map: YAMLMap) => {
        const merge = map.items.findIndex(({ key }) => isScalar(key) && key.value === '<<' && key.type === 'PLAIN');
        if (merge < 0) return undefined;
        found = true;
        const own = new Set(map.items.map(({ key }) => String((key as Scalar).value)));
        const from = resolve(map.items[merge].value);
        const sources = (isSeq(from) ? from.items.map(resolve) : [from]).filter((one) => isMap(one)) as YAMLMap[];
        const merged: Pair[] = [];
        for (const one of sources) {
          for (const pair of one.items as Pair<Scalar>[]) {
            const name = String(pair.key.value);
            if (own.has(name)) continue;
            own.add(name);
            merged.push(pair.clone() as Pair);
          }
        }
        map.items.splice(merge, 1, ...merged);
        return map;
      },
    });
  }
  visit(document, {
    Node: (_, node) => {
      if ('anchor' in node) delete (node as { anchor?: string }).anchor;
      // An empty value is null, and not the empty text that it would be written as.
      if (isScalar(node) && node.type === 'PLAIN' && node.value === '') node.value = 'null';
    },
  });
  const [start, , end] = document.range as [number, number, number];
  // A first document without a marker starts at its first value, and the comments above are its own.
  const from = source.startsWith('---', start) ? start : 0;
  return `${source.slice(0, from)}${document.toString({ lineWidth: 0 })}${source.slice(end)}`;
}

function uneditable(why: string, file: string | undefined): InputError {
  return new InputError('YamlUneditable', `the text cannot be changed in place: ${why}; write it in plainer YAML`, { file });
}
