import { isIPv4, isIPv6 } from 'node:net';

/**
 * A set of addresses as sorted intervals `[first, last, first, last, ...]` on one number line: IPv4 below 2^32, IPv6 after it.
 */
export type Addresses = readonly bigint[];

const V6 = 1n << 32n;

/** A range of addresses, as CIDR. */
export interface Range {
  /** With the address cut to its prefix: `10.0.0.0/8` for `10.1.2.3/8`. */
  readonly text: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** Reads a range; undefined for what is none. */
export function readRange(text: string): Range | undefined {
  const slash = text.indexOf('/');
  const [address, length] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const isV4 = isIPv4(address);
  const bits = isV4 ? 32 : 128;
  if ((!isV4 && (!isIPv6(address) || address.includes('%'))) || Number(length) > bits) return undefined;
  const size = 1n << BigInt(bits - Number(length));
  const value = isV4 ? number4(address) : number6(address);
  const start = value - (value % size);
  const base = isV4 ? 0n : V6;
  return {
    text: `${isV4 ? text4(start) : start === value ? address.toLowerCase() : text6(start)}/${length}`,
    first: base + start,
    last: base + start + size - 1n,
  };
}

/** The range of a constant of ours. */
function own(text: string): Range {
  return readRange(text) as Range;
}

export function addressesOf(ranges: readonly Range[]): Addresses {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const out: bigint[] = [];
  for (const { first, last } of sorted) {
    const end = out[out.length - 1];
    if (out.length > 0 && first <= end + 1n && !(first === V6)) out[out.length - 1] = last > end ? last : end;
    else out.push(first, last);
  }
  return out;
}

export function withoutAddresses(a: Addresses, b: Addresses): Addresses {
  const out: bigint[] = [];
  for (let i = 0; i < a.length; i += 2) {
    let first = a[i];
    const last = a[i + 1];
    for (let k = 0; k < b.length && first <= last; k += 2) {
      if (b[k + 1] < first || b[k] > last) continue;
      if (b[k] > first) out.push(first, b[k] - 1n);
      first = b[k + 1] + 1n;
    }
    if (first <= last) out.push(first, last);
  }
  return out;
}

/** Whether two sets share an address. */
export function overlap(a: Addresses, b: Addresses): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] <= b[j + 1] && b[j] <= a[i + 1]) return true;
    if (a[i + 1] < b[j + 1]) i += 2;
    else j += 2;
  }
  return false;
}

/** Whether every address of `inner` is in `outer`. */
export function covers(outer: Addresses, inner: Addresses): boolean {
  return withoutAddresses(inner, outer).length === 0;
}

/** What no pod, node or load balancer has for its own: this host, loopback, link-local, multicast, reserved. */
const NOBODY = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map(own);
const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'].map(own);

/** Where an IPv4 pod of an unknown network may be: the address family that clusters have unless they ask for the other. */
export const ANY_HOST: Addresses = withoutAddresses(addressesOf([own('0.0.0.0/0')]), addressesOf(NOBODY));
/** The internet: what is neither private nor special. */
export const INTERNET: Addresses = addressesOf([...intervals(withoutAddresses(ANY_HOST, addressesOf(PRIVATE))), own('2000::/3')]);

function intervals(set: Addresses): Range[] {
  const out: Range[] = [];
  for (let at = 0; at < set.length; at += 2) out.push({ text: '', first: set[at], last: set[at + 1] });
  return out;
}

function number4(address: string): bigint {
  return BigInt(address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0));
}

function text4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

function number6(address: string): bigint {
  const [head, tail] = address.split('::');
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const all = tail === undefined ? left : [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
  return all.reduce((sum, word) => (sum << 16n) + BigInt(word), 0n);
}

function words(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const value = Number(number4(part));
    return [Math.floor(value / 65_536), value % 65_536];
  });
}

function text6(value: bigint): string {
  const parts = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(16 * (7 - index))) & 65_535n).toString(16));
  return parts.join(':').replace(/(:0)+$/, '::');
}
