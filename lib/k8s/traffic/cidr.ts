import { isIP } from 'node:net';
import { InputError } from '../../error';

/** An address range. */
export interface Range {
  readonly text: string;
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;
/** Instance metadata: credentials of the node. Never reachable from a pod. */
const METADATA = ['169.254.169.254/32', 'fd00:ec2::254/128'];

function address(text: string, family: 4 | 6): bigint {
  if (family === 4) return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const plain = embedded === null ? text : `${embedded[1]}${hex(address(embedded[2], 4) >> 16n)}:${hex(address(embedded[2], 4) & 0xffffn)}`;
  const [head, tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(zeros).fill('0'), ...right].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}
const hex = (value: bigint) => value.toString(16);

/** Reads a CIDR range. Throws `CidrInvalid`, also for one whose address has bits behind the prefix. */
export function range(text: string): Range {
  const [ip, prefixText, ...rest] = text.split('/');
  const family = isIP(ip);
  const prefix = /^\d{1,3}$/.test(prefixText ?? '') ? Number(prefixText) : Number.NaN;
  if (family === 0 || rest.length > 0 || !(prefix <= BITS[family as 4 | 6])) {
    throw new InputError('CidrInvalid', `'${text}' is no address range; write it as '10.0.0.0/16'`);
  }
  const kind = family as 4 | 6;
  const first = address(ip, kind);
  const host = BigInt(BITS[kind] - prefix);
  if ((first >> host) << host !== first) {
    throw new InputError('CidrInvalid', `'${text}' has address bits behind its prefix; write the first address of the range`);
  }
  return { text, family: kind, first, prefix };
}

function contains(outer: Range, inner: Range): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const host = BigInt(BITS[outer.family] - outer.prefix);
  return outer.first >> host === inner.first >> host;
}

/** Metadata addresses inside a range, which a policy has to leave out. Throws `MetadataAddress` where nothing else is left. */
export function metadataIn(outer: Range): string[] {
  const inside = METADATA.map(range).filter((metadata) => contains(outer, metadata));
  if (inside.some((metadata) => metadata.prefix === outer.prefix)) {
    throw new InputError(
      'MetadataAddress',
      `'${outer.text}' is the instance metadata service, which gives away the node's credentials; give the workload an identity instead`,
    );
  }
  return inside.map((metadata) => metadata.text);
}
