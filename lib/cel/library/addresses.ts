import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { InputError } from '../../error';
import { type Environment, functions, namespace } from '../engine';
import type { Comparable } from './comparison';

/** An address without zone; one of IPv4 written as IPv6 is none, as in the API server. */
export class Ip implements Comparable {
  private constructor(
    readonly family: 4 | 6,
    readonly bits: bigint,
  ) {}

  static of(family: 4 | 6, bits: bigint): Ip {
    return new Ip(family, bits);
  }
  static parse(text: string): Ip | undefined {
    if (isIPv4(text))
      return new Ip(
        4,
        text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n),
      );
    if (!isIPv6(text) || text.includes('%')) return undefined;
    const bits = words(text).reduce((value, word) => (value << 16n) | BigInt(word), 0n);
    return bits >> 32n === 0xffffn ? undefined : new Ip(6, bits);
  }

  get width(): number {
    return this.family === 4 ? 32 : 128;
  }
  /** True when the first bits are those of a network. */
  within(network: bigint, length: number): boolean {
    const rest = BigInt(this.width - length);
    return this.bits >> rest === network >> rest;
  }
  compareTo(other: Ip): number {
    return this.family - other.family || (this.bits < other.bits ? -1 : this.bits > other.bits ? 1 : 0);
  }
  toString(): string {
    if (this.family === 4) return [24n, 16n, 8n, 0n].map((shift) => (this.bits >> shift) & 255n).join('.');
    const groups = Array.from({ length: 8 }, (_, index) => ((this.bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
    return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
  }
}

/** The eight words of an IPv6 address that is known to be one. */
function words(text: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain =
    dotted === null
      ? text
      : `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
  const [head, tail] = plain.split('::').map((part) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16))));
  return tail === undefined ? head : [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** A network as it was written; `masked()` clears the bits of the host. */
export class Cidr implements Comparable {
  private constructor(
    readonly ip: Ip,
    readonly length: number,
  ) {}

  static parse(text: string): Cidr | undefined {
    const found = /^(.+)\/(0|[1-9]\d{0,2})$/.exec(text);
    const ip = found === null ? undefined : Ip.parse(found[1]);
    if (found === null || ip === undefined || Number(found[2]) > ip.width) return undefined;
    return new Cidr(ip, Number(found[2]));
  }
  contains(ip: Ip): boolean {
    return ip.family === this.ip.family && ip.within(this.ip.bits, this.length);
  }
  containsCidr(other: Cidr): boolean {
    return this.length <= other.length && this.contains(other.ip);
  }
  masked(): Cidr {
    const rest = BigInt(this.ip.width - this.length);
    return new Cidr(Ip.of(this.ip.family, (this.ip.bits >> rest) << rest), this.length);
  }
  compareTo(other: Cidr): number {
    return this.ip.compareTo(other.ip) || this.length - other.length;
  }
  toString(): string {
    return `${this.ip}/${this.length}`;
  }
}

function toIp(text: string): Ip {
  const ip = Ip.parse(text);
  if (ip === undefined) throw new InputError('CelNoValue', `'${text}' is no IP address; check isIP() first`);
  return ip;
}
function toCidr(text: string): Cidr {
  const cidr = Cidr.parse(text);
  if (cidr === undefined) throw new InputError('CelNoValue', `'${text}' is no CIDR; check isCIDR() first`);
  return cidr;
}

const isUnspecified = (ip: Ip): boolean => ip.bits === 0n;
const isLoopback = (ip: Ip): boolean => (ip.family === 4 ? ip.bits >> 24n === 127n : ip.bits === 1n);
const isMulticast = (ip: Ip): boolean => (ip.family === 4 ? ip.bits >> 28n === 0xen : ip.bits >> 120n === 0xffn);
const isLinkLocal = (ip: Ip): boolean => (ip.family === 4 ? ip.bits >> 16n === 0xa9fen : ip.bits >> 118n === 0x3fan);
const isLinkLocalMulticast = (ip: Ip): boolean =>
  ip.family === 4 ? ip.bits >> 8n === 0xe00000n : ((ip.bits >> 112n) & 0xff0fn) === 0xff02n;
const isBroadcast = (ip: Ip): boolean => ip.family === 4 && ip.bits === 0xffffffffn;

/** `ip()` and `cidr()` with their methods. */
export function registerAddresses(environment: Environment): void {
  const [ip, cidr] = ['net.IP', 'net.CIDR'];
  environment.registerType(ip, Ip).registerType(cidr, Cidr);
  functions(environment, {
    [`ip(string): ${ip}`]: toIp,
    'isIP(string): bool': (text: string) => Ip.parse(text) !== undefined,
    [`string(${ip}): string`]: String,
    [`${ip}.family(): int`]: (of: Ip) => BigInt(of.family),
    [`${ip}.isUnspecified(): bool`]: isUnspecified,
    [`${ip}.isLoopback(): bool`]: isLoopback,
    [`${ip}.isLinkLocalMulticast(): bool`]: isLinkLocalMulticast,
    [`${ip}.isLinkLocalUnicast(): bool`]: isLinkLocal,
    [`${ip}.isGlobalUnicast(): bool`]: (of: Ip) =>
      ![isUnspecified, isLoopback, isMulticast, isLinkLocal, isBroadcast].some((test) => test(of)),
    [`cidr(string): ${cidr}`]: toCidr,
    'isCIDR(string): bool': (text: string) => Cidr.parse(text) !== undefined,
    [`string(${cidr}): string`]: String,
    [`${cidr}.containsIP(${ip}): bool`]: (of: Cidr, inner: Ip) => of.contains(inner),
    [`${cidr}.containsIP(string): bool`]: (of: Cidr, inner: string) => of.contains(toIp(inner)),
    [`${cidr}.containsCIDR(${cidr}): bool`]: (of: Cidr, inner: Cidr) => of.containsCidr(inner),
    [`${cidr}.containsCIDR(string): bool`]: (of: Cidr, inner: string) => of.containsCidr(toCidr(inner)),
    [`${cidr}.ip(): ${ip}`]: (of: Cidr) => of.ip,
    [`${cidr}.masked(): ${cidr}`]: (of: Cidr) => of.masked(),
    [`${cidr}.prefixLength(): int`]: (of: Cidr) => BigInt(of.length),
  });
  namespace(environment, 'ip', {
    'isCanonical(string): bool': (text: string) => toIp(text).toString() === text,
  });
  for (const type of [ip, cidr])
    environment.registerOperator(`${type} == ${type}`, (a: Comparable, b: Comparable) => a.compareTo(b) === 0, { async: false });
}
