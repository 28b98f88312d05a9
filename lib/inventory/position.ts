import type { Event as YamlEvent } from 'js-yaml';

type Parser = typeof import('js-yaml');

/** As deep as any real document nests; the readers refuse what is deeper. */
const MAX_DEPTH = 200;

/** The same few paths are asked for in every object. */
const known = new Map<string, readonly (string | number)[]>();
const KNOWN_PATHS = 4_096;

/** Splits `spec.containers[0].env[1]["a.b"]` into its steps. */
export function pathSteps(path: string): readonly (string | number)[] {
  let steps = known.get(path);
  if (steps === undefined) {
    steps = split(path);
    if (known.size >= KNOWN_PATHS) known.clear();
    known.set(path, steps);
  }
  return steps;
}

function split(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    if (match[1] !== undefined) steps.push(JSON.parse(`"${match[1]}"`) as string);
    else steps.push(match[2] !== undefined ? Number(match[2]) : match[3]);
  }
  return steps;
}

/** What is inside a mapping or list: the event of each value by its step, and where that begins. */
type Children = ReadonlyMap<string | number, { readonly value: number; readonly start: number | undefined }>;

const NO_CHILDREN: Children = new Map();

/** The events of one text, kept while a report asks for many lines of it. */
class Positions {
  private readonly events: readonly YamlEvent[];
  /** The event after the value that starts at an event. */
  private readonly ends: Uint32Array;
  private readonly children = new Map<number, Children>();
  private readonly documents: number[] = [];
  private lineStarts?: readonly number[];

  constructor(
    private readonly y: Parser,
    readonly source: string,
  ) {
    let events: YamlEvent[] = [];
    try {
      events = y.parseEvents(source, { maxDepth: MAX_DEPTH });
    } catch {
      // A text that does not parse has no positions; whoever reads it says so.
    }
    this.events = events;
    this.ends = new Uint32Array(events.length);
    const { DOCUMENT, MAPPING, SEQUENCE, POP } = y.EVENT_ID;
    const open: number[] = [];
    events.forEach(({ type }, index) => {
      this.ends[index] = index + 1;
      if (type === DOCUMENT) this.documents.push(index + 1);
      if (type === DOCUMENT || type === MAPPING || type === SEQUENCE) open.push(index);
      else if (type === POP) this.ends[open.pop() ?? index] = index + 1;
    });
  }

  find(document: number, path: string): number | undefined {
    let index = this.documents[document];
    if (index === undefined) return undefined;
    let best = this.startOf(index);
    for (const step of pathSteps(path)) {
      const inside = this.childrenOf(index);
      const found = inside.get(step) ?? inside.get(String(step));
      if (found === undefined) break;
      index = found.value;
      best = found.start ?? best;
    }
    return best === undefined ? undefined : this.lineAt(best);
  }

  private childrenOf(index: number): Children {
    let children = this.children.get(index);
    if (children === undefined) {
      children = this.readChildren(index);
      this.children.set(index, children);
    }
    return children;
  }

  private readChildren(index: number): Children {
    const { MAPPING, SEQUENCE, SCALAR, POP } = this.y.EVENT_ID;
    const type = this.events[index]?.type;
    if (type !== MAPPING && type !== SEQUENCE) return NO_CHILDREN;
    const children = new Map<string | number, { value: number; start: number | undefined }>();
    let at = index + 1;
    for (let item = 0; at < this.events.length && this.events[at].type !== POP; item += 1) {
      if (type === SEQUENCE) {
        children.set(item, { value: at, start: this.startOf(at) });
        at = this.ends[at];
        continue;
      }
      const key = this.events[at];
      const value = this.ends[at];
      if (key.type === SCALAR) {
        const step = this.y.getScalarValue(this.source, key);
        // Of a key that stands twice the first one counts.
        if (!children.has(step)) children.set(step, { value, start: key.valueStart });
      }
      at = this.ends[value];
    }
    return children;
  }

  private startOf(index: number): number | undefined {
    const event = this.events[index];
    if (event === undefined) return undefined;
    if ('valueStart' in event) return event.valueStart;
    if ('start' in event) return event.start;
    return 'anchorStart' in event ? event.anchorStart : undefined;
  }

  /** The line of an offset, from 1. */
  private lineAt(offset: number): number {
    this.lineStarts ??= lineStartsOf(this.source);
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.lineStarts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}

function lineStartsOf(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

let parser: Parser | undefined;
let last: Positions | undefined;

/**
 * The line (from 1) of a value in a YAML or JSON text, or of its nearest ancestor that is there; undefined when the document is not. `path` is relative to the
 * document's root. The events of the last text are kept, so that a report of many findings in one template parses it once.
 */
export function lineOf(text: string, document: number, path: string): number | undefined {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (last?.source !== source) {
    // Resolving the module again costs more than parsing an object.
    parser ??= require('js-yaml') as Parser;
    last = new Positions(parser, source);
  }
  return last.find(document, path);
}
