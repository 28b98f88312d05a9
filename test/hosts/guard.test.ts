import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ApiObject, Chart, App as ChartsApp, Lazy, Testing, YamlOutputType } from 'cdk8s';
import { Exemption } from '../../lib/controls/acceptance';
import { GuardError, type GuardProps, guard } from '../../lib/hosts';
import { App as OurApp } from '../../lib/k8s/app';
import { encrypted, joined, labelled, versioned } from '../audit/fakes';

const soon = { owner: 'shop', reason: 'old image', until: '2026-12-31' };
const controls = [encrypted, versioned, labelled, joined];
const fresh = () => mkdtempSync(join(tmpdir(), 'bulwark-guard-'));
let said: jest.SpyInstance;
beforeEach(() => {
  process.env.BULWARK_AS_OF = '2026-11-01';
  said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  said.mockRestore();
  delete process.env.BULWARK_AS_OF;
  delete process.env.BULWARK_BREAK_GLASS;
});

const object = (chart: Chart, name: string, labels: { [name: string]: string } = {}) =>
  new ApiObject(chart, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop', labels } });

function charts(
  build: (chart: Chart, app: ChartsApp) => void,
  props: Partial<GuardProps> = {},
  app: ChartsApp = new ChartsApp({ outdir: fresh() }),
) {
  const reports: string[] = [];
  build(new Chart(app, 'shop'), app);
  guard({ cdk8s: app, controls, asOf: '2026-11-01', report: (text) => void reports.push(text), ...props });
  return { app, reports };
}

const errorOf = (work: () => unknown): Error | undefined => {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  return undefined;
};

describe.each([
  ['a cdk8s App', () => new ChartsApp({ outdir: fresh() })],
  ['our App', () => new OurApp({ kubernetes: '1.35', outdir: fresh() }) as ChartsApp],
])('%s', (_, make) => {
  test('that is clean is written in silence', () => {
    const { app, reports } = charts((chart) => void object(chart, 'web'), {}, make());
    app.synth();
    expect(readdirSync(app.outdir)).toEqual(['shop.k8s.yaml']);
    expect(reports).toEqual([]);
  });

  test('with a finding writes nothing, tells all on the report and throws one error without a stack', () => {
    const { app, reports } = charts((chart) => void object(chart, 'web', { bad: 'very' }), {}, make());
    const error = errorOf(() => app.synth());
    expect(error).toBeInstanceOf(GuardError);
    expect(error?.message).toBe('1 finding at or above medium in the Kubernetes tree:\n  K-CTR-03 [shop/web] the label is very');
    expect(error?.stack).toBe(`GuardError: ${error?.message}`);
    expect(readdirSync(app.outdir)).toEqual([]);
    expect(reports).toHaveLength(1);
    for (const part of ['HIGH  1 finding', 'Deployment shop/web', 'shop/web', 'K-CTR-03', 'fix: mend it'])
      expect(reports[0]).toContain(part);
  });

  test('is audited at each synthesis, once', () => {
    let judged = 0;
    const counting = {
      ...labelled,
      judge: (...args: Parameters<typeof labelled.judge>) => {
        judged += 1;
        return labelled.judge(...args);
      },
    };
    const { app } = charts(
      (chart, root) => {
        object(chart, 'web');
        for (let index = 0; index < 5; index += 1) object(new Chart(root, `more${index}`), `web${index}`);
      },
      { controls: [counting] },
      make(),
    );
    app.synth();
    expect(judged).toBe(6);
    app.synthYaml();
    expect(judged).toBe(12);
  });

  test('is judged as it is at that time', () => {
    let label = 'fine';
    const { app } = charts(
      (chart) =>
        void object(chart, 'web', {
          get unused() {
            return label;
          },
        }),
      {},
      make(),
    );
    app.synth();
    label = 'bad';
    object(app.charts[0], 'late', { bad: 'late' });
    expect(errorOf(() => app.synth())?.message).toContain('[shop/late]');
    expect(errorOf(() => app.synthYaml())?.message).toContain('[shop/late]');
  });

  test('says what other validations object to before it judges', () => {
    const { app, reports } = charts(
      (chart) => {
        object(chart, 'web', { bad: 'very' }).node.addValidation({ validate: () => ['no image'] });
      },
      {},
      make(),
    );
    expect(errorOf(() => app.synth())?.message).toContain('[shop/web] no image');
    expect(reports.length).toBeLessThanOrEqual(1);
  });

  test('is judged on the rendered values', () => {
    const { app } = charts((chart) => void object(chart, 'web', { bad: Lazy.any({ produce: () => 'rendered' }) as string }), {}, make());
    expect(errorOf(() => app.synth())?.message).toContain('the label is rendered');
  });

  test('takes exemptions from its constructs and from annotations', () => {
    const { app, reports } = charts(
      (chart) => {
        Exemption.on(chart, 'K-CTR-03', soon);
        object(chart, 'web', { bad: 'very' });
      },
      {},
      make(),
    );
    app.synth();
    expect(reports).toEqual([]);
    const late = charts(
      (chart) => {
        Exemption.on(chart, 'K-CTR-03', soon);
        object(chart, 'web', { bad: 'very' });
      },
      { asOf: '2027-01-01' },
      make(),
    );
    expect(errorOf(() => late.app.synth())).toBeInstanceOf(GuardError);
    expect(late.reports[0]).toContain('exemption of K-CTR-03 by shop on Deployment shop/web ended on 2026-12-31');
  });

  test('passes with an undecided finding, and tells it', () => {
    const { app, reports } = charts((chart) => void object(chart, 'web', { unclear: 'so' }), {}, make());
    app.synth();
    expect(reports[0]).toContain('UNDECIDED  1 finding');
    expect(reports[0]).not.toContain('passed');
  });

  test('passes by break-glass, in the open', () => {
    const { app, reports } = charts((chart) => void object(chart, 'web', { bad: 'very' }), {}, make());
    process.env.BULWARK_BREAK_GLASS = 'platform-admins:outage';
    app.synth();
    expect(reports[0]).toContain('Break-glass by platform-admins: outage.');
    expect(reports[0]).toContain('the label is very');
  });

  test('is judged by Testing.synth too', () => {
    const { app } = charts((chart) => void object(chart, 'web', { bad: 'very' }), {}, make());
    expect(errorOf(() => Testing.synth(app.charts[0]))).toBeInstanceOf(GuardError);
  });
});

test('every output type is guarded', () => {
  for (const yamlOutputType of [
    YamlOutputType.FILE_PER_APP,
    YamlOutputType.FILE_PER_RESOURCE,
    YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
  ]) {
    const { app } = charts((chart) => void object(chart, 'web', { bad: 'very' }), {}, new ChartsApp({ outdir: fresh(), yamlOutputType }));
    expect(errorOf(() => app.synth())).toBeInstanceOf(GuardError);
  }
});

test('more than ten findings are named in part, and reported in full', () => {
  const { app, reports } = charts((chart) => {
    for (let index = 0; index < 12; index += 1) object(chart, `web${index}`, { bad: 'very' });
  });
  expect(errorOf(() => app.synth())?.message).toMatch(
    /^12 findings at or above medium in the Kubernetes tree:(\n {2}K-CTR-03 .*){10}\n {2}and 2 more$/,
  );
  expect(reports[0].match(/K-CTR-03 {2}/g)).toHaveLength(12);
});

describe('both trees', () => {
  function both(names: { bucket: string; deployment: string; label?: string }, make = () => new ChartsApp({ outdir: fresh() })) {
    const cdk = new App({ outdir: fresh() });
    new CfnBucket(new Stack(cdk, 'Data'), names.bucket, {
      bucketEncryption: { serverSideEncryptionConfiguration: [] },
      versioningConfiguration: { status: 'Enabled' },
    });
    const cdk8s = make();
    object(new Chart(cdk8s, 'shop'), names.deployment, names.label === undefined ? {} : { bad: names.label });
    const reports: string[] = [];
    guard({ cdk, cdk8s, controls, report: (text) => void reports.push(text) });
    return { cdk, cdk8s, reports };
  }

  test('that fit are silent in either order', () => {
    for (const order of ['cdk', 'cdk8s']) {
      const { cdk, cdk8s, reports } = both({ bucket: 'web', deployment: 'web' });
      if (order === 'cdk') cdk.synth();
      cdk8s.synth();
      cdk.synth();
      expect(reports).toEqual([]);
      expect(said).not.toHaveBeenCalled();
    }
  });

  test('that do not fit are told by cdk8s when it comes last', () => {
    const { cdk, cdk8s, reports } = both({ bucket: 'logs', deployment: 'web' });
    cdk.synth();
    const error = errorOf(() => cdk8s.synth());
    expect(error?.message).toContain('A-JON-02 [Data/logs] no deployment uses the bucket');
    expect(reports).toHaveLength(1);
    expect(said).not.toHaveBeenCalled();
  });

  test('and by CDK when it comes last', () => {
    const { cdk, cdk8s, reports } = both({ bucket: 'logs', deployment: 'web' });
    cdk8s.synth();
    expect(reports).toEqual([]);
    expect(errorOf(() => cdk.synth())?.message).toContain('A-JON-02 each bucket has its deployment: no deployment uses the bucket');
  });

  test('never twice by both, and again by the same', () => {
    const { cdk, cdk8s } = both({ bucket: 'logs', deployment: 'web' });
    cdk.synth();
    expect(errorOf(() => cdk8s.synth())).toBeInstanceOf(GuardError);
    expect(errorOf(() => cdk.synth({ force: true }))).toBeUndefined();
    expect(errorOf(() => cdk8s.synth())).toBeInstanceOf(GuardError);
  });

  test('each tells its own only', () => {
    const { cdk, cdk8s } = both({ bucket: 'web', deployment: 'web', label: 'very' });
    expect(errorOf(() => cdk8s.synth())?.message).toContain('K-CTR-03');
    expect(errorOf(() => cdk.synth())).toBeUndefined();
  });

  test('with our App', () => {
    const { cdk, cdk8s } = both({ bucket: 'logs', deployment: 'web' }, () => new OurApp({ kubernetes: '1.35', outdir: fresh() }));
    cdk.synth();
    expect(errorOf(() => cdk8s.synth())?.message).toContain('A-JON-02');
  });
});

test('only one tree runs the joined controls on that tree', () => {
  const { app } = charts((chart) => void object(chart, 'web'), { controls: [{ ...labelled, id: 'A-JON-01' }] });
  object(app.charts[0], 'late', { bad: 'very' });
  expect(errorOf(() => app.synth())?.message).toContain('A-JON-01');
});

test('aws-cdk-lib is not loaded for charts alone', () => {
  jest.isolateModules(() => {
    jest.doMock('aws-cdk-lib', () => {
      throw new Error('aws-cdk-lib is not installed');
    });
    const isolated = require('../../lib/hosts') as typeof import('../../lib/hosts');
    const app = new ChartsApp({ outdir: fresh() });
    object(new Chart(app, 'shop'), 'web');
    isolated.guard({ cdk8s: app, controls });
    app.synth();
    expect(readdirSync(app.outdir)).toHaveLength(1);
    jest.dontMock('aws-cdk-lib');
  });
});
