import { Fn, Token } from 'aws-cdk-lib';
import { InputError } from '../../error';

/** Zones in which EKS refuses to place the control plane, by region. */
const REFUSED: { readonly [region: string]: string } = { 'us-east-1': 'use1-az3', 'us-west-1': 'usw1-az2', 'ca-central-1': 'cac1-az3' };

/** One availability zone as a subnet names it. */
export interface Zone {
  /** Zone name or an intrinsic function that yields one; missing when the zone is given by id. */
  readonly name?: string;
  readonly zoneId?: string;
}

/** The prefix of zone ids in a region: `eu-west-1` is `euw1`. Undefined for names that do not follow the rule. */
function zonePrefix(region: string): string | undefined {
  const match = /^([a-z]{2})(-gov)?-([a-z]+)-(\d)$/.exec(region);
  if (match === null) return undefined;
  const direction = match[3].replace(/north|south|east|west|central/g, (word) => word[0]);
  return `${match[1]}${match[2] === undefined ? '' : 'g'}${direction}${match[4]}`;
}

/**
 * The zones of a network: by id, by name, or the first three of the region's list (resolved at deployment, never looked up).
 * Throws `ZoneRefused`, `ZoneForeign`, `ZonesInvalid`, and `ZonesUnpinned` where the first three may hold one that EKS refuses.
 */
export function zonesOf(props: { readonly zoneIds?: string[]; readonly zones?: string[] }, region: string, path: string): Zone[] {
  const { zoneIds, zones } = props;
  if (zoneIds !== undefined && zones !== undefined)
    throw new InputError('ZonesInvalid', 'zoneIds and zones are both given; keep one of them', { path });
  const given = zoneIds ?? zones;
  if (given !== undefined && (given.length < 2 || given.length > 3 || new Set(given).size !== given.length)) {
    throw new InputError(
      'ZonesInvalid',
      `${zoneIds === undefined ? 'zones' : 'zoneIds'} is [${given.join(', ')}]; name two or three different zones`,
      { path },
    );
  }
  for (const zoneId of zoneIds ?? []) {
    if (Object.values(REFUSED).includes(zoneId))
      throw new InputError('ZoneRefused', `EKS places no control plane in the zone '${zoneId}'; choose another zone of the region`, {
        path,
      });
    if (!/^[a-z]+\d-az\d$/.test(zoneId)) throw new InputError('ZonesInvalid', `'${zoneId}' is no zone id; write it as euw1-az1`, { path });
    const prefix = Token.isUnresolved(region) ? undefined : zonePrefix(region);
    if (prefix !== undefined && !zoneId.startsWith(`${prefix}-`)) {
      throw new InputError('ZoneForeign', `the zone '${zoneId}' is not in the region ${region}; its zones start with ${prefix}`, { path });
    }
  }
  if (zoneIds !== undefined) return zoneIds.map((zoneId) => ({ zoneId }));
  for (const name of zones ?? []) {
    if (Token.isUnresolved(name)) continue;
    if (/-az\d+$/.test(name))
      throw new InputError('ZonesInvalid', `'${name}' is the id of a zone and no name; pass it in zoneIds`, { path });
    if (!Token.isUnresolved(region) && !name.startsWith(region))
      throw new InputError('ZoneForeign', `the zone '${name}' is not in the region ${region}; its zones start with ${region}`, { path });
  }
  if (zones !== undefined) return zones.map((name) => ({ name }));
  const refused = REFUSED[region];
  if (refused !== undefined) {
    const others = ['az1', 'az2', 'az3', 'az4'].map((zone) => refused.replace(/az\d$/, zone)).filter((zone) => zone !== refused);
    throw new InputError(
      'ZonesUnpinned',
      `the first zones of ${region} may hold ${refused}, in which EKS places no control plane; give zoneIds of your account, such as ${others.join(', ')}`,
      { path },
    );
  }
  return [0, 1, 2].map((index) => ({ name: Fn.select(index, Fn.getAzs()) }));
}
