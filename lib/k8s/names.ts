import type { IConstruct } from 'constructs';
import { InputError } from '../error';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Checks an RFC 1123 label, the narrowest of Kubernetes' name rules: every kind accepts it. */
export function dnsLabel(name: string, what: string, path: string, longest = 63): string {
  if (!LABEL.test(name) || name.length > longest) {
    throw new InputError(
      'NameInvalid',
      `${what} '${name}' cannot be a name in Kubernetes; use at most ${longest} lower-case letters, digits and '-', starting and ending with a letter or digit`,
      { path },
    );
  }
  return name;
}

const taken = new WeakMap<IConstruct, Map<string, string>>();

/** Reserves a name within a tree, so that a second owner is an error where it is made, not a silent overwrite in the cluster. */
export function claim(owner: IConstruct, kind: string, name: string, namespace: string | undefined): void {
  const { root } = owner.node;
  let names = taken.get(root);
  if (names === undefined) {
    names = new Map();
    taken.set(root, names);
  }
  const key = `${kind} ${namespace ?? ''}/${name}`;
  const holder = names.get(key);
  if (holder !== undefined && holder !== owner.node.path) {
    throw new InputError(
      'NameTaken',
      `the name '${name}' is taken by the ${kind} of '${holder}'${namespace === undefined ? '' : ` in namespace '${namespace}'`}; choose another construct id`,
      { path: owner.node.path },
    );
  }
  names.set(key, owner.node.path);
}
