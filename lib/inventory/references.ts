import { isJsonObject, type Json, type JsonObject } from './value';

/** Deeper than any template that CloudFormation takes. */
const MAX_DEPTH = 200;

/** Logical ids among `resources` that a value refers to by Ref, Fn::GetAtt or Fn::Sub, each once, in the order of their first mention. */
export function referencesIn(value: Json, resources: JsonObject): string[] {
  const found = new Set<string>();
  const add = (name: Json | undefined): void => {
    if (typeof name === 'string' && Object.hasOwn(resources, name)) found.add(name);
  };
  const walk = (node: Json, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > MAX_DEPTH) return;
    if (Array.isArray(node)) {
      for (const item of node) walk(item, depth + 1);
      return;
    }
    for (const key of Object.keys(node)) {
      const child = node[key];
      if (key === 'Ref') add(child);
      else if (key === 'Fn::GetAtt') add(Array.isArray(child) ? child[0] : typeof child === 'string' ? child.split('.')[0] : undefined);
      else if (key === 'Fn::Sub') substituted(child, add);
      if (key !== 'Ref') walk(child, depth + 1);
    }
  };
  walk(value, 0);
  return [...found];
}

function substituted(argument: Json, add: (name: string) => void): void {
  const [text, given] = Array.isArray(argument) ? argument : [argument];
  if (typeof text !== 'string') return;
  for (const [, name] of text.matchAll(/\$\{([^!}.]+)(?:\.[^}]*)?\}/g)) {
    if (!isJsonObject(given) || !Object.hasOwn(given, name.trim())) add(name.trim());
  }
}
