import type { Event as YamlEvent } from 'js-yaml';

type Parser = typeof import('js-yaml');

/** As deep as any real document nests; the readers refuse what is deeper. */
const MAX_DEPTH = 200;

/** Splits `spec.containers[0].env[1]["a.b"]` into its steps. */
export function pathSteps(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    if (match[1] !== undefined) steps.push(JSON.parse(`"${match[1]}"`) as string);
    else steps.push(match[2] !== undefined ? Number(match[2]) : match[3]);
  }
  return steps;
}

/** The events of one text, kept while a report asks for many lines of it. */
class Positions {
  private readonly events: readonly YamlEvent[];
  /** Where the value that starts at an event ends; filled as it is asked for. */
  private readonly ends = new Map<number, number>();
  private readonly lineStarts: number[] = [0];

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
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
  }

  find(document: number, path: string): number | undefined {
    let index = this.documentAt(document);
    if (index === undefined) return undefined;
    let best = this.startOf(index);
    for (const step of pathSteps(path)) {
      const found = this.child(index, step);
      if (found === undefined) break;
      index = found.value;
      best = found.start ?? best;
    }
    return best === undefined ? undefined : this.lineAt(best);
  }

  private documentAt(document: number): number | undefined {
    let seen = -1;
    for (let index = 0; index < this.events.length; index += 1) {
      if (this.events[index].type === this.y.EVENT_ID.DOCUMENT) seen += 1;
      if (seen === document) return index + 1;
    }
    return undefined;
  }

  private child(index: number, step: string | number): { value: number; start: number | undefined } | undefined {
    const { EVENT_ID } = this.y;
    const event = this.events[index];
    let at = index + 1;
    if (event?.type === EVENT_ID.SEQUENCE && typeof step === 'number') {
      for (let item = 0; at < this.events.length && this.events[at].type !== EVENT_ID.POP; item += 1) {
        if (item === step) return { value: at, start: this.startOf(at) };
        at = this.end(at);
      }
    } else if (event?.type === EVENT_ID.MAPPING) {
      while (at < this.events.length && this.events[at].type !== EVENT_ID.POP) {
        const key = this.events[at];
        const value = this.end(at);
        if (key.type === EVENT_ID.SCALAR && this.y.getScalarValue(this.source, key) === String(step))
          return { value, start: key.valueStart };
        at = this.end(value);
      }
    }
    return undefined;
  }

  private startOf(index: number): number | undefined {
    const event = this.events[index];
    if (event === undefined) return undefined;
    if ('valueStart' in event) return event.valueStart;
    if ('start' in event) return event.start;
    return 'anchorStart' in event ? event.anchorStart : undefined;
  }

  /** The event after the value that starts here. */
  private end(at: number): number {
    const known = this.ends.get(at);
    if (known !== undefined) return known;
    const { MAPPING, SEQUENCE, POP } = this.y.EVENT_ID;
    const opens = (index: number): boolean => this.events[index].type === MAPPING || this.events[index].type === SEQUENCE;
    let next = at + 1;
    if (opens(at)) {
      for (let depth = 1; depth > 0 && next < this.events.length; next += 1) {
        if (opens(next)) depth += 1;
        else if (this.events[next].type === POP) depth -= 1;
      }
    }
    this.ends.set(at, next);
    return next;
  }

  /** The line of an offset, from 1. */
  private lineAt(offset: number): number {
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

let last: Positions | undefined;

/**
 * The line (from 1) of a value in a YAML or JSON text, or of its nearest ancestor that is there; undefined when the document is not. `path` is relative to the
 * document's root. The events of the last text are kept, so that a report of many findings in one template parses it once.
 */
export function lineOf(text: string, document: number, path: string): number | undefined {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (last?.source !== source) last = new Positions(require('js-yaml') as Parser, source);
  return last.find(document, path);
}
