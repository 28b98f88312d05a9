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
  /** Of the file that was asked for last. */
  private cut?: { readonly file: string; readonly documents: readonly Document[] };

  /** Keeps a text that is in no file. */
  public hold(file: string, text: string): void {
    this.held.set(file, text);
  }

  /** The lines of many judgements, in their order. Looks through one document after the other, so that each is parsed once. */
  public linesOf(judgements: readonly Judgement[]): (number | undefined)[] {
    const files = new Map<string, Map<number, number[]>>();
    judgements.forEach(({ resource }, index) => {
      const { file, document = 0 } = resource?.source ?? {};
      if (file === undefined) return;
      let documents = files.get(file);
      if (documents === undefined) {
        documents = new Map();
        files.set(file, documents);
      }
      const indices = documents.get(document);
      if (indices === undefined) documents.set(document, [index]);
      else indices.push(index);
    });
    const lines: (number | undefined)[] = new Array(judgements.length);
    for (const documents of files.values())
      for (const indices of documents.values()) for (const index of indices) lines[index] = this.lineOf(judgements[index]);
    return lines;
  }

  /** The line of what a judgement points at, from 1; undefined when its source is no text. */
  public lineOf({ resource, at }: Judgement): number | undefined {
    if (resource?.source.file === undefined) return undefined;
    const root = resource.tree === 'cloudformation' ? `Resources["${resource.logicalId}"]` : resource.source.within;
    const path = root === undefined ? (at ?? '') : at === undefined ? root : `${root}.${at}`;
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
    if (this.cut?.file !== file) this.cut = { file, documents: cut(this.held.get(file) ?? read(file)) };
    return this.cut.documents;
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
