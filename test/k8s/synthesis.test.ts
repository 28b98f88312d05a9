import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdk8s from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as k8s from '../../lib/k8s';
import { app } from './fixtures';

const folders: string[] = [];
const folder = () => {
  folders.push(mkdtempSync(join(tmpdir(), 'bulwark-')));
  return folders[folders.length - 1];
};
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true });
});

function files(root: string, below = ''): { [path: string]: string } {
  const all: { [path: string]: string } = {};
  for (const name of readdirSync(join(root, below)).sort()) {
    const path = join(below, name);
    if (statSync(join(root, path)).isDirectory()) Object.assign(all, files(root, path));
    else all[path] = readFileSync(join(root, path), 'utf8');
  }
  return all;
}

/** Does something whenever a construct is validated, and finds it in order. */
function validation(construct: Construct, act: () => void): void {
  const validate = () => {
    act();
    return [];
  };
  construct.node.addValidation({ validate });
}

const deployment = (scope: Construct, id: string) =>
  new plus.Deployment(scope, id, { containers: [{ image: 'example:1.0.0', portNumber: 80 }] });

/** Charts in charts, dependencies within and between charts, an empty chart, raw objects: everything that decides order and names. */
function populate(scope: cdk8s.App, crossed: boolean): void {
  const first = new cdk8s.Chart(scope, 'first', { namespace: 'one' });
  const web = deployment(first, 'web');
  web.exposeViaService();
  new cdk8s.ApiObject(first, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { b: '2', a: '1' } });
  const second = new cdk8s.Chart(scope, 'second');
  const group = new Construct(second, 'group');
  const late = deployment(group, 'late');
  const early = new plus.ConfigMap(second, 'early', { data: { key: 'value' } });
  late.node.addDependency(early);
  new cdk8s.Chart(scope, 'empty');
  if (!crossed) return;
  const nested = new cdk8s.Chart(first, 'nested');
  deployment(nested, 'inner');
  web.node.addDependency(group);
}

const types = Object.values(cdk8s.YamlOutputType).filter((type) => typeof type === 'number') as cdk8s.YamlOutputType[];

describe.each(types)('output type %s', (yamlOutputType) => {
  test.each([false, true])('writes what cdk8s writes, to the byte (dependencies between charts: %s)', (crossed) => {
    const [plain, ours] = [folder(), folder()];
    const options = { yamlOutputType, recordConstructMetadata: true, outputFileExtension: '.yml' };
    const theirs = new cdk8s.App({ outdir: plain, ...options });
    populate(theirs, crossed);
    theirs.synth();
    const mine = new k8s.App({ kubernetes: '1.35', outdir: ours, ...options });
    populate(mine, crossed);
    mine.node.addValidation({ validate: () => (mine._rendered().length > 0 ? [] : ['nothing rendered']) });
    mine.synth();
    expect(Object.keys(files(plain)).length).toBeGreaterThan(1);
    expect(files(ours)).toEqual(files(plain));
    expect(mine.synthYaml()).toBe(theirs.synthYaml());
  });

  test('asks every object and every validation once', () => {
    const count = (charts: number) => {
      const scope = app({ yamlOutputType, outdir: folder() });
      let rendered = 0;
      let validated = 0;
      for (let index = 0; index < charts; index += 1) {
        const object = new cdk8s.ApiObject(new cdk8s.Chart(scope, `chart-${index}`), 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
        const render = object.toJson;
        object.toJson = () => {
          rendered += 1;
          return render.call(object);
        };
        validation(object, () => {
          validated += 1;
        });
      }
      validation(scope, () => scope._rendered());
      scope.synth();
      return [rendered, validated];
    };
    expect(count(3)).toEqual([3, 3]);
    expect(count(30)).toEqual([30, 30]);
  });
});

test('an audit on the App sees the very objects that are written, and what other validations added', () => {
  const scope = app();
  const chart = new cdk8s.Chart(scope, 'chart');
  let seen: string[] = [];
  validation(scope, () => {
    seen = scope._rendered().map(({ json }) => `${json.kind}`);
  });
  new cdk8s.ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
  chart.node.addValidation({
    validate: () => {
      if (chart.node.tryFindChild('late') === undefined) new cdk8s.ApiObject(chart, 'late', { apiVersion: 'v1', kind: 'Pod' });
      return [];
    },
  });
  const text = scope.synthYaml();
  expect(seen).toEqual(['ConfigMap', 'Pod']);
  expect(text.match(/^kind: /gm)).toHaveLength(2);
});

test('fails like cdk8s when validations fail, with all messages in tree order', () => {
  const message = (scope: cdk8s.App) => {
    const chart = new cdk8s.Chart(scope, 'chart');
    scope.node.addValidation({ validate: () => ['the app is wrong'] });
    chart.node.addValidation({ validate: () => ['the chart is wrong', 'twice'] });
    return () => scope.synth();
  };
  const text = 'Validation failed with the following errors:\n  [] the app is wrong\n  [chart] the chart is wrong\n  [chart] twice';
  expect(message(new cdk8s.App({ outdir: folder() }))).toThrow(text);
  expect(message(app())).toThrow(text);
});

test('reports the errors of constructs that a validation added', () => {
  const scope = app();
  const chart = new cdk8s.Chart(scope, 'chart');
  chart.node.addValidation({
    validate: () => {
      if (chart.node.tryFindChild('late') === undefined)
        new Construct(chart, 'late').node.addValidation({ validate: () => ['late and wrong'] });
      return [];
    },
  });
  expect(() => scope.synth()).toThrow('[chart/late] late and wrong');
});

test('fails like cdk8s on a cycle of dependencies', () => {
  const cyclic = (scope: cdk8s.App) => {
    const chart = new cdk8s.Chart(scope, 'chart');
    const [a, b] = [deployment(chart, 'a'), deployment(chart, 'b')];
    a.node.addDependency(b);
    b.node.addDependency(a);
    return () => scope.synth();
  };
  expect(cyclic(new cdk8s.App({ outdir: folder() }))).toThrow(/Dependency cycle detected/);
  expect(cyclic(app())).toThrow(/Dependency cycle detected: chart\/.* => chart\//);
});

test('leaves nothing behind: a chart outside a synthesis renders as ever, also after a failed one', () => {
  const scope = app();
  const chart = new cdk8s.Chart(scope, 'chart');
  const object = new cdk8s.ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
  let wrong = true;
  chart.node.addValidation({ validate: () => (wrong ? ['wrong'] : []) });
  expect(() => scope.synth()).toThrow('wrong');
  wrong = false;
  expect(cdk8s.Testing.synth(chart)).toEqual(
    [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'chart-config-c8c3a3de' } }].map((json) => ({
      ...json,
      metadata: { name: object.name },
    })),
  );
  expect(Object.hasOwn(chart, 'toJson')).toBe(false);
  expect(Object.hasOwn(chart.node, 'validate')).toBe(false);
});

test('a chart class with its own idea of its content keeps it', () => {
  class Counted extends cdk8s.Chart {
    public toJson() {
      return [...super.toJson(), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra' } }];
    }
  }
  const scope = app();
  new Counted(scope, 'chart');
  expect(scope.synthYaml()).toContain('name: extra');
});

test('needs a known Kubernetes version', () => {
  expect(() => app({ kubernetes: '1.12' })).toThrow(
    "kubernetes version '1.12' is not known; choose one of 1.33, 1.34, 1.35, 1.36, 1.37 (KubernetesVersionUnknown)",
  );
});
