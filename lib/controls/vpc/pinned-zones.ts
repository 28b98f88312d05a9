import { Unknown } from '../../inventory/value';
import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { isUnknown, options, shownValue } from '../template-values';

const subnet = (properties: object = {}) => template({ Subnet: resource('AWS::EC2::Subnet', { VpcId: 'vpc-1', ...properties }) });

export const pinnedZones = control({
  id: 'A-VPC-09',
  title: 'zones of subnets are pinned',
  because: 'the list of zones of a region grows, and with it subnets would move to zones in which nothing else of the cluster stands',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'governance',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects: resources('AWS::EC2::Subnet'),
  judge: ({ properties }) => {
    const { AvailabilityZoneId: id, AvailabilityZone: name } = properties;
    if (id === undefined && name === undefined) return fail('the subnet names no zone, so EC2 chooses one', 'Properties.AvailabilityZone');
    const [property, value] = id === undefined ? ['AvailabilityZone', name] : ['AvailabilityZoneId', id];
    const open = options(value).find(isUnknown);
    if (open === undefined) return pass;
    return open instanceof Unknown && open.reason.includes('zones of the region')
      ? fail(`the zone is ${shownValue(open)}, which is whatever the region lists`, `Properties.${property}`)
      : undecided(`property ${property} is decided at deployment (${shownValue(value)})`, `Properties.${property}`);
  },
  remedy: 'set AvailabilityZoneId; with aws.Network, zoneIds',
  references: { urls: ['https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html'] },
  examples: {
    holds: [subnet({ AvailabilityZoneId: 'euw1-az1' }), subnet({ AvailabilityZone: 'eu-west-1a' })],
    breaks: [subnet(), subnet({ AvailabilityZone: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] } })],
    undecided: [subnet({ AvailabilityZone: setting })],
  },
});
