/** The part of the engine's interface that this folder uses. The package is an ES module, whose own types CommonJS cannot import. */
export interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly pos: number;
  /** The whole expression. */
  readonly input: string;
  readonly end: number;
  /** Replaces how the node is checked. */
  setMeta(name: 'check', check: Check): void;
}
export type Check = (checker: Checker, node: Node, scope: Scope) => unknown;
/** Variables while an expression is checked and evaluated. */
export interface Scope {
  forkWithVariable(name: string, type: unknown): Scope;
  reuse(parent: Scope): Scope;
  setIterValue(value: unknown, evaluator: Evaluator): Scope;
}
export interface Checker {
  check(node: Node, scope: Scope): unknown;
  getType(name: string): unknown;
}
export interface Evaluator {
  run(node: Node, scope: Scope): unknown;
}
export interface EngineFailure extends Error {
  readonly summary?: string;
  readonly range?: { readonly start: number };
}
export interface Parsed {
  (context: object): unknown;
  readonly ast: Node;
  check(): { readonly valid: boolean; readonly type?: string; readonly error?: EngineFailure };
}
export type Handler = (...args: never[]) => unknown;
export interface Environment {
  clone(): Environment;
  registerFunction(signature: string, handler: Handler, options?: { readonly async: false }): Environment;
  registerOperator(signature: string, handler: Handler, options?: { readonly async: false }): Environment;
  registerType(name: string, type: object): Environment;
  registerVariable(name: string, type: string): Environment;
  registerConstant(name: string, type: string, value: unknown): Environment;
  parse(expression: string): Parsed;
}
export interface Optional {
  hasValue(): boolean;
  value(): unknown;
}
interface Engine {
  readonly Environment: new (options: object) => Environment;
  readonly Optional: { of(value: unknown): Optional; none(): Optional };
}

/** Loaded on the first expression: most programs that load this library never evaluate one. */
let loaded: Engine | undefined;
export function engine(): Engine {
  loaded ??= require('@marcbachmann/cel-js') as Engine;
  return loaded;
}

/** Registers functions by signature; none of ours is asynchronous. */
export function functions(environment: Environment, table: { readonly [signature: string]: Handler }): void {
  for (const signature of Object.keys(table)) environment.registerFunction(signature, table[signature], { async: false });
}

/** Makes `name.function()` callable: the engine dispatches on the type of a constant with that name. */
export function namespace(environment: Environment, name: string, members: { readonly [signature: string]: Handler }): void {
  const type = `namespace.${name}`;
  const marker = class {};
  environment.registerType(type, marker).registerConstant(name, type, new marker());
  for (const signature of Object.keys(members))
    environment.registerFunction(`${type}.${signature}`, ((_: unknown, ...args: never[]) => members[signature](...args)) as Handler, {
      async: false,
    });
}

/** Where a character of an expression stands. */
export function position(text: string, at: number): string {
  const before = text.slice(0, Math.max(at, 0)).split('\n');
  return `line ${before.length} column ${before[before.length - 1].length + 1}`;
}
