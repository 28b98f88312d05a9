import { InputError, type Place } from '../error';
import type { Json } from '../inventory/value';
import { type Check, type EngineFailure, type Environment, engine, type Node, type Parsed, position } from './engine';
import { registerLibrary } from './library';
import { GLOBAL, MEMBER, NAMESPACED, REPLACED_GLOBAL, REPLACED_MEMBER, REPLACEMENT } from './names';
import { celValue } from './value';

/** What an evaluation gives: a value, or why there is none. Which of them refuses a request is for the policy to say. */
export type Outcome = { readonly value: unknown } | { readonly error: string };

/** Values by variable, as `celValue` makes them of JSON. */
export interface Bindings {
  readonly [variable: string]: unknown;
}

/** A CEL expression, parsed and checked once. */
export interface Expression {
  readonly text: string;
  evaluate(bindings: Bindings): Outcome;
}

const environments = new Map<string, Environment>();
let base: Environment | undefined;

/** Variables are untyped, as `object` and `params` of a policy are. */
function environmentOf(variables: readonly string[]): Environment {
  const key = [...variables].sort().join(' ');
  let found = environments.get(key);
  if (found === undefined) {
    if (base === undefined) {
      base = new (engine().Environment)({ enableOptionalTypes: true });
      registerLibrary(base);
    }
    found = base.clone();
    for (const name of variables) found.registerVariable(name, 'dyn');
    environments.set(key, found);
  }
  return found;
}

/**
 * Reads an expression over these variables. `place` is where it stands, for messages.
 * Throws `CelSyntax`, `CelFunctionUnknown`, `CelMacroInvalid` and `CelInvalid`, each with line and column inside the expression.
 */
export function expression(text: string, variables: readonly string[], place: Place = {}): Expression {
  let parsed: Parsed;
  try {
    parsed = environmentOf(variables).parse(text);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.code, error.detail, place);
    throw new InputError('CelSyntax', `${described(error as EngineFailure, text)}; correct the expression`, place);
  }
  adopt(parsed.ast, text, place);
  const { valid, error } = parsed.check();
  if (!valid) throw new InputError('CelInvalid', `${described(error as EngineFailure, text)}; correct the expression`, place);
  return {
    text,
    evaluate(bindings) {
      try {
        return { value: parsed(bindings) };
      } catch (failure) {
        return { error: said(failure as EngineFailure) };
      }
    },
  };
}

/** Evaluates over JSON, for callers that ask once. */
export function evaluate(text: string, variables: { readonly [name: string]: Json }): Outcome {
  const bindings = Object.fromEntries(Object.entries(variables).map(([name, json]) => [name, celValue(json)]));
  return expression(text, Object.keys(variables)).evaluate(bindings);
}

/**
 * Walks the parsed tree before it is checked: refuses what Kubernetes does not know, and points the functions that the engine understands
 * differently at ours. Macros hold the same nodes, so one walk reaches their expressions too.
 */
function adopt(node: Node, text: string, place: Place): void {
  if (node.op === 'call') {
    const call = node.args as [string, Node[]];
    known(GLOBAL, call[0], call[1].length, node.pos, text, place);
    if (REPLACED_GLOBAL.has(call[0])) call[0] = `${REPLACEMENT}${call[0]}`;
  }
  if (node.op === 'rcall') {
    const call = node.args as [string, Node, Node[]];
    const [name, receiver, given] = call;
    const space =
      receiver.op === 'id' && Object.hasOwn(NAMESPACED, receiver.args as string) ? NAMESPACED[receiver.args as string] : undefined;
    known(space ?? MEMBER, name, given.length, text.indexOf(name, receiver.end), text, place);
    if (space === undefined && REPLACED_MEMBER.has(name)) call[0] = `${REPLACEMENT}${name}`;
    // Elsewhere the items of a list have one type; what is formatted may have any.
    if (name === 'format' && given[0]?.op === 'list') given[0].setMeta('check', mixedList);
  }
  children(node.args, (child) => adopt(child, text, place));
}

const mixedList: Check = (checker, node, scope) => {
  for (const item of node.args as Node[]) checker.check(item, scope);
  return checker.getType('list<dyn>');
};

function children(args: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(args)) for (const item of args) children(item, visit);
  else if (typeof args === 'object' && args !== null && typeof (args as Node).op === 'string' && 'pos' in args) visit(args as Node);
}

function known(
  table: { readonly [name: string]: readonly number[] },
  name: string,
  size: number,
  at: number,
  text: string,
  place: Place,
): void {
  const arities = Object.hasOwn(table, name) ? table[name] : undefined;
  if (arities?.includes(size)) return;
  const problem = arities === undefined ? `there is no function '${name}'` : `'${name}' does not take ${size} arguments`;
  throw new InputError('CelFunctionUnknown', `${problem}, at ${position(text, at)}; call a function that Kubernetes 1.37 has`, place);
}

function described(error: EngineFailure, text: string): string {
  const at = error.range === undefined ? '' : `, at ${position(text, error.range.start)}`;
  return `${said(error)}${at}`;
}

/** The engine's messages as this library writes them: one line, lower case, and with the names that the author wrote. */
function said(error: EngineFailure): string {
  const text = error instanceof InputError ? error.detail : (error.summary ?? error.message.split('\n')[0]);
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replaceAll(REPLACEMENT, '').replaceAll('namespace.', '');
}
