export { type AcceptanceStanding, NOTICE_DAYS, type Warning } from './acceptances';
export { type Audit, type AuditOptions, audit, DEFAULT_KUBERNETES, type Tally } from './audit';
export { type Conformance, conformance, type RequirementStanding, type RequirementVerdict } from './conformance';
export { type BreakGlass, blocking, blocks, breakGlassOf, DEFAULT_FAIL_ON, type Gate, severityOf } from './gate';
export type { Judgement } from './judgement';
export { resourceKey } from './order';
