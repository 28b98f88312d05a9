import type { ReportInput } from './input';

/** Version of the JSON report; it changes when a field is renamed, removed or changes its meaning. */
export const SCHEMA_VERSION = 1;

/** The report as JSON text, described by `docs/report.schema.json`. */
export function jsonReport({ findings, summary, notes, frameworks, providerDefaults, failOn, breakGlass }: ReportInput): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, summary: { ...summary, failOn }, breakGlass, frameworks, findings, notes, providerDefaults }, undefined, 2)}\n`;
}
