import { isIPv4 } from 'node:net';
import { InputError } from '../../error';

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
   *
   * Throws `InternetFlowInvalid`.
   */
  public static nat(flows?: InternetFlow[]): Internet {
    for (const flow of flows ?? []) check(flow);
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

function check({ name, cidr = '0.0.0.0/0', port = 443 }: InternetFlow): void {
  const [address, prefix, ...rest] = cidr.split('/');
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
    throw new InputError('InternetFlowInvalid', `the flow is named '${name}'; write it in lower case with dashes, as in 'vendor-api'`);
  if (!isIPv4(address) || !/^\d{1,2}$/.test(prefix ?? '') || Number(prefix) > 32 || rest.length > 0)
    throw new InputError('InternetFlowInvalid', `'${cidr}' of the flow '${name}' is no IPv4 range; write it as 203.0.113.0/24`);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new InputError('InternetFlowInvalid', `port ${port} of the flow '${name}' is not between 1 and 65535; correct it`);
}
