export { type Bindings, type Expression, evaluate, expression, type Outcome } from './expression';
export { celValue } from './value';
