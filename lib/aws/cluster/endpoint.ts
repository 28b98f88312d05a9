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
   * Throws `EndpointOpen` for a range too wide to belong to one owner, shorter than /8 or, for IPv6, /16, and `CidrInvalid` for private ones too, which EKS refuses.
   */
  public static publicFrom(cidrs: string[], decision: Decision): Endpoint {
    if (cidrs.length === 0)
      throw new InputError('CidrInvalid', 'the list of ranges is empty, which EKS reads as every address; name the ranges');
    for (const cidr of cidrs) checkRange(cidr);
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

const PRIVATE = new BlockList();
for (const [address, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(address, prefix);
}

function checkRange(cidr: string): void {
  const [address, bits, ...rest] = cidr.split('/');
  const four = isIPv4(address);
  const prefix = /^\d{1,3}$/.test(bits ?? '') && rest.length === 0 ? Number(bits) : Number.NaN;
  if ((!four && !isIPv6(address)) || !(prefix <= (four ? 32 : 128))) {
    throw new InputError('CidrInvalid', `'${cidr}' is no address range; write it as 203.0.113.0/24`);
  }
  if (prefix < (four ? 8 : 16)) {
    const what = prefix === 0 ? 'the whole internet' : 'too much of the internet to have one owner';
    throw new InputError(
      'EndpointOpen',
      `the range '${cidr}' is ${what}; list your egress ranges, or use publicFromAnywhere with an exemption`,
    );
  }
  if (four && PRIVATE.check(address)) {
    throw new InputError(
      'CidrInvalid',
      `the range '${cidr}' is private and never seen on the internet; leave it out, the private endpoint serves it`,
    );
  }
}
