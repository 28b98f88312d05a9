import { addressesOf, covers, INTERNET, overlap, readRange, withoutAddresses } from '../../lib/analysis/addresses';
import { ALL_PORTS, meetPorts, portWords, readPorts, unitePorts, withoutPorts } from '../../lib/analysis/ports';

test.each([
  ['TCP 80', ['TCP 80']],
  ['tcp 80-90', ['TCP 80-90']],
  ['8080', ['TCP 8080']],
  ['UDP', ['UDP *']],
  ['SCTP *', ['SCTP *']],
  ['TCP 1-65535', ['TCP *']],
  ['*', ['*']],
])('%s is a set of ports', (text, words) => {
  expect(portWords(readPorts(text))).toEqual(words);
});

test.each(['', 'HTTP 80', 'TCP 0', 'TCP 65536', 'TCP 90-80', 'TCP 80,81', 'eighty', 'TCP web'])("'%s' is none", (text) => {
  expect(() => readPorts(text)).toThrow(/is no port; write it as 'TCP 8443'.* \(PortInvalid\)$/);
});

test('sets of ports unite, meet and go without each other', () => {
  const some = unitePorts(unitePorts(readPorts('80-90'), readPorts('91')), readPorts('UDP 53'));
  expect(portWords(some)).toEqual(['TCP 80-91', 'UDP 53']);
  expect(portWords(meetPorts(some, readPorts('85-100')))).toEqual(['TCP 85-91']);
  expect(portWords(withoutPorts(some, readPorts('82-83')))).toEqual(['TCP 80-81', 'TCP 84-91', 'UDP 53']);
  expect(portWords(withoutPorts(ALL_PORTS, readPorts('TCP')))).toEqual(['UDP *', 'SCTP *']);
  expect(withoutPorts(some, ALL_PORTS)).toEqual([]);
});

const set = (...ranges: string[]) => addressesOf(ranges.map((range) => readRange(range)!));

test('ranges are read strictly, and cut to their prefix', () => {
  expect(readRange('10.1.2.3/8')?.text).toBe('10.0.0.0/8');
  expect(readRange('FD00::1/16')?.text).toBe('fd00::/16');
  expect(readRange('::ffff:1.2.3.4/128')).toBeDefined();
  for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0/8', '010.0.0.0/8', 'fd00::/129', 'fe80::1%eth0/64', 'x/8', '/8'])
    expect(readRange(text)).toBeUndefined();
});

test('sets of addresses', () => {
  expect(covers(set('10.0.0.0/8'), set('10.1.0.0/16', '10.255.255.255/32'))).toBe(true);
  expect(covers(set('10.0.0.0/9', '10.128.0.0/9'), set('10.0.0.0/8'))).toBe(true);
  expect(covers(set('10.0.0.0/8'), set('10.0.0.0/7'))).toBe(false);
  expect(overlap(set('10.0.0.0/8'), set('11.0.0.0/8', '10.7.7.7/32'))).toBe(true);
  expect(overlap(set('0.0.0.0/0'), set('::/0'))).toBe(false);
  expect(withoutAddresses(set('10.0.0.0/30'), set('10.0.0.1/32'))).toEqual([167_772_160n, 167_772_160n, 167_772_162n, 167_772_163n]);
});

test.each([
  ['8.8.8.8/32', true],
  ['2606:4700::/32', true],
  ['10.0.0.0/8', false],
  ['192.168.1.0/24', false],
  ['100.64.0.0/10', false],
  ['169.254.169.254/32', false],
  ['fd00::/8', false],
])('%s is of the internet: %s', (range, is) => {
  expect(overlap(INTERNET, set(range))).toBe(is);
});
