import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gate } from '../../lib/audit';
import { readManifests, readTemplate } from '../../lib/inventory';
import { ConformanceVerdict, type FrameworkConformance } from '../../lib/posture';
import { Examination } from '../../lib/posture/examine';
import { Texts } from '../../lib/posture/texts';
import { jsonReport, layoutOf, type ReportInput, textReport, wrap } from '../../lib/report';
import { bucket, encrypted, labelled, notPublic, versioned } from '../audit/fakes';
import { departures, type Schema } from './schema';

const record = { kind: 'decision', control: 'K-CTR-03', owner: 'shop', reason: 'the old image\nneeds it', until: '2026-11-20' };
const manifests = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: accepted
  namespace: shop
  labels: {bad: known}
  annotations:
    cdk-bulwark/acceptances: '${JSON.stringify([record])}'
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: failing
  namespace: shop
  labels: {bad: very}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: unclear, namespace: shop, labels: {unclear: so}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: odd}
data: {enabled: yes}
`;

const frameworks = (verdict: 'fail' | 'incomplete' | 'pass' = 'fail'): FrameworkConformance[] => [
  {
    id: 'made',
    title: 'Made for a test',
    edition: '1',
    url: 'https://example.com',
    verdict: verdict as ConformanceVerdict,
    covered: 3,
    total: 4,
    requirements: [
      { id: '1.1', title: 'labels are good', verdict: ConformanceVerdict.FAIL, controls: ['K-CTR-03'], judged: 3, findings: 2 },
      {
        id: '1.2',
        title: 'etcd is encrypted',
        verdict: ConformanceVerdict.PROVIDER,
        controls: [],
        judged: 0,
        findings: 0,
        note: 'EKS does',
      },
      { id: '1.3', title: 'buckets are', verdict: ConformanceVerdict.PASS, controls: ['A-S3-01'], judged: 0, findings: 0 },
      {
        id: '1.4',
        title: 'and the rest',
        verdict: ConformanceVerdict.INCOMPLETE,
        controls: [],
        judged: 0,
        findings: 0,
        note: 'no control covers it',
      },
    ],
  },
];

function input(gate: Gate = {}): ReportInput {
  const texts = new Texts();
  texts.hold('app.yaml', manifests);
  const template = JSON.stringify(
    { Resources: { Logs: bucket('Data/Logs'), Old: bucket('Data/Old', { BucketEncryption: {} }) } },
    undefined,
    1,
  );
  texts.hold('data.json', template);
  const readings = [readManifests(manifests, { file: 'app.yaml' }), readTemplate(template, { stack: 'Data', file: 'data.json' })];
  const { findings, notes, summary } = new Examination(readings, {
    controls: [labelled, encrypted, versioned, notPublic],
    asOf: '2026-11-01',
    kubernetes: '1.35',
    gate,
    texts,
  });
  return { findings, notes, summary, failOn: gate.failOn ?? 'medium', breakGlass: gate.breakGlass };
}

test('JSON in pieces is JSON in one, however many findings there are', () => {
  const { findings, ...rest } = input();
  for (const number of [0, 1, 999, 1_000, 1_001, 2_500]) {
    const many = Array.from({ length: number }, (_, at) => ({ ...findings[at % findings.length], message: `finding ${at}\n` }));
    const { summary, notes, failOn, breakGlass } = rest;
    const whole = JSON.stringify({ schemaVersion: 1, summary: { ...summary, failOn }, breakGlass, findings: many, notes }, undefined, 2);
    expect(jsonReport({ ...rest, findings: many })).toBe(`${whole}\n`);
  }
});

describe('text', () => {
  const text = textReport(input(), layoutOf(80, false));

  test('groups findings by severity, then by resource', () => {
    const order = [
      'HIGH  2 findings',
      'AWS::S3::Bucket Data/Logs',
      'Deployment shop/failing',
      'LOW  2 findings',
      'UNDECIDED  1 finding',
      'ACCEPTED  1 finding',
      'NOTES',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  test('shows of each finding id, title, resource, file, line, message and remedy', () => {
    expect(text).toContain(
      [
        '  Deployment shop/failing  app.yaml',
        '    K-CTR-03  K-CTR-03 holds',
        '        the label is very (line 15, metadata.labels.bad)',
        '        fix: mend it',
      ].join('\n'),
    );
  });

  test('lists what was accepted, by whom, why and for how long', () => {
    expect(text).toContain(
      [
        'ACCEPTED  1 finding',
        '',
        '  K-CTR-03  K-CTR-03 holds',
        '      decision by shop until 2026-11-20 (19 days left): the old image needs it',
        '      on Deployment shop/accepted',
      ].join('\n'),
    );
  });

  test('notes what ends soon and what YAML made of a value', () => {
    expect(text).toMatch(/decision of K-CTR-03 by shop on\s+Deployment shop\/accepted ends on\s+2026-11-20, in 19 days/);
    expect(text).toMatch(/app\.yaml:21: /);
  });

  test('ends with the four verdicts, who carries them, and the answer', () => {
    expect(text).toContain(
      [
        '            pass  fail  undecided  exempt',
        '  all          3     4          1       1',
        '  library      1     3          0       0',
        '  app-team     2     1          1       1',
      ].join('\n'),
    );
    expect(text).toMatch(/\n2 findings at or above medium\n4 controls on 6 resources, Kubernetes 1\.35, as of 2026-11-01\n$/);
  });

  test('stays within the width', () => {
    for (const width of [60, 80, 120]) {
      for (const line of textReport(input(), layoutOf(width, false)).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  test('has no colour unless asked, and the same words with it', () => {
    const start = String.fromCharCode(27);
    expect(text).not.toContain(start);
    const colored = textReport(input(), layoutOf(80, true));
    expect(colored).toContain(start);
    expect(colored.replaceAll(new RegExp(`${start}\\[\\d+m`, 'g'), '')).toBe(text);
  });

  test('draws category by boundary on demand', () => {
    expect(textReport(input(), layoutOf(80, false), { matrix: true })).toContain(
      ['  category    cloud  container', '  backup      0/2    .', '  encryption  1/2    .', '  isolation   2/2    0/3'].join('\n'),
    );
  });

  test('says at the top that somebody broke the glass', () => {
    const broken = textReport(input({ breakGlass: { owner: 'platform-admins', reason: 'outage' } }), layoutOf(80, false));
    expect(broken).toMatch(/^Break-glass by platform-admins: outage\. This run passes whatever it found\.\n/);
    expect(broken).toContain('Passed by break-glass');
    expect(broken).toContain('HIGH  2 findings');
  });
});

describe('frameworks in text', () => {
  const shown = (verdict: 'fail' | 'incomplete' | 'pass') =>
    textReport({ ...input(), frameworks: frameworks(verdict) }, layoutOf(100, false));

  test('stand after the findings, requirement by requirement', () => {
    const text = shown('fail');
    expect(text).toContain(
      [
        'MADE  fails',
        '  Made for a test: 3 of 4 requirements covered',
        '',
        '  fail        1.1  labels are good    2 findings',
        '  provider    1.2  etcd is encrypted',
        '      EKS does',
        '  pass        1.3  buckets are        nothing to judge',
        '  incomplete  1.4  and the rest',
        '      no control covers it',
      ].join('\n'),
    );
    expect(text.indexOf('MADE')).toBeGreaterThan(text.indexOf('ACCEPTED'));
  });

  test('say that a gap is no pass', () => {
    expect(shown('incomplete')).toContain('MADE  is incomplete: never passed');
    expect(shown('pass')).toContain('MADE  holds');
  });
});

test('wrapping keeps words longer than a line', () => {
  expect(wrap(`a ${'b'.repeat(60)} c`, 2, layoutOf(50, false))).toBe(`  a\n  ${'b'.repeat(60)}\n  c`);
});

describe('JSON', () => {
  const schema = JSON.parse(readFileSync(join(__dirname, '../../docs/report.schema.json'), 'utf8')) as Schema;

  test('is as its schema says', () => {
    for (const gate of [{}, { breakGlass: { owner: 'platform-admins', reason: 'outage' } }]) {
      const report = JSON.parse(jsonReport(input(gate)));
      expect(departures(report, schema)).toEqual([]);
      expect(report.findings.map(({ verdict }: { verdict: string }) => verdict).sort()).toEqual([
        'exempt',
        'fail',
        'fail',
        'fail',
        'fail',
        'undecided',
      ]);
    }
  });

  test('has the frameworks that were asked for, and none where none was', () => {
    const report = JSON.parse(jsonReport({ ...input(), frameworks: frameworks() }));
    expect(departures(report, schema)).toEqual([]);
    expect(report.frameworks).toEqual(JSON.parse(JSON.stringify(frameworks())));
    expect(JSON.parse(jsonReport(input()))).not.toHaveProperty('frameworks');
    report.frameworks[0].verdict = 'provider';
    expect(departures(report, schema)).toEqual(['$.frameworks[0].verdict is "provider"']);
  });

  test('and the schema notices what is not', () => {
    const report = JSON.parse(jsonReport(input()));
    report.findings[0].verdict = 'maybe';
    report.findings[1].colour = 'red';
    delete report.summary.pass;
    expect(departures(report, schema)).toEqual([
      '$.summary.pass is missing',
      '$.findings[0].verdict is "maybe"',
      '$.findings[1].colour is not described',
    ]);
  });

  test('carries the exemption', () => {
    const { findings } = JSON.parse(jsonReport(input()));
    expect(findings.find(({ verdict }: { verdict: string }) => verdict === 'exempt').exemption).toEqual({
      kind: 'decision',
      owner: 'shop',
      reason: 'the old image\nneeds it',
      until: '2026-11-20',
    });
  });
});
