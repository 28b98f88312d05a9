import { audit, blocking, breakGlassOf, DEFAULT_KUBERNETES, severityOf } from '../../lib/audit';
import { objects, pass, undecided } from '../../lib/controls/control';
import { Severity } from '../../lib/controls/severity';
import type { Acceptance } from '../../lib/inventory/model';
import { bucket, carrying, deployment, encrypted, exemption, fake, inventory, labelled, notPublic, versioned } from './fakes';

const asOf = '2026-11-01';
const controls = [labelled, encrypted];

describe('verdicts', () => {
  test('are counted, and only those that are no pass are kept', () => {
    const found = audit(inventory({ manifests: [deployment('a'), deployment('b', { bad: 'yes' }), deployment('c', { unclear: 'so' })] }), {
      controls,
      asOf,
    });
    expect(found.tally).toEqual({ pass: 1, fail: 1, undecided: 1, exempt: 0 });
    expect(found.perControl.get(labelled)).toEqual({ pass: 1, fail: 1, undecided: 1, exempt: 0 });
    expect(found.judgements.map(({ verdict, message, at }) => [verdict, message, at])).toEqual([
      ['fail', 'the label is yes', 'metadata.labels.bad'],
      ['undecided', 'the label is unclear', 'metadata.labels.unclear'],
    ]);
  });

  test('a control that throws has decided nothing', () => {
    const found = audit(inventory({ manifests: [deployment('a', { boom: 'x' })] }), { controls, asOf });
    expect(found.tally).toMatchObject({ pass: 0, undecided: 1 });
    expect(found.judgements[0].message).toBe('the control could not be evaluated: TypeError: labels are not what they seem');
  });

  test('a control that cannot pick its subjects is undecided about everything', () => {
    const broken = fake({
      id: 'K-CTR-04',
      subjects: {
        description: 'none',
        // biome-ignore lint/correctness/useYield: a selector that fails before it yields is the case.
        *select() {
          throw new Error('no spec');
        },
      },
      judge: () => pass,
    });
    const [judgement] = audit(inventory({ manifests: [deployment('a')] }), { controls: [broken], asOf }).judgements;
    expect(judgement).toMatchObject({ verdict: 'undecided', message: 'the control could not pick its subjects: Error: no spec' });
    expect(judgement.resource).toBeUndefined();
  });

  test('subjects shared by controls are selected once', () => {
    let selections = 0;
    const subjects = {
      description: 'Deployment',
      *select(from: Parameters<ReturnType<typeof objects>['select']>[0]) {
        selections += 1;
        yield* objects('Deployment').select(from);
      },
    };
    const both = ['K-CTR-04', 'K-CTR-05'].map((id) => fake({ id, subjects, judge: () => pass }));
    expect(audit(inventory({ manifests: [deployment('a')] }), { controls: both, asOf }).tally.pass).toBe(2);
    expect(selections).toBe(1);
  });

  test('are in one order whatever the order of input', () => {
    const manifests = [deployment('b', { bad: '1' }), deployment('a', { bad: '1' }), deployment('a2', { unclear: '1' })];
    const resources = { Two: bucket('Data/Two'), One: bucket('Data/One') };
    const names = (one: ReturnType<typeof audit>) =>
      one.judgements.map(
        ({ control, resource }) => `${control.id} ${resource?.tree === 'kubernetes' ? resource.name : resource?.logicalId}`,
      );
    const forth = audit(inventory({ manifests, resources }), { controls: [labelled, encrypted, versioned], asOf });
    const back = audit(inventory({ manifests: [...manifests].reverse(), resources: { One: resources.One, Two: resources.Two } }), {
      controls: [versioned, encrypted, labelled],
      asOf,
    });
    expect(names(forth)).toEqual(names(back));
    expect(names(forth)).toEqual(['A-S3-01 One', 'A-S3-01 Two', 'K-CTR-03 a', 'K-CTR-03 a2', 'K-CTR-03 b', 'A-S3-02 One', 'A-S3-02 Two']);
  });
});

test('the Kubernetes version is the one given, else that of the clusters where they agree', () => {
  const cluster = (Version: string) => ({ Type: 'AWS::EKS::Cluster', Properties: { Version } });
  const judgedFor = (resources: { [id: string]: ReturnType<typeof cluster> }, kubernetes?: string) =>
    audit(inventory({ resources }), { controls, asOf, kubernetes }).kubernetes;
  expect(judgedFor({ A: cluster('1.35'), B: cluster('1.35') })).toBe('1.35');
  expect(judgedFor({ A: cluster('1.35') }, '1.34')).toBe('1.34');
  expect(judgedFor({ A: cluster('1.35'), B: cluster('1.36') })).toBe(DEFAULT_KUBERNETES);
  expect(judgedFor({})).toBe(DEFAULT_KUBERNETES);
});

