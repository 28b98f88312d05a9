import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect as typed } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Chart, Testing } from 'cdk8s';
import { Exemption } from '../../lib/controls/acceptance';
import { allFrameworks, type Framework } from '../../lib/frameworks';
import { guard } from '../../lib/hosts';
import { Posture } from '../../lib/jest';
import { matchers } from '../../lib/jest/matchers';
import type { MatcherContext } from '../../lib/jest/snapshot';
import { AS_OF, bucket, charts, object, postureOf, stack } from './platform';

const plain = (text: string): string => stripVTControlCharacters(text);
const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return plain((error as Error).message);
  }
  return '';
};
/** What jest gives to a matcher of the test file at a path. */
const contextOf = (testPath: string | undefined): MatcherContext => ({
  testPath,
  currentTestName: 'a test',
  snapshotState: { _updateSnapshot: 'none' },
  utils: {
    matcherHint: (name) => name,
    diff: () => null,
    EXPECTED_COLOR: (text) => text,
    RECEIVED_COLOR: (text) => text,
    DIM_COLOR: (text) => text,
  },
});
const open = () => stack((scope) => void new CfnBucket(scope, 'Logs'));

describe('toHold', () => {
  test('passes where the control holds, and where there is nothing to judge', () => {
    expect(stack((scope) => void bucket(scope, 'Logs'))).toHold('A-S3-01');
    expect(postureOf({ cdk: open() })).toHold(['a-kms-01', 'K-CTR-02']);
  });

  test('fails on what fails, and names construct, line and remedy', () => {
    const message = messageOf(() => expect(postureOf({ cdk: open() })).toHold('A-S3-01'));
    expect(message).toMatch(/^expect\(posture\)\.toHold\('A-S3-01'\)\n\n1 finding\n\nfails {5}A-S3-01 /);
    expect(message).toMatch(/ {2}Data\/Logs at test\/jest\/matchers\.test\.ts:\d+:\d+: property /);
  });

  test('fails on what is undecided', () => {
    const rotation = { 'Fn::ImportValue': 'rotation' } as unknown as boolean;
    const app = stack((scope) => void new CfnKey(scope, 'Key', { keyPolicy: {}, enableKeyRotation: rotation }));
    expect(messageOf(() => expect(postureOf({ cdk: app })).toHold('A-KMS-01'))).toContain('undecided A-KMS-01');
    expect(postureOf({ cdk: app })).not.toHold('A-KMS-01');
  });

  test('passes on what is exempt until the day it ends', () => {
    const app = stack((scope) =>
      Exemption.on(new CfnBucket(scope, 'Logs'), 'A-S3-01', { owner: 'web', reason: 'public', until: '2026-12-01' }),
    );
    expect(postureOf({ cdk: app, asOf: '2026-12-01' })).toHold('A-S3-01');
    expect(postureOf({ cdk: app, asOf: '2026-12-02' })).not.toHold('A-S3-01');
  });

  test('sees an exemption of a whole App', () => {
    const app = open();
    Exemption.on(app, 'A-S3-01', { owner: 'web', reason: 'public', until: '2026-12-01' });
    expect(postureOf({ cdk: app })).toHold('A-S3-01');
  });

  test.each([
    ['A-S3-1', /there is no control 'A-S3-1'; did you mean .*A-S3-01.* \(UnknownControl\)/],
    ['A-SEC-01', /control 'A-SEC-01' is reserved and not checked by this version.*\(UnknownControl\)/],
  ])('refuses %s with one message', (id, message) => {
    expect(() => expect(postureOf({ cdk: open() })).toHold(id)).toThrow(message);
    expect(() => expect(postureOf({ cdk: open() })).not.toHold(id)).toThrow(message);
  });

  test('refuses an empty list, and what is no posture', () => {
    expect(() => expect(postureOf({ cdk: open() })).toHold([])).toThrow(/NothingToHold/);
    expect(() => expect(new Stack(new App(), 'Data')).toHold('A-S3-01')).toThrow(
      /toHold was given an object of type Stack\d*; pass Posture\.of\(\{ cdk, cdk8s \}\), or an App \(NotAPosture\)/,
    );
    expect(() => expect(undefined).toHold('A-S3-01')).toThrow(/was given undefined/);
  });
});

