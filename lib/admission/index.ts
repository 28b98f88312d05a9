export { type Answer, admit, type Objection, type Rules } from './admit';
export { type Binding, type PlaceOf, type Policy, readBinding, readPolicy } from './policy';
export { keyOf, namespaceOf, type Request, requestFor, type User, type World } from './request';
