import { InputError } from '../error';

/** The protocols a NetworkPolicy knows. */
export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/**
 * A set of ports of all protocols, on one number line of 65,536 places for each: sorted intervals as `[first, last, first, last, ...]`. Port 0 of a
 * protocol is in no set, so that intervals of two protocols never touch.
 */
export type Ports = readonly number[];

const SPAN = 65_536;
const LAST = 65_535;

export const NO_PORTS: Ports = [];
export const ALL_PORTS: Ports = PROTOCOLS.flatMap((_, index) => [index * SPAN + 1, index * SPAN + LAST]);

/** The ports from `first` to `last` of one protocol; all of it where none are given. */
export function portsOf(protocol: Protocol, first = 1, last = first === 1 ? LAST : first): Ports {
  const base = PROTOCOLS.indexOf(protocol) * SPAN;
  return [base + first, base + last];
}

/** One port of one protocol. */
export function onePort(protocol: Protocol, port: number): Ports {
  return portsOf(protocol, port, port);
}

/** True for a number that can be a port. */
export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LAST;
}

export function samePorts(a: Ports, b: Ports): boolean {
  return a.length === b.length && a.every((place, index) => place === b[index]);
}

export function unitePorts(a: Ports, b: Ports): Ports {
  if (a.length === 0 || a === b) return b;
  if (b.length === 0) return a;
  const intervals: [number, number][] = [];
  for (const set of [a, b]) for (let at = 0; at < set.length; at += 2) intervals.push([set[at], set[at + 1]]);
  intervals.sort((one, other) => one[0] - other[0]);
  const out: number[] = [];
  for (const [first, last] of intervals) {
    if (out.length > 0 && first <= out[out.length - 1] + 1) out[out.length - 1] = Math.max(out[out.length - 1], last);
    else out.push(first, last);
  }
  return out;
}

export function meetPorts(a: Ports, b: Ports): Ports {
  if (a === b || a === ALL_PORTS) return b;
  if (b === ALL_PORTS) return a;
  const out: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const first = Math.max(a[i], b[j]);
    const last = Math.min(a[i + 1], b[j + 1]);
    if (first <= last) out.push(first, last);
    if (a[i + 1] < b[j + 1]) i += 2;
    else j += 2;
  }
  return out;
}

/** What is in `a` and not in `b`. */
export function withoutPorts(a: Ports, b: Ports): Ports {
  if (a.length === 0 || b.length === 0) return a;
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let first = a[i];
    const last = a[i + 1];
    while (j < b.length && b[j + 1] < first) j += 2;
    for (let k = j; k < b.length && b[k] <= last && first <= last; k += 2) {
      if (b[k] > first) out.push(first, b[k] - 1);
      first = b[k + 1] + 1;
    }
    if (first <= last) out.push(first, last);
  }
  return out;
}

/** How people write a set: `*` for everything, else an entry for each range: `TCP 8443`, `TCP 8000-8080`, `UDP *`. */
export function portWords(ports: Ports): string[] {
  if (samePorts(ports, ALL_PORTS)) return ['*'];
  const words: string[] = [];
  for (let at = 0; at < ports.length; at += 2) {
    const protocol = PROTOCOLS[Math.floor(ports[at] / SPAN)];
    const [first, last] = [ports[at] % SPAN, ports[at + 1] % SPAN];
    words.push(`${protocol} ${first === 1 && last === LAST ? '*' : first === last ? first : `${first}-${last}`}`);
  }
  return words;
}

/** Reads what people write: `TCP 8443`, `tcp 8000-8080`, `UDP`, `8443` for TCP, `*`. Throws `PortInvalid`. */
export function readPorts(text: string): Ports {
  if (text.trim() === '*') return ALL_PORTS;
  const match = /^\s*(?:(tcp|udp|sctp)\b)?\s*(?:(\d{1,5})(?:-(\d{1,5}))?|\*)?\s*$/i.exec(text);
  const protocol = (match?.[1] ?? 'TCP').toUpperCase() as Protocol;
  const first = match?.[2] === undefined ? undefined : Number(match[2]);
  const last = match?.[3] === undefined ? first : Number(match[3]);
  const isWhole = first === undefined && match?.[1] !== undefined;
  if (match === null || !(isWhole || (isPort(first) && isPort(last) && first <= last))) {
    throw new InputError('PortInvalid', `'${text}' is no port; write it as 'TCP 8443', 'UDP 8000-8080', 'TCP' or '*'`);
  }
  return isWhole ? portsOf(protocol) : portsOf(protocol, first, last);
}
