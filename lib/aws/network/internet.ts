/** A destination outside the network that nodes may reach. */
export interface InternetFlow {
  /** Short name, kebab-case. */
  readonly name: string;
  /** Why it is needed, for the reader of the rule. */
  readonly purpose: string;
  /**
   * IPv4 range that is reached.
   * @default '0.0.0.0/0'
   */
  readonly cidr?: string;
  /**
   * TCP port.
   * @default 443
   */
  readonly port?: number;
}

/** How the private tier reaches the internet, if at all. Nothing is reachable from the internet either way. */
export class Internet {
  /** Not at all: images and AWS APIs come through interface endpoints, so images must be in ECR. */
  public static none(): Internet {
    return new Internet(false, []);
  }

  /**
   * Through NAT gateways, by the flows that are named here.
   *
   * Registries and vendors outside AWS have no fixed addresses, so the default names one flow, TCP 443 to any address. It is the only
   * rule of the network with an open destination; pass ranges to narrow it.
   */
  public static nat(flows?: InternetFlow[]): Internet {
    return new Internet(true, flows ?? [{ name: 'https', purpose: 'images and APIs outside AWS, over TLS' }]);
  }

  /** Whether there are NAT gateways. */
  public readonly usesNat: boolean;
  /** What nodes may reach outside. */
  public readonly flows: InternetFlow[];

  private constructor(usesNat: boolean, flows: InternetFlow[]) {
    this.usesNat = usesNat;
    this.flows = flows;
  }
}
