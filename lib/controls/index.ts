export * from './acceptance';
export * from './severity';
