import type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../inventory';
import { same } from './changes';

type Yaml = typeof import('yaml');

/** A piece of text to put in the place of another. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies splices, those at one place in their order. */
export function spliced(source: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of [...splices].sort((a, b) => a.start - b.start)) {
    parts.push(source.slice(at, start), text);
    at = end;
  }
  return parts.join('') + source.slice(at);
}

/**
 * Turns the difference of two values into splices of the text that the first was read from, so that all else keeps its bytes: comments, order, quotes, indentation.
 * `undefined` where the difference lies at or below an alias, an anchor that is used elsewhere, or a merge key: then the text says two things in one place.
 */
export function splicesOf(yaml: Yaml, source: string, document: Document, before: Json, after: Json): Splice[] | undefined {
  const shared = new Set<string>();
  yaml.visit(document, { Alias: (_, alias: Alias) => void shared.add(alias.source) });
  const writer = new Writer(yaml, source, shared);
  return writer.change(document.contents as Node, before, after, undefined) ? writer.splices : undefined;
}

type Entry = Pair<Scalar, Node | null>;

class Writer {
  readonly splices: Splice[] = [];
  private readonly eol: string;

  constructor(
    private readonly yaml: Yaml,
    private readonly source: string,
    private readonly shared: ReadonlySet<string>,
  ) {
    this.eol = source.includes('\r\n') ? '\r\n' : '\n';
  }

  /** False where the text is shared with another place. */
  change(node: Node | null, before: Json | undefined, after: Json, entry: Entry | undefined): boolean {
    if (same(before, after)) return true;
    const { isAlias, isMap, isSeq, isCollection, isScalar } = this.yaml;
    if (isAlias(node)) return false;
    if ((isCollection(node) || isScalar(node)) && node.anchor !== undefined && this.shared.has(node.anchor)) return false;
    if (isMap(node) && isJsonObject(before) && isJsonObject(after))
      return this.changeMap(node as YAMLMap<Scalar, Node | null>, before, after);
    if (isSeq(node) && Array.isArray(before) && Array.isArray(after) && after.length >= before.length) {
      const items = node.items as (Node | null)[];
      if (!before.every((value, index) => this.change(items[index], value, after[index], undefined))) return false;
      if (after.length > before.length) this.append(node, after.slice(before.length));
      return true;
    }
    this.replace(node, after, entry);
    return true;
  }

  private changeMap(map: YAMLMap<Scalar, Node | null>, before: JsonObject, after: JsonObject): boolean {
    const entries = new Map(map.items.map((item) => [String(item.key.value ?? ''), item as Entry]));
    const added: JsonObject = {};
    for (const [key, value] of Object.entries(after)) {
      const entry = entries.get(key);
      if (!(key in before)) added[key] = value;
      else if (same(before[key], value)) continue;
      // A key that has no place of its own here came in by a merge.
      else if (entry === undefined || !this.change(entry.value, before[key], value, entry)) return false;
    }
    if (Object.keys(added).length > 0) this.add(map, added);
    return true;
  }

  /** Writes new keys behind the last one, in the style of the map. */
  private add(map: YAMLMap<Scalar, Node | null>, added: JsonObject): void {
    const last = map.items.at(-1);
    if (map.flow === true || last === undefined) {
      this.addToFlow(map, Object.entries(added), last);
      return;
    }
    const indent = this.column(map.items[0].key.range?.[0] ?? 0);
    this.behind(this.endOf(last.value ?? last.key), blockLines(added, ' '.repeat(indent)));
  }

