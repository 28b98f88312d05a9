import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { IConstruct } from 'constructs';
import type { Decision, Exemption } from '../../controls/acceptance';
import { InputError } from '../../error';

/** Where the Kubernetes API can be reached from. */
export class Endpoint {
  /** Only from inside the VPC and networks that are connected to it. */
  public static privateOnly(): Endpoint {
    return new Endpoint([], undefined, undefined);
  }

  /**
   * Also from these ranges over the internet; somebody owns that choice.
   * Throws `EndpointOpen` for ranges too wide to belong to one owner, together wider than a /8 or, for IPv6, a /16, and `CidrInvalid` for private ones too, which
   * EKS refuses.
   */
  public static publicFrom(cidrs: string[], decision: Decision): Endpoint {
    if (cidrs.length === 0)
      throw new InputError('CidrInvalid', 'the list of ranges is empty, which EKS reads as every address; name the ranges');
    const shares = { ipv4: 0, ipv6: 0 };
    for (const cidr of cidrs) {
      const range = checkRange(cidr);
      shares[range.family] += range.share;
    }
    if (shares.ipv4 > 1 || shares.ipv6 > 1) {
      throw new InputError(
        'EndpointOpen',
        `the ${cidrs.length} ranges from '${cidrs[0]}' on are together too much of the internet to have one owner; list your egress ranges, or use publicFromAnywhere with an exemption`,
      );
    }
    return new Endpoint(cidrs, decision, undefined);
  }

  /** From everywhere over the internet: only with an exemption, and a finding again on the day it ends. */
  public static publicFromAnywhere(exemption: Exemption): Endpoint {
    return new Endpoint(['0.0.0.0/0'], undefined, exemption);
  }

  /** Ranges that reach the API over the internet; empty when it is private. */
  public readonly publicCidrs: string[];
  private readonly decision?: Decision;
  private readonly exemption?: Exemption;

  private constructor(publicCidrs: string[], decision: Decision | undefined, exemption: Exemption | undefined) {
    this.publicCidrs = publicCidrs;
    this.decision = decision;
    this.exemption = exemption;
  }

  /** Records who opened the endpoint on the construct that has it. @internal */
  public _attach(scope: IConstruct): void {
    this.decision?.attach(scope, 'A-EKS-01');
    this.exemption?.attach(scope, 'A-EKS-01');
  }
}

/** Ranges that are never seen on the internet, by their first addresses. */
const PRIVATE = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 127],
  ['::ffff:0:0', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const;

const family = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');

/** Of two ranges that share an address one contains the other, and so its first address. */
function overlap(a: string, aPrefix: number, b: string, bPrefix: number): boolean {
  if (family(a) !== family(b)) return false;
  const contains = (outer: string, prefix: number, inner: string): boolean => {
    const list = new BlockList();
    list.addSubnet(outer, prefix, family(outer));
    return list.check(inner, family(inner));
  };
  return contains(a, aPrefix, b) || contains(b, bPrefix, a);
}

/** Checks one range and gives the share of its widest permitted size that it is. */
function checkRange(cidr: string): { readonly family: 'ipv4' | 'ipv6'; readonly share: number } {
  const [address, bits, ...rest] = cidr.split('/');
  const four = isIPv4(address);
  const prefix = /^\d{1,3}$/.test(bits ?? '') && rest.length === 0 ? Number(bits) : Number.NaN;
  if ((!four && !isIPv6(address)) || !(prefix <= (four ? 32 : 128))) {
    throw new InputError('CidrInvalid', `'${cidr}' is no address range; write it as 203.0.113.0/24`);
  }
  const widest = four ? 8 : 16;
  if (prefix < widest) {
    const what = prefix === 0 ? 'the whole internet' : 'too much of the internet to have one owner';
    throw new InputError(
      'EndpointOpen',
      `the range '${cidr}' is ${what}; list your egress ranges, or use publicFromAnywhere with an exemption`,
    );
  }
  if (PRIVATE.some(([other, otherPrefix]) => overlap(address, prefix, other, otherPrefix))) {
    throw new InputError(
      'CidrInvalid',
      `the range '${cidr}' is private or holds private addresses, never seen on the internet; leave them out, the private endpoint serves them`,
    );
  }
  return { family: family(address), share: 2 ** (widest - prefix) };
}