describe('an acceptance', () => {
  const resources = { Logs: bucket('Data/Logs'), LogsOld: bucket('Data/LogsOld') };
  const run = (acceptances: Acceptance[], own: { asOf?: string; controls?: typeof controls; known?: (id: string) => boolean } = {}) =>
    audit(inventory({ resources, acceptances }), { controls: [encrypted], asOf, ...own });

  test('covers its construct and what is below it, not a neighbour with a longer name', () => {
    const { judgements, warnings, tally } = run([exemption({ scope: { stack: 'Data', path: 'Data/Logs' } })]);
    expect(judgements.map(({ verdict }) => verdict)).toEqual(['exempt', 'fail']);
    expect(judgements[0].acceptance).toMatchObject({ owner: 'storage', until: '2026-12-31' });
    expect(tally).toEqual({ pass: 0, fail: 1, undecided: 0, exempt: 1 });
    expect(warnings).toEqual([]);
  });

  test('on the L1 covers what its L2 is called', () => {
    expect(run([exemption({ scope: { stack: 'Data', path: 'Data/Logs/Resource' } })]).tally.exempt).toBe(1);
  });

  test('on a whole stack covers all of it, and nothing of another stack', () => {
    expect(run([exemption({ scope: { stack: 'Data', path: 'Data' } })]).tally.exempt).toBe(2);
    expect(run([exemption({ scope: { stack: 'Other', path: 'Data' } })]).tally.exempt).toBe(0);
  });

  test('covers an undecided finding too', () => {
    const open = { Logs: bucket('Data/Logs', { BucketEncryption: { Ref: 'Given' } }) };
    const found = audit(inventory({ resources: open, acceptances: [exemption({ scope: { path: 'Data/Logs' } })] }), {
      controls: [encrypted],
      asOf,
    });
    expect(found.tally).toMatchObject({ undecided: 0, exempt: 1 });
  });

  test.each([
    ['on its last day', '2026-12-31', 'exempt', ['AcceptanceEnding']],
    ['the day after', '2027-01-01', 'fail', ['AcceptanceEnded']],
    ['thirty days before', '2026-12-01', 'exempt', ['AcceptanceEnding']],
    ['thirty-one days before', '2026-11-30', 'exempt', []],
  ])('%s', (_, day, verdict, codes) => {
    const found = run([exemption({ scope: { path: 'Data/Logs' } })], { asOf: day });
    expect(found.judgements.find(({ resource }) => resource?.source.path === 'Data/Logs')?.verdict).toBe(verdict);
    expect(found.warnings.map(({ code }) => code)).toEqual(codes);
  });

  test('that ended returns the finding at its own severity', () => {
    const found = run([exemption({ scope: { path: 'Data' } })], { asOf: '2027-01-02' });
    expect(blocking(found, {}).map(({ control }) => control.severity)).toEqual([Severity.HIGH, Severity.HIGH]);
    expect(found.warnings[0].message).toBe(
      'exemption of A-S3-01 by storage on Data ended on 2026-12-31, 2 days ago; mend the finding, or decide anew',
    );
  });

  test('that covers nothing is told', () => {
    expect(run([exemption({ scope: { path: 'Data/Gone' } })]).warnings.map(({ message }) => message)).toEqual([
      'exemption of A-S3-01 by storage on Data/Gone covers no finding; remove it',
    ]);
  });

  test('on a control that there is not is told, on one that does not run here is not', () => {
    const acceptances = [
      exemption({ control: 'A-S3-99', scope: { path: 'Data' } }),
      exemption({ control: 'A-S3-02', scope: { path: 'Data' } }),
    ];
    const { warnings } = run(acceptances, { known: (id) => id === 'A-S3-02' });
    expect(warnings.map(({ message }) => message)).toEqual([
      "exemption of A-S3-99 by storage on Data: there is no control 'A-S3-99'; correct the id or remove it",
    ]);
  });

  test('is refused on a fatal control', () => {
    const open = { Logs: bucket('Data/Logs', { AccessControl: 'PublicRead' }) };
    const found = audit(inventory({ resources: open, acceptances: [exemption({ control: 'A-S3-03', scope: { path: 'Data' } })] }), {
      controls: [notPublic],
      asOf,
    });
    expect(found.tally).toMatchObject({ fail: 1, exempt: 0 });
    expect(found.warnings.map(({ code }) => code)).toEqual(['AcceptanceRefused']);
  });

  test.each([
    ['no date', { until: 'never' }],
    ['a day there is not', { until: '2026-02-30' }],
    ['over a year ahead', { until: '2027-11-03' }],
    ['no owner', { owner: ' ' }],
    ['no reason', { reason: '' }],
  ])('with %s applies to nothing', (_, wrong) => {
    const found = run([exemption({ scope: { path: 'Data' }, ...wrong })]);
    expect(found.tally.exempt).toBe(0);
    expect(found.warnings.map(({ code }) => code)).toEqual(['AcceptanceInvalid']);
  });

  test('goes by an alias as well', () => {
    const renamed = { ...encrypted, aliases: ['A-S3-90'] };
    expect(run([exemption({ control: 'A-S3-90', scope: { path: 'Data/Logs' } })], { controls: [renamed] })).toMatchObject({
      tally: { exempt: 1 },
      warnings: [],
    });
  });

  test('the one that lasts longest counts', () => {
    const found = run([
      exemption({ scope: { path: 'Data/Logs' }, until: '2026-11-20' }),
      exemption({ scope: { path: 'Data' }, until: '2027-03-01' }),
    ]);
    expect(found.judgements.map(({ acceptance }) => acceptance?.until)).toEqual(['2027-03-01', '2027-03-01']);
  });

  test('on a Kubernetes object covers the object that carries it', () => {
    const record = { kind: 'decision', control: 'K-CTR-03', owner: 'shop', reason: 'old image', until: '2027-02-01' };
    const manifests = [
      deployment('a', { bad: '1' }, carrying(record)),
      deployment('b', { bad: '1' }),
      deployment('c', {}, carrying(record)),
    ];
    const found = audit(inventory({ manifests }), { controls: [labelled], asOf });
    expect(found.judgements.map(({ verdict, acceptance }) => [verdict, acceptance?.kind])).toEqual([
      ['exempt', 'decision'],
      ['fail', undefined],
    ]);
    // c carries the same record and does not need it: one construct's exemption is used when one of its objects used it.
    expect(found.warnings).toEqual([]);
  });

  test('BULWARK_AS_OF pins the clock, and the option comes first', () => {
    process.env.BULWARK_AS_OF = '2027-01-01';
    try {
      expect(audit(inventory({ resources }), { controls }).asOf).toBe('2027-01-01');
      expect(audit(inventory({ resources }), { controls, asOf }).asOf).toBe(asOf);
    } finally {
      delete process.env.BULWARK_AS_OF;
    }
    expect(() => audit(inventory({ resources }), { controls, asOf: '1 May' })).toThrow(
      "asOf is '1 May', which is no calendar day; write it as YYYY-MM-DD (DateInvalid)",
    );
  });
});

