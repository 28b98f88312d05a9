export * from './cni';
export * from './conformance';
export * from './finding';
export * from './posture';
