import { RE2JS } from 're2js';
import { InputError } from '../../error';
import { type Environment, functions } from '../engine';

/** A policy has few patterns and many subjects. */
const cache = new Map<string, RE2JS>();
const CACHED = 256;

/** Compiles an RE2 pattern: linear in time whatever it says, and of the meaning that the API server gives it. Throws `CelNoValue`. */
export function pattern(text: string): RE2JS {
  let found = cache.get(text);
  if (found === undefined) {
    try {
      found = RE2JS.compile(text);
    } catch (error) {
      throw new InputError('CelNoValue', `'${text}' is no RE2 pattern (${(error as Error).message}); correct it`);
    }
    if (cache.size >= CACHED) cache.clear();
    cache.set(text, found);
  }
  return found;
}

function all(text: string, expression: string, limit: bigint): string[] {
  const matcher = pattern(expression).matcher(text);
  const found: string[] = [];
  while ((limit < 0n || found.length < limit) && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

const matches = (text: string, expression: string): boolean => pattern(expression).matcher(text).find();

/** `matches` by RE2 in place of the engine's, and Kubernetes's `find` and `findAll`. */
export function registerRegex(environment: Environment): void {
  functions(environment, {
    'string.k8s_matches(string): bool': matches,
    'k8s_matches(string, string): bool': matches,
    'string.find(string): string': (text: string, expression: string) => all(text, expression, 1n)[0] ?? '',
    'string.findAll(string): list<string>': (text: string, expression: string) => all(text, expression, -1n),
    'string.findAll(string, int): list<string>': (text: string, expression: string, limit: bigint) => all(text, expression, limit),
  });
}
