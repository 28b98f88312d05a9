import { InputError } from '../../error';

/** IPv4 ranges of the subnets, by tier and zone. */
export interface AddressPlan {
  readonly publicCidrs: readonly string[];
  readonly privateCidrs: readonly string[];
  readonly isolatedCidrs: readonly string[];
}

/**
 * Cuts a VPC's range: three quarters for the private tier, where pods take their addresses, and the last quarter in eighths: three for the
 * public tier, three for the isolated one, two spare.
 */
export function addressPlan(cidr: string, zones: number, path: string): AddressPlan {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const octets = match?.slice(1, 5).map(Number) ?? [];
  if (match === null || octets.some((octet) => octet > 255)) {
    throw new InputError('CidrInvalid', `cidr is '${cidr}', not an IPv4 range; write it as 10.0.0.0/16`, { path });
  }
  const prefix = Number(match[5]);
  if (prefix < 16 || prefix > 20) {
    throw new InputError(
      'CidrSize',
      `cidr '${cidr}' has the prefix /${prefix}, and a VPC for a cluster needs /16 to /20; choose one of them`,
      { path },
    );
  }
  const base = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  if (base % size !== 0)
    throw new InputError('CidrUnaligned', `cidr '${cidr}' does not start on a /${prefix} boundary; clear the host bits`, { path });
  const write = (address: number, bits: number): string =>
    `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')}/${bits}`;
  const quarter = size / 4;
  const slice = (index: number): string => write(base + 3 * quarter + index * (quarter / 8), prefix + 5);
  const each = (make: (zone: number) => string): string[] => Array.from({ length: zones }, (_, zone) => make(zone));
  return {
    privateCidrs: each((zone) => write(base + zone * quarter, prefix + 2)),
    publicCidrs: each((zone) => slice(zone)),
    isolatedCidrs: each((zone) => slice(4 + zone)),
  };
}
