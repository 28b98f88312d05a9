export { ConformanceVerdict, type FrameworkConformance, type RequirementConformance } from './conformance';
export * from './finding';
export * from './posture';
