import { readFileSync } from 'node:fs';
import type { Judgement } from '../audit';
import { lineOf } from '../inventory';
import type { Source } from '../inventory/model';

/** Where a document begins in its file. */
interface Document {
  readonly text: string;
  readonly line: number;
}

/** Finds lines for the findings that are shown. Reads a file again rather than keep every text of a run. */
export class Texts {
  private readonly held = new Map<string, string>();
  private readonly documents = new Map<string, readonly Document[]>();

  /** Keeps a text that is in no file. */
  public hold(file: string, text: string): void {
    this.held.set(file, text);
  }

  /** The line of what a judgement points at, from 1; undefined when its source is no text. */
  public lineOf({ resource, at }: Judgement): number | undefined {
    if (resource === undefined) return undefined;
    const root = resource.tree === 'cloudformation' ? `Resources["${resource.logicalId}"]` : resource.source.within;
    const path = [root, at].filter((step) => step !== undefined).join('.');
    return this.lineAt(resource.source, path);
  }

  /** The line of a path inside a source's document. */
  public lineAt({ file, document = 0 }: Source, path: string): number | undefined {
    if (file === undefined) return undefined;
    const found = this.documentsOf(file)[document];
    if (found === undefined) return undefined;
    const line = lineOf(found.text, 0, path);
    return line === undefined ? undefined : found.line + line - 1;
  }

  /** Cut at the markers, so that one finding in a file of ten thousand objects parses one object. */
  private documentsOf(file: string): readonly Document[] {
    let documents = this.documents.get(file);
    if (documents === undefined) {
      documents = cut(this.held.get(file) ?? read(file));
      this.documents.set(file, documents);
    }
    return documents;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function cut(text: string): Document[] {
  const documents: Document[] = [];
  let start = 0;
  let line = 1;
  const take = (end: number): void => {
    const piece = text.slice(start, end);
    // What stands before the first marker is a document only when it holds something.
    if (documents.length > 0 || start > 0 || /^(?!\s*(#|%|---|$)).+/m.test(piece)) documents.push({ text: piece, line });
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) line += 1;
    start = end;
  };
  for (const marker of text.matchAll(/^---(?=\s|$)/gm)) if (marker.index > start) take(marker.index);
  take(text.length);
  return documents;
}