describe('toHold of a framework', () => {
  const image = 'registry.example.com/app:1.0.0';
  const workload = (securityContext: object, spec: object = {}) =>
    charts(object('v1', 'Pod', 'app', { spec: { containers: [{ name: 'app', image, securityContext }], ...spec } }, 'shop'));
  const restricted = workload(
    { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } },
  );

  test('passes where every requirement holds', () => {
    expect(postureOf({ cdk8s: restricted })).toHold('pss-restricted');
    expect(restricted).toHold(['pss-baseline', 'PSS-Restricted', 'K-CTR-02']);
  });

  test('fails on what fails, and names it', () => {
    const message = messageOf(() => expect(postureOf({ cdk8s: workload({}) })).toHold('pss-restricted'));
    expect(message).toMatch(/^expect\(posture\)\.toHold\('pss-restricted'\)\n\n4 findings\n/);
    expect(message).toContain('fails     K-CTR-03');
    expect(postureOf({ cdk8s: workload({}) })).toHold('pss-baseline');
  });

  test('counts for a requirement only what the framework does', () => {
    const unmasked = workload({ procMount: 'Unmasked' }, { hostUsers: false });
    expect(postureOf({ cdk8s: unmasked, kubernetes: '1.35' })).toHold('pss-baseline');
    expect(postureOf({ cdk8s: unmasked, kubernetes: '1.34' })).not.toHold('pss-baseline');
    expect(postureOf({ cdk8s: unmasked, kubernetes: '1.35' })).not.toHold('K-CTR-20');
  });

  test('does not hold over nothing', () => {
    const message = messageOf(() => expect(postureOf({ cdk: stack((scope) => void bucket(scope, 'Logs')) })).toHold('pss-baseline'));
    expect(message).toContain('undecided pss-baseline: there is nothing that it judges');
  });

  test('does not hold with a gap, or with what others must show until the test says that they do', () => {
    const made: Framework = {
      id: 'made-for-this',
      title: 'Made',
      edition: '1',
      url: 'https://example.com',
      requirements: [
        { id: '1.1', title: 'containers are not privileged', controls: ['K-CTR-02'] },
        { id: '1.2', title: 'the kubelet asks who calls', shownBy: 'kube-bench' },
        { id: '1.3', title: 'etcd is encrypted', provider: 'the provider runs etcd' },
      ],
    };
    const open: Framework = {
      ...made,
      id: 'made-with-gap',
      requirements: [made.requirements[0], { id: '2.1', title: 'else', uncovered: true }],
    };
    const list = allFrameworks as Framework[];
    list.push(made, open);
    try {
      const posture = postureOf({ cdk8s: restricted });
      expect(messageOf(() => expect(posture).toHold('made-for-this'))).toContain(
        'undecided made-for-this 1.2 the kubelet asks who calls: not visible at synth; shown by kube-bench',
      );
      expect(posture).toHold('made-for-this', { shownElsewhere: ['1.2'] });
      expect(() => expect(posture).toHold('made-for-this', { shownElsewhere: ['1.2', '1.1'] })).toThrow(
        /made-for-this has no requirement '1\.1' that others must show; remove it from shownElsewhere \(RequirementUnknown\)/,
      );
      expect(messageOf(() => expect(posture).toHold('made-with-gap'))).toContain('incomplete made-with-gap 2.1 else: no control covers it');
    } finally {
      list.splice(-2);
    }
  });

  test('names near ones for what is none', () => {
    expect(() => expect(postureOf({ cdk8s: restricted })).toHold('pss-restrictd')).toThrow(
      /there is no framework 'pss-restrictd'; choose pss-restricted \(UnknownFramework\)/,
    );
  });

  test('judges a control of the sandbox when it is named, and only then', () => {
    expect(postureOf({ cdk8s: restricted, kubernetes: '1.35' })).not.toHold('K-POD-04');
    expect(postureOf({ cdk8s: workload({}, { hostUsers: false }), kubernetes: '1.35' })).toHold('K-POD-04');
    expect(postureOf({ cdk8s: restricted, kubernetes: '1.35' }).findings.map(({ control }) => control)).not.toContain('K-POD-04');
    const shared = postureOf({ cdk8s: workload({}, { hostUsers: true, hostNetwork: false }), kubernetes: '1.35' });
    const block = shared.resource('shop/Pod/app').toString();
    expect(block).toContain('hostNetwork: false   # K-POD-01');
    expect(block).toMatch(/hostUsers: true$/m);
  });
});

describe('toHaveNoFindings', () => {
  test('asks for every finding, or those of a severity and above', () => {
    const posture = postureOf({ cdk: open() });
    expect(messageOf(() => expect(posture).toHaveNoFindings())).toContain('fails     A-S3-01');
    expect(posture).not.toHaveNoFindings({ atLeast: 'critical' });
    const mild = postureOf({ cdk: stack((scope) => void new CfnKey(scope, 'Key', { keyPolicy: {} })) });
    expect(mild).not.toHaveNoFindings({ atLeast: 'medium' });
    expect(mild).toHaveNoFindings({ atLeast: 'critical' });
    expect(() => expect(posture).toHaveNoFindings({ atLeast: 'huge' as 'high' })).toThrow(
      /there is no severity 'huge'; choose one of .*critical/,
    );
  });
});

