export * from './cni';
export * from './finding';
export * from './posture';
