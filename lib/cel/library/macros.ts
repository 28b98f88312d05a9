import { InputError } from '../../error';
import { type Checker, type Environment, type Evaluator, engine, type Node, type Optional, position, type Scope } from '../engine';
import { compare, entries } from './comparison';

interface Call {
  readonly receiver: Node;
  readonly args: readonly Node[];
}
interface Macro {
  readonly async: false;
  typeCheck(checker: Checker, macro: unknown, scope: Scope): unknown;
  evaluate(evaluator: Evaluator, macro: unknown, scope: Scope): unknown;
}
/** Evaluates an argument with the variables bound to these values. */
type Run = (argument: number, ...values: unknown[]) => unknown;

/** A variable is an argument that names nothing yet. */
function variable(node: Node): string {
  if (node.op !== 'id' || typeof node.args !== 'string')
    throw new InputError('CelMacroInvalid', `a variable of a macro is no name, at ${position(node.input, node.pos)}; write a plain name`);
  return node.args;
}

/**
 * A macro with `bound` variables before its expressions. `evaluate` gets the receiver's value and a way to run an expression.
 * The scopes are made once, when types are checked, and filled anew at each evaluation, as the engine does for its own macros.
 */
function macro(bound: number, type: string, evaluate: (receiver: unknown, run: Run, expressions: number) => unknown) {
  return ({ receiver, args }: Call): Macro => {
    const names = args.slice(0, bound).map(variable);
    const expressions = args.slice(bound);
    let scopes: Scope[] = [];
    return {
      async: false,
      typeCheck(checker, _, scope) {
        checker.check(receiver, scope);
        let inner = scope;
        scopes = names.map((name) => {
          inner = inner.forkWithVariable(name, checker.getType('dyn'));
          return inner;
        });
        for (const expression of expressions) checker.check(expression, inner);
        return checker.getType(type);
      },
      evaluate(evaluator, _, scope) {
        return evaluate(
          evaluator.run(receiver, scope),
          (argument, ...values) => {
            let inner = scope;
            scopes.forEach((own, index) => {
              inner = own.reuse(inner).setIterValue(values[index], evaluator);
            });
            return evaluator.run(expressions[argument], inner);
          },
          expressions.length,
        );
      },
    };
  };
}

function pairs(receiver: unknown): [unknown, unknown][] {
  if (Array.isArray(receiver)) return receiver.map((item, index) => [BigInt(index), item]);
  const map = typeof receiver === 'object' && receiver !== null ? entries(receiver) : undefined;
  if (map === undefined)
    throw new InputError('CelNoValue', 'a macro runs over something that is neither list nor map; give it one of them');
  return [...map];
}

function bool(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new InputError('CelNoValue', 'a condition of a macro is no bool; compare it with something');
  return value;
}

/** `all` and `exists` are decided by one item, whatever errors the others raise. */
function quantified(receiver: unknown, run: Run, decisive: boolean): boolean {
  let failed: unknown;
  for (const [key, value] of pairs(receiver)) {
    try {
      if (bool(run(0, key, value)) === decisive) return decisive;
    } catch (error) {
      failed ??= error;
    }
  }
  if (failed !== undefined) throw failed;
  return !decisive;
}

const exactlyOne = (receiver: unknown, run: Run): boolean =>
  pairs(receiver).filter(([key, value]) => bool(run(0, key, value))).length === 1;

/** Pairs that a filter keeps, with what the last expression makes of them. */
function transformed(receiver: unknown, run: Run, expressions: number): [unknown, unknown][] {
  const kept = expressions === 1 ? pairs(receiver) : pairs(receiver).filter(([key, value]) => bool(run(0, key, value)));
  return kept.map(([key, value]) => [key, run(expressions - 1, key, value)]);
}

function merged(receiver: unknown, run: Run, expressions: number): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (const [, entry] of transformed(receiver, run, expressions)) {
    for (const [key, value] of entries(entry as object) ?? []) {
      if (map.has(key)) throw new InputError('CelNoValue', `transformMapEntry() makes the key '${key}' twice; make each key once`);
      map.set(key, value);
    }
  }
  return map;
}

/** Macros with two variables, which Kubernetes has from 1.32 on, and those of optional values. */
export function registerMacros(environment: Environment): void {
  const { Optional: make } = engine();
  const table: { readonly [signature: string]: (call: Call) => Macro } = {
    'list.all(ast, ast, ast): bool': macro(2, 'bool', (receiver, run) => quantified(receiver, run, false)),
    'list.exists(ast, ast, ast): bool': macro(2, 'bool', (receiver, run) => quantified(receiver, run, true)),
    'list.existsOne(ast, ast, ast): bool': macro(2, 'bool', exactlyOne),
    'list.exists_one(ast, ast, ast): bool': macro(2, 'bool', exactlyOne),
    'list.transformList(ast, ast, ast): list<dyn>': macro(2, 'list<dyn>', (...given) => transformed(...given).map(([, value]) => value)),
    'list.transformList(ast, ast, ast, ast): list<dyn>': macro(2, 'list<dyn>', (...given) =>
      transformed(...given).map(([, value]) => value),
    ),
    'list.transformMap(ast, ast, ast): map': macro(2, 'map', (...given) => new Map(transformed(...given))),
    'list.transformMap(ast, ast, ast, ast): map': macro(2, 'map', (...given) => new Map(transformed(...given))),
    'list.transformMapEntry(ast, ast, ast): map': macro(2, 'map', merged),
    'list.transformMapEntry(ast, ast, ast, ast): map': macro(2, 'map', merged),
    'list.sortBy(ast, ast): list<dyn>': macro(1, 'list<dyn>', sortedBy),
    'optional.optMap(ast, ast): optional<dyn>': macro(1, 'optional', (receiver, run) => {
      const optional = receiver as Optional;
      return optional.hasValue() ? make.of(run(0, optional.value())) : optional;
    }),
    'optional.optFlatMap(ast, ast): optional<dyn>': macro(1, 'optional', (receiver, run) => {
      const optional = receiver as Optional;
      return optional.hasValue() ? run(0, optional.value()) : optional;
    }),
  };
  for (const signature of Object.keys(table))
    environment.registerFunction(signature, table[signature] as (...args: never[]) => unknown, { async: false });
  environment.registerFunction(
    'OptionalNamespace.ofNonZeroValue(dyn): optional<dyn>',
    (_: unknown, value: unknown) => (isZero(value) ? make.none() : make.of(value)),
    { async: false },
  );
}

function sortedBy(receiver: unknown, run: Run): unknown[] {
  const keyed = pairs(receiver).map(([, value]) => [run(0, value), value] as const);
  return [...keyed].sort(([a], [b]) => compare(a, b)).map(([, value]) => value);
}

function isZero(value: unknown): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true;
  if (typeof value !== 'object') return false;
  return Array.isArray(value) ? value.length === 0 : entries(value)?.size === 0;
}
