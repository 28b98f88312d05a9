export * from './conformance';
export * from './finding';
export * from './posture';
