export type { Change, Left } from './changes';
export { type HardenedText, hardenText, type ObjectReport } from './manifest-text';
export { unifiedDiff } from './unified-diff';
