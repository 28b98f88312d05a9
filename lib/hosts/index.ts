export { InputError } from '../error';
export { type GuardProps, guard } from './guard';
export { GuardError } from './guard-error';
