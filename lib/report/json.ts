import type { Finding } from '../posture';
import type { ReportInput } from './input';

/** Version of the JSON report; it changes when a field is renamed, removed or changes its meaning. */
export const SCHEMA_VERSION = 1;

/** Findings that are written together. */
const BATCH = 1_000;

/** The report as JSON text, described by `docs/report.schema.json`. */
export function jsonReport(input: ReportInput): string {
  return [...jsonPieces(input)].join('');
}

/** The same text in pieces: that of a large fleet is longer than a string may be. */
export function* jsonPieces(input: Omit<ReportInput, 'findings'> & { readonly findings: Iterable<Finding> }): Iterable<string> {
  const { summary, notes, frameworks, failOn, breakGlass } = input;
  const written = (value: object): string => JSON.stringify(value, undefined, 2);
  yield written({ schemaVersion: SCHEMA_VERSION, summary: { ...summary, failOn }, breakGlass, frameworks }).slice(0, -'\n}'.length);
  yield ',\n  "findings": [';
  let first = true;
  let batch: Finding[] = [];
  const flush = (): string => {
    // As an item of a list that is a field, so that every line is indented as in one piece.
    const items = written({ findings: batch }).slice('{\n  "findings": ['.length, -'\n  ]\n}'.length);
    const text = `${first ? '' : ','}${items}`;
    first = false;
    batch = [];
    return text;
  };
  for (const finding of input.findings) if (batch.push(finding) === BATCH) yield flush();
  if (batch.length > 0) yield flush();
  yield first ? ']' : '\n  ]';
  yield `,${written({ notes }).slice('{'.length)}\n`;
}
