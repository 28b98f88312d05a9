import { dirname, join } from 'node:path';
import { code, sources } from './sources';

/** Who may import whom inside `lib`; `error` is open to all. A folder that is not here may not exist. */
const ALLOWED: { readonly [layer: string]: readonly string[] } = {
  error: [],
  inventory: [],
  cel: [],
  admission: ['cel', 'inventory'],
  controls: ['inventory'],
  analysis: ['inventory'],
  frameworks: ['controls'],
  audit: ['controls', 'frameworks', 'inventory'],
  posture: ['analysis', 'audit', 'controls', 'frameworks', 'inventory'],
  adoption: ['posture', 'audit', 'controls', 'inventory'],
  report: ['audit', 'posture', 'controls'],
  aws: ['controls'],
  k8s: ['controls'],
  jest: ['inventory', 'analysis', 'controls', 'frameworks', 'audit', 'posture'],
  hosts: ['admission', 'inventory', 'analysis', 'controls', 'frameworks', 'audit', 'posture', 'adoption', 'report', 'aws', 'k8s'],
  index: ['aws', 'controls', 'k8s', 'posture'],
};
/** Packages a layer must not load; what is not named here is free. */
const FORBIDDEN: { readonly [layer: string]: RegExp } = {
  error: /./,
  inventory: /^(cdk8s|aws-cdk-lib|constructs|node:fs|fs)/,
  cel: /^(cdk8s|aws-cdk-lib|constructs|node:fs|fs)/,
  admission: /^(cdk8s|aws-cdk-lib|constructs|node:fs|fs)/,
  controls: /^(cdk8s|aws-cdk-lib|node:fs|fs)/,
  frameworks: /./,
  analysis: /^(cdk8s|aws-cdk-lib|constructs|node:fs|fs)/,
  audit: /^(cdk8s|aws-cdk-lib|node:fs|fs)/,
  posture: /^(cdk8s|aws-cdk-lib)/,
  adoption: /^(cdk8s|aws-cdk-lib|node:fs|fs)/,
  report: /^(cdk8s|aws-cdk-lib|node:fs|fs)/,
  aws: /^cdk8s/,
  jest: /^(cdk8s|aws-cdk-lib)/,
  k8s: /^aws-cdk-lib/,
};

interface Import {
  readonly from: string;
  readonly layer: string;
  readonly target: string;
}

function layerOf(path: string): string {
  const [, second] = path.split('/');
  return second.replace(/\.ts$/, '');
}

const imports: Import[] = sources('lib').flatMap((file) => {
  const found = [...code(file).matchAll(/(?:from\s+|import\s+|require\(|import\()'([^']+)'/g)];
  return found.map((match) => ({ from: file.path, layer: layerOf(file.path), target: match[1] }));
});

test('every folder of lib is a known layer', () => {
  const unknown = sources('lib')
    .map(({ path }) => layerOf(path))
    .filter((layer) => !(layer in ALLOWED));
  expect(unknown).toEqual([]);
});

test('imports inside lib follow the table', () => {
  const wrong = imports.flatMap(({ from, layer, target }) => {
    if (!target.startsWith('.')) return [];
    const path = join(dirname(from), target).replaceAll('\\', '/');
    // The version for reports; and the JSON types, which are no reader and no engine.
    if (path === 'package.json' || path === 'lib/inventory/value') return [];
    const to = layerOf(path);
    return to === layer || to === 'error' || ALLOWED[layer].includes(to) ? [] : [`${from} -> ${target}`];
  });
  expect(wrong).toEqual([]);
});

test('layers load only the packages that are theirs', () => {
  const wrong = imports
    .filter(({ layer, target }) => !target.startsWith('.') && FORBIDDEN[layer]?.test(target))
    .map(({ from, target }) => `${from} -> ${target}`);
  expect(wrong).toEqual([]);
});

test('the pure layers are found: the rule above reads real imports', () => {
  expect(imports.length).toBeGreaterThan(200);
});

test('no file or class has a name that says nothing', () => {
  const files = sources('lib')
    .map(({ path }) => path)
    .filter((path) => /(^|\/)(utils?|common|helpers?|core|misc)(\/|\.ts$|-)/i.test(path));
  const classes = sources('lib').flatMap((file) =>
    [...code(file).matchAll(/\bclass ((?:Secure|Hardened)\w*|\w*Manager)\b/g)].map((match) => `${file.path}: ${match[1]}`),
  );
  expect([...files, ...classes]).toEqual([]);
});

test('no file of lib is longer than 400 lines', () => {
  // A catalogue of ids is one list, and reads best in one place.
  const long = sources('lib')
    .filter(({ text }) => text.split('\n').length > 400)
    .map(({ path }) => path);
  expect(long).toEqual([]);
});
