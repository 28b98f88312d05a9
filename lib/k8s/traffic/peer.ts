import type { Exemption } from '../../controls/acceptance';
import { InputError } from '../../error';
import { metadataIn, range } from './cidr';
import type { End } from './intents';

/** The other end of a connection: a workload, or an address range. */
export interface IPeer {
  /** How policies name it: `api`, `api.payments` from another namespace, `10-0-0-0-8`. */
  readonly peerName: string;
  /** @internal */
  _end(): End;
}

/** What may be said about an address range. */
export interface CidrPeerOptions {
  /**
   * TCP ports.
   * @default - the accepting workload's own; needed to reach a range
   */
  readonly ports?: number[];
  /**
   * Who accepts the risk of a range without an end, `0.0.0.0/0` or `::/0`; written for K-NET-05.
   * @default - such a range is refused
   */
  readonly exemption?: Exemption;
}

/** Peers that are not workloads. */
export class Peer implements IPeer {
  /**
   * A range of addresses: a load balancer's subnets, a database's. The address of the instance metadata service is always left out.
   * Throws `CidrInvalid`, `CidrTooWide`, `MetadataAddress` or `PortInvalid`.
   */
  public static cidr(cidr: string, options?: CidrPeerOptions): Peer {
    const parsed = range(cidr);
    if (parsed.prefix === 0 && options?.exemption === undefined) {
      throw new InputError('CidrTooWide', `'${cidr}' is every address there is; name the ranges that are meant, or pass an exemption`);
    }
    const ports = options?.ports;
    const wrong = ports?.find((port) => !Number.isInteger(port) || port < 1 || port > 65535);
    if (wrong !== undefined) throw new InputError('PortInvalid', `port ${wrong} of '${cidr}' is not between 1 and 65535; correct it`);
    if (ports?.length === 0) throw new InputError('PortInvalid', `an empty list of ports opens every port of '${cidr}'; name them`);
    return new Peer(cidr.replace(/[^0-9a-f]+/g, '-').replace(/^-+/, ''), {
      kind: 'range',
      cidr,
      except: metadataIn(parsed),
      ports: ports && [...new Set(ports)].sort((a, b) => a - b),
      exemption: options?.exemption,
    });
  }

  /** How policies name it. */
  public readonly peerName: string;

  private constructor(
    peerName: string,
    private readonly end: End,
  ) {
    this.peerName = peerName;
  }

  /** @internal */
  public _end(): End {
    return this.end;
  }
}
