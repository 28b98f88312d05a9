import { InputError } from '../../error';
import { type Environment, functions } from '../engine';
import type { Comparable } from './comparison';

const NUMBER = '(0|[1-9]\\d*)';
const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const SEMVER = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${IDENTIFIERS}))?(?:\\+(${IDENTIFIERS}))?$`);
const NUMERIC = /^\d+$/;

/** A version by semver 2.0.0. */
export class Semver implements Comparable {
  private constructor(
    readonly core: readonly bigint[],
    readonly prerelease: readonly string[],
  ) {}

  /** Undefined for text that is no version; `normalize` also takes a `v`, missing parts and leading zeros. */
  static parse(text: string, normalize = false): Semver | undefined {
    const found = SEMVER.exec(normalize ? normalized(text) : text);
    if (found === null) return undefined;
    const prerelease = found[4] === undefined ? [] : found[4].split('.');
    if (prerelease.some((part) => NUMERIC.test(part) && part.length > 1 && part.startsWith('0'))) return undefined;
    return new Semver(found.slice(1, 4).map(BigInt), prerelease);
  }

  compareTo(other: Semver): number {
    for (let index = 0; index < 3; index += 1)
      if (this.core[index] !== other.core[index]) return this.core[index] < other.core[index] ? -1 : 1;
    const [mine, theirs] = [this.prerelease, other.prerelease];
    if (mine.length === 0 || theirs.length === 0) return theirs.length === mine.length ? 0 : mine.length === 0 ? 1 : -1;
    for (let index = 0; index < Math.min(mine.length, theirs.length); index += 1) {
      const order = identifiers(mine[index], theirs[index]);
      if (order !== 0) return order;
    }
    return Math.sign(mine.length - theirs.length);
  }
}

function identifiers(a: string, b: string): number {
  const [left, right] = [NUMERIC.test(a), NUMERIC.test(b)];
  if (left && right) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
  if (left !== right) return left ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function normalized(text: string): string {
  const [major, minor, ...rest] = text.replace(/^v/, '').split('.');
  const parts = [major, minor, rest.length === 0 ? undefined : rest.join('.')].filter((part) => part !== undefined);
  // A short version with a pre-release stays short, and so is none.
  while (parts.length < 3 && !/[-+]/.test(parts[parts.length - 1])) parts.push('0');
  return parts.map((part) => part.replace(/^0+(?=\d)/, '')).join('.');
}

/** `semver()` and its methods. */
export function registerSemver(environment: Environment): void {
  const type = 'kubernetes.Semver';
  environment.registerType(type, Semver);
  const read = (text: string, normalize = false): Semver => {
    const version = Semver.parse(text, normalize);
    if (version === undefined)
      throw new InputError('CelNoValue', `'${text}' is no semantic version; write it as 1.2.3, or check isSemver() first`);
    return version;
  };
  const order = (a: Semver, b: Semver): number => a.compareTo(b);
  functions(environment, {
    [`semver(string): ${type}`]: (text: string) => read(text),
    [`semver(string, bool): ${type}`]: read,
    'isSemver(string): bool': (text: string) => Semver.parse(text) !== undefined,
    'isSemver(string, bool): bool': (text: string, normalize: boolean) => Semver.parse(text, normalize) !== undefined,
    [`${type}.major(): int`]: (a: Semver) => a.core[0],
    [`${type}.minor(): int`]: (a: Semver) => a.core[1],
    [`${type}.patch(): int`]: (a: Semver) => a.core[2],
    [`${type}.compareTo(${type}): int`]: (a: Semver, b: Semver) => BigInt(order(a, b)),
    [`${type}.isGreaterThan(${type}): bool`]: (a: Semver, b: Semver) => order(a, b) > 0,
    [`${type}.isLessThan(${type}): bool`]: (a: Semver, b: Semver) => order(a, b) < 0,
  });
  environment.registerOperator(`${type} == ${type}`, (a: Semver, b: Semver) => order(a, b) === 0, { async: false });
}
