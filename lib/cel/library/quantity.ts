import { InputError } from '../../error';
import { type Environment, functions } from '../engine';
import type { Comparable } from './comparison';

/** Kubernetes keeps quantities to the nano and rounds up what is finer. */
const NANO = 1_000_000_000n;
const QUANTITY = /^([-+]?)(\d+\.?\d*|\.\d+)(?:([KMGTPE]i)|([numkMGTPE])|[eE]([-+]?\d+))?$/;
const BINARY: { readonly [suffix: string]: bigint } = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const DECIMAL: { readonly [suffix: string]: number } = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
/** More decimal digits than any quantity that the API server takes without capping it. */
const LARGEST_EXPONENT = 100;

/** An amount as Kubernetes writes it, `1500m` or `2Gi`, exactly. */
export class Quantity implements Comparable {
  private constructor(private readonly nano: bigint) {}

  /** Undefined for text that is no quantity. */
  static parse(text: string): Quantity | undefined {
    const found = QUANTITY.exec(text);
    if (found === null) return undefined;
    const [, sign, digits, binary, decimal, exponent] = found;
    const [whole, fraction = ''] = digits.split('.');
    let numerator = BigInt(whole + fraction) * NANO;
    let denominator = 10n ** BigInt(fraction.length);
    const power = decimal === undefined ? Number(exponent ?? 0) : DECIMAL[decimal];
    if (Math.abs(power) > LARGEST_EXPONENT) return undefined;
    if (binary !== undefined) numerator <<= BINARY[binary];
    else if (power >= 0) numerator *= 10n ** BigInt(power);
    else denominator *= 10n ** BigInt(-power);
    const rounded = (numerator + denominator - 1n) / denominator;
    return new Quantity(sign === '-' ? -rounded : rounded);
  }

  compareTo(other: Quantity): number {
    return this.nano < other.nano ? -1 : this.nano > other.nano ? 1 : 0;
  }
  plus(other: Quantity | bigint): Quantity {
    return new Quantity(this.nano + (typeof other === 'bigint' ? other * NANO : other.nano));
  }
  minus(other: Quantity | bigint): Quantity {
    return new Quantity(this.nano - (typeof other === 'bigint' ? other * NANO : other.nano));
  }
  isInteger(): boolean {
    const value = this.nano / NANO;
    return value * NANO === this.nano && BigInt.asIntN(64, value) === value;
  }
  asInteger(): bigint {
    if (!this.isInteger())
      throw new InputError('CelNoValue', `the quantity ${this.asFloat()} is no 64-bit integer; check isInteger() first`);
    return this.nano / NANO;
  }
  asFloat(): number {
    return Number(this.nano) / Number(NANO);
  }
  sign(): bigint {
    return this.nano < 0n ? -1n : this.nano > 0n ? 1n : 0n;
  }
}

/** `quantity()` and its methods. */
export function registerQuantity(environment: Environment): void {
  const type = 'kubernetes.Quantity';
  environment.registerType(type, Quantity);
  const order = (a: Quantity, b: Quantity): number => a.compareTo(b);
  functions(environment, {
    [`quantity(string): ${type}`]: (text: string) => {
      const value = Quantity.parse(text);
      if (value === undefined)
        throw new InputError('CelNoValue', `'${text}' is no quantity; write it as 500m or 2Gi, or check isQuantity() first`);
      return value;
    },
    'isQuantity(string): bool': (text: string) => Quantity.parse(text) !== undefined,
    [`${type}.compareTo(${type}): int`]: (a: Quantity, b: Quantity) => BigInt(order(a, b)),
    [`${type}.isGreaterThan(${type}): bool`]: (a: Quantity, b: Quantity) => order(a, b) > 0,
    [`${type}.isLessThan(${type}): bool`]: (a: Quantity, b: Quantity) => order(a, b) < 0,
    [`${type}.isInteger(): bool`]: (a: Quantity) => a.isInteger(),
    [`${type}.asInteger(): int`]: (a: Quantity) => a.asInteger(),
    [`${type}.asApproximateFloat(): double`]: (a: Quantity) => a.asFloat(),
    [`sign(${type}): int`]: (a: Quantity) => a.sign(),
    [`${type}.add(${type}): ${type}`]: (a: Quantity, b: Quantity) => a.plus(b),
    [`${type}.add(int): ${type}`]: (a: Quantity, b: bigint) => a.plus(b),
    [`${type}.sub(${type}): ${type}`]: (a: Quantity, b: Quantity) => a.minus(b),
    [`${type}.sub(int): ${type}`]: (a: Quantity, b: bigint) => a.minus(b),
  });
  environment.registerOperator(`${type} == ${type}`, (a: Quantity, b: Quantity) => order(a, b) === 0, { async: false });
}
