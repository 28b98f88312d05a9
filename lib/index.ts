export * as aws from './aws';
export * as controls from './controls';
export * as k8s from './k8s';
export * as posture from './posture';