describe('Posture.of', () => {
  test('synthesizes once, and gives the same posture for the same Apps and day', () => {
    const cdk = open();
    const synth = jest.spyOn(cdk, 'synth');
    const posture = Posture.of({ cdk, asOf: AS_OF });
    expect(Posture.of({ cdk, asOf: AS_OF })).toBe(posture);
    expect(Posture.of({ cdk, asOf: '2026-11-02' })).not.toBe(posture);
    expect(Posture.of({ cdk, asOf: AS_OF, cdk8s: charts() })).not.toBe(posture);
    expect(synth).toHaveBeenCalledTimes(1);
  });

  test('takes one App alone', () => {
    expect(Posture.of(open()).summary.resources).toBe(1);
    expect(Posture.of(charts(object('v1', 'Namespace', 'shop'))).summary.resources).toBe(1);
  });

  test('refuses no App, and the wrong one', () => {
    expect(() => Posture.of({})).toThrow(/NothingToExamine/);
    expect(() => Posture.of({ cdk: charts() as never })).toThrow(/NothingToExamine/);
  });

  test('does not mind a guard, and prints no report of the charts', () => {
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const written = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const cdk = new App({ outdir: mkdtempSync(join(tmpdir(), 'jest-')) });
    new CfnBucket(new Stack(cdk, 'Data'), 'Logs');
    const cdk8s = charts(object('v1', 'Pod', 'web', { spec: { hostNetwork: true, containers: [{ name: 'web', image: 'web' }] } }, 'shop'));
    guard({ cdk, cdk8s });
    const posture = postureOf({ cdk, cdk8s });
    expect(posture).not.toHold('A-S3-01');
    expect(posture).not.toHold('K-POD-01');
    expect(written).not.toHaveBeenCalled();
    said.mockRestore();
    written.mockRestore();
  });

  test('lets out what the program itself does wrong', () => {
    const cdk = open();
    cdk.node.addValidation({ validate: () => ['no tag'] });
    expect(() => postureOf({ cdk })).toThrow(/no tag/);
    const cdk8s = charts();
    new Chart(cdk8s, 'broken').node.addValidation({ validate: () => ['no owner'] });
    expect(() => postureOf({ cdk8s })).toThrow('the charts do not validate: [broken] no owner (ChartsInvalid)');
  });

  test('names a resource by construct path or by namespace, kind and name', () => {
    const posture = postureOf({ cdk: open(), cdk8s: charts(object('v1', 'ConfigMap', 'web', {}, 'shop')) });
    expect(String(posture.resource('Data/Logs'))).toBe('Data/Logs: AWS::S3::Bucket');
    expect(String(posture.resource('shop/ConfigMap/web'))).toBe(String(posture.resource('shop/object0')));
    expect(() => posture.resource('Data/Log')).toThrow(
      "nothing that was synthesized has the name 'Data/Log'; did you mean Data/Logs (ResourceUnknown)",
    );
    expect(() => posture.resource('Data')).toThrow(/did you mean Data\/Logs/);
    const twice = charts(object('v1', 'ConfigMap', 'web', {}, 'shop'), object('v1', 'ConfigMap', 'web', {}, 'shop'));
    expect(() => postureOf({ cdk8s: twice }).resource('shop/ConfigMap/web')).toThrow(
      "'shop/ConfigMap/web' is the name of 2 resources; choose one of shop/object0, shop/object1 (ResourceAmbiguous)",
    );
  });
});

test('matchers are typed for the globals and for @jest/globals', () => {
  const posture = postureOf({ cdk: stack((scope) => void bucket(scope, 'Logs')) });
  typed(posture).toHold('A-S3-01');
  typed(posture).toHaveNoFindings({ atLeast: 'high' });
  // @ts-expect-error: a severity is one of four
  const wrong = () => typed(posture).toHaveNoFindings({ atLeast: 'huge' });
  // @ts-expect-error: ids are text
  const number = () => expect(posture).toHold(7);
  expect([wrong, number].length).toBe(2);
});

test('committed files have no opposite', () => {
  const posture = postureOf({ cdk: open() });
  expect(() => expect(posture).not.toMatchPosture()).toThrow(/MatcherNegated/);
  expect(() => expect(posture.resource('Data/Logs')).not.toMatchBlueprint()).toThrow(/MatcherNegated/);
  expect(() => expect(posture).toMatchBlueprint()).toThrow(
    /toMatchBlueprint was given an object of type Posture; pass posture\.resource.* \(NotAResource\)/,
  );
  expect(() => expect(posture).toMatchPosture({ name: '../x' })).toThrow(/NameInvalid/);
});