describe('the gate', () => {
  const unclear = (severity: Severity) =>
    fake({ id: 'K-CTR-09', severity, subjects: objects('Deployment'), judge: () => undecided('who knows') });
  const judged = (...all: Parameters<typeof audit>[1]['controls'][number][]) =>
    audit(inventory({ manifests: [deployment('a', { bad: '1' })], resources: { B: bucket('Data/B', { AccessControl: 'PublicRead' }) } }), {
      controls: all,
      asOf,
    });

  test('stands at medium where nobody said', () => {
    expect(blocking(judged({ ...labelled, severity: Severity.MEDIUM }), {})).toHaveLength(1);
    expect(blocking(judged({ ...labelled, severity: Severity.LOW }), {})).toHaveLength(0);
    expect(blocking(judged({ ...labelled, severity: Severity.LOW }), { failOn: Severity.LOW })).toHaveLength(1);
    expect(blocking(judged(labelled), { failOn: Severity.CRITICAL })).toHaveLength(0);
  });

  test('lets only stable controls break a build', () => {
    expect(blocking(judged({ ...labelled, maturity: 'incubating' }), {})).toHaveLength(0);
  });

  test('counts undecided of critical controls, and of others when asked', () => {
    expect(blocking(judged(unclear(Severity.HIGH)), {})).toHaveLength(0);
    expect(blocking(judged(unclear(Severity.HIGH)), { failOnUndecided: true })).toHaveLength(1);
    expect(blocking(judged(unclear(Severity.LOW)), { failOnUndecided: true })).toHaveLength(0);
    expect(blocking(judged(unclear(Severity.CRITICAL)), {})).toHaveLength(1);
  });

  test('counts fatal controls at any severity', () => {
    expect(blocking(judged(notPublic), { failOn: Severity.CRITICAL })).toHaveLength(1);
  });

  test('opens for break-glass with an owner and a reason', () => {
    expect(blocking(judged(labelled, notPublic), { breakGlass: breakGlassOf('platform-admins: outage: all down') })).toHaveLength(0);
    expect(breakGlassOf('platform-admins: outage: all down')).toEqual({ owner: 'platform-admins', reason: 'outage: all down' });
    for (const anonymous of ['outage', ':outage', 'platform-admins:', ''])
      expect(() => breakGlassOf(anonymous)).toThrow('(BreakGlassIncomplete)');
  });

  test('names the severities there are', () => {
    expect(severityOf('HIGH')).toBe(Severity.HIGH);
    expect(() => severityOf('severe')).toThrow(
      "there is no severity 'severe'; choose one of low, medium, high, critical (SeverityUnknown)",
    );
  });
});
