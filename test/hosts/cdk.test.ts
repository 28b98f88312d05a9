import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Chart, App as ChartsApp } from 'cdk8s';
import { Construct } from 'constructs';
import { audit } from '../../lib/audit';
import { Decision, Exemption } from '../../lib/controls/acceptance';
import { Severity } from '../../lib/controls/severity';
import { type GuardProps, guard } from '../../lib/hosts';
import { buildInventory, readAssembly } from '../../lib/inventory';
import { disk } from '../../lib/posture/paths';
import { encrypted, labelled, notPublic, versioned } from '../audit/fakes';

const controls = [encrypted, versioned, notPublic, labelled];
const soon = { owner: 'storage', reason: 'public data only', until: '2026-12-31' };
let said: jest.SpyInstance;
let asOf: string | undefined;

beforeEach(() => {
  said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  asOf = process.env.BULWARK_AS_OF;
  process.env.BULWARK_AS_OF = '2026-11-01';
});
afterEach(() => {
  said.mockRestore();
  delete process.env.BULWARK_BREAK_GLASS;
  if (asOf === undefined) delete process.env.BULWARK_AS_OF;
  else process.env.BULWARK_AS_OF = asOf;
});

function app(build: (data: Stack, root: App) => void, props: Partial<GuardProps> = {}): App {
  const root = new App({ outdir: mkdtempSync(join(tmpdir(), 'bulwark-cdk-')) });
  build(new Stack(root, 'Data'), root);
  guard({ cdk: root, controls, ...props });
  return root;
}

/** A bucket that A-S3-01 finds nothing wrong with. */
const sound = (scope: Construct, id: string) =>
  new CfnBucket(scope, id, { bucketEncryption: { serverSideEncryptionConfiguration: [] }, versioningConfiguration: { status: 'Enabled' } });