test('each misuse of the matchers has an error of its own', () => {
  const posture = postureOf({ cdk: open(), cdk8s: charts(object('v1', 'ConfigMap', 'web', {}, 'shop')) });
  expect(() => expect({}).toMatchBlueprint()).toThrow(/toMatchBlueprint was given an object of type Object; .* \(NotAResource\)/);
  const same = charts(object('v1', 'ConfigMap', 'web', {}, 'shop'), object('v1', 'ConfigMap', 'web', { data: { a: 'b' } }, 'shop'));
  expect(() => postureOf({ cdk8s: same }).resource('shop/ConfigMap/web')).toThrow(
    "'shop/ConfigMap/web' is the name of 2 resources; choose one of shop/object0, shop/object1 (ResourceAmbiguous)",
  );
  expect(() => expect(posture).toKeepIdentity({ moves: { 'ConfigMap shop/web': null } })).toThrow(
    "'ConfigMap shop/web' in moves is still there; take it out (MoveUnknown)",
  );
});

describe('files that a matcher cannot use', () => {
  const posture = postureOf({ cdk8s: charts(object('v1', 'ConfigMap', 'web', {}, 'shop')) });
  const folder = mkdtempSync(join(tmpdir(), 'jest-'));
  const keep = (text: string) => {
    mkdirSync(join(folder, '__posture__'), { recursive: true });
    writeFileSync(join(folder, '__posture__', 'app.identity'), text);
    return () => matchers.toKeepIdentity.call(contextOf(join(folder, 'app.test.ts')), posture);
  };

  test('an identity file with another first line, a newer one, and one with the traces of a merge', () => {
    expect(keep('ConfigMap shop/web\n')).toThrow(
      /app\.identity:1: the first line .* is 'ConfigMap shop\/web', .* \(IdentityFileInvalid\)$/,
    );
    expect(keep('schema: 7\n')).toThrow(/app\.identity:1: the identity file has schema: 7, .* \(IdentityFileNewer\)$/);
    expect(keep('schema: 1\nConfigMap shop/web\n=======\n')).toThrow(/app\.identity:3: the line '=======' .* \(IdentityFileInvalid\)$/);
  });

  test('outside of a test file', () => {
    expect(() => matchers.toKeepIdentity.call(contextOf(undefined), posture)).toThrow(
      'toKeepIdentity was called outside of a test file; call it in a test that jest runs (TestPathUnknown)',
    );
  });
});

test('snapshots of templates, manifests, Apps and postures are readable', () => {
  const app = stack((scope) => {
    const logs = bucket(scope, 'Logs');
    new CfnBucket(scope, 'Copy', {
      bucketName: 'copy',
      tags: [
        { key: 'b', value: '2' },
        { key: 'a', value: '1' },
      ],
      loggingConfiguration: { destinationBucketName: logs.ref },
    });
  });
  expect(Template.fromStack(app.node.findChild('Data') as Stack).toJSON()).toMatchInlineSnapshot(`
Copy: AWS::S3::Bucket
  BucketName: copy
  LoggingConfiguration:
    DestinationBucketName: -> Logs.id
  Tags:
    - Key: a
      Value: "1"
    - Key: b
      Value: "2"

Logs: AWS::S3::Bucket
  PublicAccessBlockConfiguration:
    BlockPublicAcls: true
    BlockPublicPolicy: true
    IgnorePublicAcls: true
    RestrictPublicBuckets: true
`);
  expect(app).toMatchInlineSnapshot(`
Data/Copy: AWS::S3::Bucket
  BucketName: copy
  LoggingConfiguration:
    DestinationBucketName: -> Data/Logs.id
  Tags:
    - Key: a
      Value: "1"
    - Key: b
      Value: "2"

Data/Logs: AWS::S3::Bucket
  PublicAccessBlockConfiguration:
    BlockPublicAcls: true
    BlockPublicPolicy: true
    IgnorePublicAcls: true
    RestrictPublicBuckets: true
`);
  expect(postureOf({ cdk: open() }).resource('Data/Logs')).toMatchInlineSnapshot(`Data/Logs: AWS::S3::Bucket`);
  const cdk8s = charts(object('v1', 'ConfigMap', 'web', { data: { a: 'true', b: 'two\nlines' } }, 'shop'));
  expect(Testing.synth(cdk8s.node.findChild('shop') as Chart)).toMatchInlineSnapshot(`
shop/ConfigMap/web: v1 ConfigMap
  data:
    a: "true"
    b: "two\\nlines"
  metadata:
    name: web
    namespace: shop
`);
  expect({ Resources: 'none' }).toMatchInlineSnapshot(`
{
  "Resources": "none",
}
`);
});
