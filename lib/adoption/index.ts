export type { Change, Left } from './changes';
export { type HardenedText, hardenText, type ObjectReport } from './manifest-text';
export { type Conversion, convertPsp, type FieldReport } from './psp/convert';
export { unifiedDiff } from './unified-diff';
export { type UpgradeFinding, upgrade, type Versions } from './upgrade/upgrade';