const open = (scope: Construct, id: string) => new CfnBucket(scope, id, { versioningConfiguration: { status: 'Enabled' } });
const messageOf = (root: App, options = {}): string => {
  try {
    root.synth(options);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
const reportOf = (root: App) => JSON.parse(readFileSync(join(root.outdir, 'validation-report.json'), 'utf8')).pluginReports;

test('what is clean is silent', () => {
  const root = app((data) => void sound(data, 'Logs'));
  expect(messageOf(root)).toBe('');
  expect(said).not.toHaveBeenCalled();
});

test('a finding breaks the synthesis, with construct path, message and remedy', () => {
  const message = messageOf(app((data) => void open(data, 'Logs')));
  expect(message).toContain('ERROR A-S3-01 buckets are encrypted: the bucket has no encryption (high) (bulwark)');
  expect(message).toContain('Data/Logs (Logs)');
  expect(message).toContain('Suggested fix: mend it');
  expect(message).toContain("Acknowledge with 'bulwark::A-S3-01'");
});

test('below the threshold it is a warning that breaks nothing', () => {
  const root = app((data) => void new CfnBucket(data, 'Logs', { bucketEncryption: { serverSideEncryptionConfiguration: [] } }));
  expect(messageOf(root)).toBe('');
  expect(said.mock.calls.flat().join('\n')).toContain('WARNING A-S3-02 buckets are versioned: the bucket keeps no versions (low)');
  const strict = app((data) => void new CfnBucket(data, 'Logs', { bucketEncryption: { serverSideEncryptionConfiguration: [] } }), {
    failOn: Severity.LOW,
  });
  expect(messageOf(strict)).toContain('ERROR A-S3-02');
});

test('an undecided finding is told and breaks nothing, unless asked', () => {
  const build = (data: Stack) => {
    const logs = sound(data, 'Logs');
    logs.addPropertyOverride('BucketEncryption', { 'Fn::ImportValue': 'elsewhere' });
  };
  expect(messageOf(app(build))).toBe('');
  expect(said.mock.calls.flat().join('\n')).toContain(
    'INFO A-S3-01 buckets are encrypted: the encryption is known at deployment (undecided, high)',
  );
  expect(messageOf(app(build, { failOnUndecided: true }))).toContain('ERROR A-S3-01');
});

describe('the severity trap: once anything is acknowledged CDK decides by severities alone', () => {
  test('two violations, one acknowledged through CDK: the synthesis still fails', () => {
    const root = app((data) => {
      Validations.of(open(data, 'Logs')).acknowledge({ id: 'bulwark::A-S3-01', reason: 'known' });
      open(data, 'Other');
    });
    const message = messageOf(root);
    expect(message).toContain('Data/Other');
    expect(message).not.toContain('Data/Logs');
    expect(reportOf(root)[0]).toMatchObject({
      conclusion: 'failure',
      suppressedViolations: [{ acknowledgedId: 'bulwark::A-S3-01', reason: 'known' }],
    });
  });

  test('two violations, one exempted: the synthesis still fails', () => {
    const root = app((data) => {
      Exemption.on(open(data, 'Logs'), 'A-S3-01', soon);
      open(data, 'Other');
    });
    const message = messageOf(root);
    expect(message).toContain('Data/Other');
    expect(message).not.toContain('Data/Logs');
  });

  test('where CDK acknowledges for the whole App, an exemption hides nothing but its own finding', () => {
    const both = (version: string) => {
      let message = '';
      let suppressed: unknown[] = [];
      jest.isolateModules(() => {
        jest.doMock('aws-cdk-lib/package.json', () => ({ version }));
        const isolated = require('../../lib/hosts') as typeof import('../../lib/hosts');
        const { App: Root, Stack: Part } = require('aws-cdk-lib') as typeof import('aws-cdk-lib');
        const { CfnBucket: Own } = require('aws-cdk-lib/aws-s3') as typeof import('aws-cdk-lib/aws-s3');
        const root = new Root({ outdir: mkdtempSync(join(tmpdir(), 'bulwark-cdk-')) });
        const data = new Part(root, 'Data');
        const versioningConfiguration = { status: 'Enabled' };
        Exemption.on(new Own(data, 'Logs', { versioningConfiguration }), 'A-S3-01', soon);
        new Own(data, 'Other', { versioningConfiguration });
        isolated.guard({ cdk: root, controls });
        message = messageOf(root);
        suppressed = reportOf(root)[0].suppressedViolations ?? [];
        jest.dontMock('aws-cdk-lib/package.json');
      });
      expect(message).toContain('Data/Other');
      expect(message).not.toContain('Data/Logs');
      return suppressed.length;
    };
    expect(both('2.270.0')).toBe(0);
    expect(both('2.271.0')).toBe(1);
  });

  test('a violation of a fatal control cannot be acknowledged away', () => {
    const root = app((data) => {
      const logs = sound(data, 'Logs');
      logs.accessControl = 'PublicRead';
      Validations.of(logs).acknowledge({ id: 'bulwark::A-S3-03', reason: 'known' });
    });
    expect(messageOf(root)).toContain('FATAL A-S3-03 buckets are not public: everybody reads the bucket (low)');
  });

  test('below the threshold stays below beside an acknowledged one', () => {
    const root = app((data) => {
      Exemption.on(open(data, 'Logs'), 'A-S3-01', soon);
      new CfnBucket(data, 'Unversioned', { bucketEncryption: { serverSideEncryptionConfiguration: [] } });
    });
    expect(messageOf(root)).toBe('');
  });
});

describe('an exemption', () => {
  test('silences the finding and is listed in the report of CDK with owner and end', () => {
    const root = app((data) => void Exemption.on(new Bucket(data, 'Logs', { versioned: true }), 'A-S3-01', soon));
    expect(messageOf(root)).toBe('');
    expect(said).not.toHaveBeenCalled();
    expect(reportOf(root)).toMatchObject([
      {
        pluginName: 'bulwark',
        conclusion: 'success',
        violations: [],
        suppressedViolations: [
          {
            ruleName: 'A-S3-01',
            acknowledgedId: 'bulwark::A-S3-01',
            acknowledgedAt: 'Data/Logs',
            reason: 'exemption by storage until 2026-12-31: public data only',
            ruleMetadata: { severity: 'high', verdict: 'exempt', owner: 'storage', until: '2026-12-31' },
          },
        ],
      },
    ]);
  });

  test.each([
    ['a stack', (_: Construct, data: Stack) => data],
    ['the L1', (logs: Construct) => logs.node.defaultChild as Construct],
  ])('on %s covers it', (_, where) => {
    const root = app((data) => void Exemption.on(where(new Bucket(data, 'Logs', { versioned: true }), data), 'A-S3-01', soon));
    expect(messageOf(root)).toBe('');
  });

  test.each(['the App', 'a stage', 'a construct that holds stacks'])(
    'on %s covers the stacks below, and the written assembly says so',
    (where) => {
      const root = app((data, top) => {
        sound(data, 'Logs');
        const stage = new Stage(top, 'Prod');
        const group = new Construct(stage, 'Group');
        open(new Stack(group, 'Shop'), 'Logs');
        sound(new Stack(group, 'Other', { stackName: 'else' }), 'Logs');
        Exemption.on(where === 'the App' ? top : where === 'a stage' ? stage : group, 'A-S3-01', soon);
      });
      expect(messageOf(root)).toBe('');
      expect(messageOf(root, { force: true })).toBe('');
      // One of the stacks has no use for it, and that is no reason to remove it.
      expect(said).not.toHaveBeenCalled();
      const written = buildInventory([readAssembly(root.outdir, disk)]);
      expect(written.acceptances.filter(({ scope }) => scope.path === 'Prod/Group/Shop')).toHaveLength(1);
      expect(audit(written, { controls: [encrypted] }).tally).toMatchObject({ fail: 0, exempt: 1 });
    },
  );

  test('that ended no longer does, and says so', () => {
    const root = app((data) => void Exemption.on(open(data, 'Logs'), 'A-S3-01', soon), { asOf: '2027-01-01' });
    const message = messageOf(root);
    expect(message).toContain('ERROR A-S3-01');
    expect(message).toContain('WARNING exemption of A-S3-01 by storage on Data/Logs ended on 2026-12-31, 1 day ago');
  });

  test('that ends within thirty days warns and does not break', () => {
    const root = app((data) => void Decision.on(open(data, 'Logs'), 'A-S3-01', { owner: 'storage', reason: 'r', review: '2026-11-20' }));
    expect(messageOf(root)).toBe('');
    expect(said.mock.calls.flat().join('\n')).toContain(
      'WARNING decision of A-S3-01 by storage on Data/Logs ends on 2026-11-20, in 19 days',
    );
  });

  test('changes no byte of the assembly, also of a second synthesis', () => {
    const root = app((data) => void Exemption.on(open(data, 'Logs'), 'A-S3-01', soon));
    for (const day of ['2026-11-01', '2026-11-01', '2027-06-01']) {
      process.env.BULWARK_AS_OF = day;
      messageOf(root, { force: true });
      const bytes = readdirSync(root.outdir).filter((name) => /manifest|template|metadata/.test(name));
      for (const name of bytes) expect(readFileSync(join(root.outdir, name), 'utf8')).not.toContain('acknowledged-rules');
      expect(reportOf(root)[0].suppressedViolations?.length).toBe(day < '2027' ? 1 : undefined);
    }
  });
});

test('stages and nested stacks are judged, with their paths', () => {
  const root = app((data, top) => {
    const nested = new NestedStack(data, 'Nested');
    open(nested, 'Deep');
    const stage = new Stage(top, 'Prod');
    open(new Stack(stage, 'Shop'), 'Logs');
  });
  const message = messageOf(root);
  expect(message).toContain('Data/Nested/Deep');
  expect(message).toContain('Prod/Shop/Logs');
});

test('break-glass passes and is written into the report', () => {
  const root = app((data) => void open(data, 'Logs'));
  process.env.BULWARK_BREAK_GLASS = 'platform-admins:outage';
  expect(messageOf(root)).toBe('');
  const text = said.mock.calls.flat().join('\n');
  expect(text).toContain('WARNING break-glass by platform-admins: outage; this synthesis passes whatever it found');
  expect(text).toContain('WARNING A-S3-01');
  delete process.env.BULWARK_BREAK_GLASS;
  expect(messageOf(root, { force: true })).toContain('ERROR A-S3-01');
});

test('tokens are left alone', () => {
  const root = app((data) => {
    const logs = sound(data, 'Logs');
    new CfnOutput(data, 'Name', { value: logs.ref });
  });
  expect(root.synth().getStackByName('Data').template.Outputs.Name.Value).toEqual({ Ref: 'Logs' });
});

test('a chart in a stack is an error that says what to do', () => {
  const root = app((data) => void new Chart(data, 'Chart'));
  expect(messageOf(root)).toContain(
    "the cdk8s chart 'Data/Chart' stands in the CDK tree, where it is never written; give it a cdk8s App as its scope (ChartInStack)",
  );
});

describe('guard refuses', () => {
  test.each([
    ['nothing', {}, "neither 'cdk' nor 'cdk8s' was given; pass the Apps that are synthesized (NothingToGuard)"],
    [
      'the wrong App as cdk',
      { cdk: new ChartsApp() as unknown as App },
      "'cdk' is not an App of aws-cdk-lib; pass the App that is synthesized, and a cdk8s App as 'cdk8s' (NotACdkApp)",
    ],
    [
      'the wrong App as cdk8s',
      { cdk8s: new App() as unknown as ChartsApp },
      "'cdk8s' is not an App of cdk8s; pass the App that is synthesized, and an App of aws-cdk-lib as 'cdk' (NotACdk8sApp)",
    ],
    [
      'an unknown version',
      { cdk: new App(), kubernetes: '1.2' },
      "the Kubernetes version is '1.2'; give one from 1.25 to 1.37, for example 1.35 (KubernetesVersionUnknown)",
    ],
  ])('%s', (_, props, message) => {
    expect(() => guard(props)).toThrow(message);
  });

  test('an App twice', () => {
    const root = app(() => undefined);
    expect(() => guard({ cdk: root })).toThrow('the App is guarded already; call guard once, with both Apps (GuardedTwice)');
  });
});
