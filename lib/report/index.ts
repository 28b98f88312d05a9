export type { ReportInput } from './input';
export { jsonPieces, jsonReport, SCHEMA_VERSION } from './json';
export { type Colors, count, type Layout, layoutOf, table, wrap } from './layout';
export { resourceText, type TextOptions, textReport } from './text';