  private addToFlow(map: YAMLMap<Scalar, Node | null>, added: [string, Json][], last: Entry | undefined): void {
    const quoted = last === undefined ? /^\s*[{[]\s*"/.test(this.source) : last.key.type === 'QUOTE_DOUBLE';
    const start = last === undefined ? (map.range?.[0] ?? 0) + 1 : this.endOf(last.value ?? last.key);
    const line = last === undefined ? undefined : this.indentOfLine(last.key.range?.[0] ?? 0);
    const text = added
      .map(([key, value], index) => {
        const step = line === undefined ? '' : '  ';
        const json = quoted ? JSON.stringify(value, undefined, step).replaceAll('\n', `${this.eol}${line ?? ''}`) : flowText(value);
        const comma = index === 0 && last === undefined ? '' : line === undefined ? ', ' : `,${this.eol}${line}`;
        return `${comma}${quoted ? JSON.stringify(key) : scalarText(key)}: ${json}`;
      })
      .join('');
    this.splices.push({ start, end: start, text });
  }

  private append(list: YAMLSeq, values: Json[]): void {
    const last = list.items.at(-1) as Node | undefined;
    if (list.flow === true || last === undefined) {
      const start = last === undefined ? (list.range?.[0] ?? 0) + 1 : this.endOf(last);
      this.splices.push({
        start,
        end: start,
        text: values.map((value, index) => `${index > 0 || last !== undefined ? ', ' : ''}${JSON.stringify(value)}`).join(''),
      });
      return;
    }
    const dash = this.column(list.range?.[0] ?? 0);
    this.behind(this.endOf(last), blockItems(values, ' '.repeat(dash)));
  }

  /** Puts another value in the place of one. */
  private replace(node: Node | null, value: Json, entry: Entry | undefined): void {
    const start = node?.range?.[0];
    if (
      node !== null &&
      start !== undefined &&
      this.yaml.isScalar(node) &&
      node.range?.[1] !== start &&
      !/^[|>]/.test(this.source.slice(start))
    ) {
      this.splices.push({ start, end: this.endOf(node), text: flowText(value) });
      return;
    }
    // An empty value, a block of text, or a collection that may begin on a line of its own: all behind the colon goes.
    const colon = entry === undefined ? (start ?? 0) : this.source.indexOf(':', entry.key.range?.[1] ?? 0) + 1;
    const end = Math.max(colon, node === null ? colon : this.trimmed(this.endOf(node)));
    this.splices.push({ start: colon, end, text: `${entry === undefined ? '' : ' '}${flowText(value)}` });
  }

  /** Lines after the line in which something ends. */
  private behind(end: number, lines: readonly string[]): void {
    const text = lines.join(this.eol);
    if (end > 0 && this.source[end - 1] === '\n') {
      this.splices.push({ start: end, end, text: `${text}${this.eol}` });
      return;
    }
    const newline = this.source.indexOf('\n', end);
    const at = newline < 0 ? this.source.length : this.source[newline - 1] === '\r' ? newline - 1 : newline;
    this.splices.push({ start: at, end: at, text: `${this.eol}${text}` });
  }

  /** Where the last thing inside a value ends: a collection's own range reaches over the comments behind it. */
  private endOf(node: Node): number {
    const { isCollection, isPair } = this.yaml;
    if (isCollection(node) && node.flow !== true && node.items.length > 0) {
      const last = node.items.at(-1);
      if (isPair(last)) return this.endOf((last.value ?? last.key) as Node);
      return this.endOf(last as Node);
    }
    return node.range?.[1] ?? 0;
  }

  private trimmed(end: number): number {
    let at = end;
    while (at > 0 && /\s/.test(this.source[at - 1])) at -= 1;
    return at;
  }

  private column(offset: number): number {
    return offset - (this.source.lastIndexOf('\n', offset - 1) + 1);
  }

  /** The indentation of the line that starts with what stands here, undefined where it stands further in. */
  private indentOfLine(offset: number): string | undefined {
    const before = this.source.slice(offset - this.column(offset), offset);
    return /^[ \t]*$/.test(before) && offset > before.length ? before : undefined;
  }
}

const PLAIN = /^([A-Za-z][A-Za-z0-9_./-]*|[0-9]+(m|[KMGTPE]i))$/;
const NOT_TEXT = /^(y|n|yes|no|on|off|true|false|null|inf|nan)$/i;

function scalarText(value: null | boolean | number | string): string {
  return typeof value === 'string' && PLAIN.test(value) && !NOT_TEXT.test(value) ? value : JSON.stringify(value);
}

function flowText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (!isJsonObject(value)) return scalarText(value);
  const entries = Object.entries(value);
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, inner]) => `${scalarText(key)}: ${flowText(inner)}`).join(', ')} }`;
}

function blockLines(object: JsonObject, indent: string): string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const name = `${indent}${scalarText(key)}:`;
    if (isJsonObject(value) && Object.keys(value).length > 0) return [name, ...blockLines(value, `${indent}  `)];
    if (Array.isArray(value) && value.length > 0) return [name, ...blockItems(value, `${indent}  `)];
    return [`${name} ${flowText(value)}`];
  });
}

function blockItems(values: readonly Json[], indent: string): string[] {
  return values.flatMap((value) => {
    if (!isJsonObject(value) || Object.keys(value).length === 0) return [`${indent}- ${flowText(value)}`];
    const [first, ...rest] = blockLines(value, `${indent}  `);
    return [`${indent}- ${first.trimStart()}`, ...rest];
  });
}
