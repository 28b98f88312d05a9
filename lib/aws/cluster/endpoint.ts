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
   * Also from these IPv4 ranges over the internet; somebody owns that choice.
   * Throws `EndpointOpen` for a range that holds every address, and `CidrInvalid`.
   */
  public static publicFrom(cidrs: string[], decision: Decision): Endpoint {
    if (cidrs.length === 0)
      throw new InputError('CidrInvalid', 'the list of ranges is empty, which EKS reads as every address; name the ranges');
    for (const cidr of cidrs) {
      if (!/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(cidr) && !/^[0-9a-f:]+\/\d{1,3}$/i.test(cidr))
        throw new InputError('CidrInvalid', `'${cidr}' is no address range; write it as 203.0.113.0/24`);
      if (cidr.endsWith('/0'))
        throw new InputError(
          'EndpointOpen',
          `the range '${cidr}' is the whole internet; list your egress ranges, or use publicFromAnywhere with an exemption`,
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
