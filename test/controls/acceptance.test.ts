import { Chart, Testing } from 'cdk8s';
import { Decision, Exemption } from '../../lib/controls';
import { ACCEPTANCE_METADATA } from '../../lib/controls/acceptance-record';

const good = { owner: 'web-team', reason: 'public pages', until: '2027-03-31' };

beforeAll(() => {
  process.env.BULWARK_AS_OF = '2026-11-24';
});
afterAll(() => {
  delete process.env.BULWARK_AS_OF;
});

const said = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
};

test.each<[string, Partial<typeof good>, string]>([
  ['without an owner', { owner: ' ' }, 'owner of an exemption is empty; name it (AcceptanceIncomplete)'],
  ['without a reason', { reason: '' }, 'reason of an exemption is empty; name it (AcceptanceIncomplete)'],
  ['until no date', { until: 'soon' }, "until of an exemption is 'soon', which is no calendar day; write it as YYYY-MM-DD (DateInvalid)"],
  [
    'until a day there is not',
    { until: '2027-02-30' },
    "until of an exemption is '2027-02-30', which is no calendar day; write it as YYYY-MM-DD (DateInvalid)",
  ],
  [
    'over a year away',
    { until: '2027-11-26' },
    "until of an exemption '2027-11-26' is 367 days ahead; choose a day within a year (AcceptanceTooLong)",
  ],
  ['a year away', { until: '2027-11-25' }, 'nothing'],
  ['in the past, where the audit says that it ended', { until: '2025-01-01' }, 'nothing'],
])('an exemption %s', (_, wrong, message) => {
  expect(said(() => new Exemption({ ...good, ...wrong }))).toBe(message);
});

test.each<[string, Partial<{ owner: string; reason: string; review: string }>, string]>([
  ['without an owner', { owner: '' }, 'owner of a decision is empty; name it (AcceptanceIncomplete)'],
  [
    'to be looked at in two years',
    { review: '2028-11-24' },
    "review of a decision '2028-11-24' is 731 days ahead; choose a day within a year (AcceptanceTooLong)",
  ],
])('a decision %s', (_, wrong, message) => {
  expect(said(() => new Decision({ owner: 'net', reason: 'office', review: '2027-05-31', ...wrong }))).toBe(message);
});

test('of a control that there is not names the construct', () => {
  const chart = new Chart(Testing.app(), 'shop');
  expect(said(() => Exemption.on(chart, 'K-CTR-99', good))).toBe(
    "[shop]: there is no control 'K-CTR-99'; run 'bulwark controls' for the list (UnknownControl)",
  );
  expect(chart.node.metadata).toEqual([]);
});

test('travels as construct metadata', () => {
  const chart = new Chart(Testing.app(), 'shop');
  Exemption.on(chart, 'K-CTR-03', good);
  Decision.on(chart, 'K-POD-15', { owner: 'net', reason: 'watches its own', review: '2027-05-31' });
  expect(chart.node.metadata.filter(({ type }) => type === ACCEPTANCE_METADATA).map(({ data }) => data)).toEqual([
    { kind: 'exemption', control: 'K-CTR-03', ...good },
    { kind: 'decision', control: 'K-POD-15', owner: 'net', reason: 'watches its own', until: '2027-05-31' },
  ]);
});
