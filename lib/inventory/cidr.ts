/**
 * The first `count` subnets of an IPv4 range with `hostBits` bits for hosts each, as Fn::Cidr makes them; undefined where the arguments
 * are not those of a range that holds them.
 */
export function subnetsOf(range: string, count: number, hostBits: number): string[] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range);
  if (match === null) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  const valid =
    octets.every((octet) => octet <= 255) && prefix <= 32 && Number.isInteger(hostBits) && hostBits >= 1 && hostBits <= 32 - prefix;
  if (!valid || !Number.isInteger(count) || count < 1 || count > 256 || count > 2 ** (32 - prefix - hostBits)) return undefined;
  const size = 2 ** hostBits;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const start = address - (address % 2 ** (32 - prefix));
  return Array.from({ length: count }, (_, index) => {
    const first = start + index * size;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${32 - hostBits}`;
  });
}
