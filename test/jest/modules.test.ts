import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../laws/sources';

/** Projects of users that differ in how their tests are loaded and run, each in a real jest. */
const root = mkdtempSync(join(ROOT, 'test', 'jest', 'scratch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const OBJECT = "{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'api', namespace: 'shop' } }";
const TESTS = (verbs: string) => `
const app = new App();
const chart = new Chart(app, 'shop');
new ApiObject(chart, 'account', ${OBJECT});
new ApiObject(chart, 'role', { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r', namespace: 'shop' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ${verbs} }] });
new ApiObject(chart, 'binding', { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'r', namespace: 'shop' }, roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'ServiceAccount', name: 'api' }] });
const posture = Posture.of({ cdk8s: app, asOf: '2026-11-01' });
test('a posture', () => expect(posture).toMatchPosture());
test('an identity', () => expect(posture).toKeepIdentity());
test('a block', () => expect(posture.resource('shop/ServiceAccount/api')).toMatchBlueprint());
test('controls', () => expect(posture).toHold('K-CTR-02'));
`;
const COMMONJS = "const { ApiObject, App, Chart } = require('cdk8s');\nconst { Posture } = require('cdk-bulwark/jest');\n";
const ESM = "import { ApiObject, App, Chart } from 'cdk8s';\nimport { Posture } from 'cdk-bulwark/jest';\n";
const GLOBALS = "import { expect, test } from '@jest/globals';\n";

const env = (): NodeJS.ProcessEnv => {
  const own: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: '0', CI: '', NODE_OPTIONS: '--experimental-vm-modules' };
  for (const name of ['BULWARK_JEST_CI', 'JEST_WORKER_ID']) delete own[name];
  return own;
};

/** Writes a project; the path of its configuration. */
function project(name: string, file: string, test: string, config: object = {}): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), test);
  const settings = { preset: 'cdk-bulwark/jest', rootDir: ROOT, roots: [folder], transform: {}, displayName: name, ...config };
  writeFileSync(join(folder, 'jest.config.json'), JSON.stringify(settings));
  return join(folder, 'jest.config.json');
}

test('CommonJS, ES modules, TypeScript and projects without globals, all in one run', () => {
  const mjs = { testMatch: ['**/*.test.mjs'], moduleFileExtensions: ['mjs', 'js', 'json', 'node'] };
  const configs = [
    project('commonjs', 'app.test.js', COMMONJS + TESTS("['get']")),
    project('modules', 'app.test.mjs', ESM + TESTS("['get']"), mjs),
    project('modules-without-globals', 'app.test.mjs', GLOBALS + ESM + TESTS("['get']"), { ...mjs, injectGlobals: false }),
    project('typescript', 'app.test.ts', ESM + TESTS("['get']"), { transform: { '\\.ts$': '@swc/jest' } }),
    project('typescript-modules', 'app.test.ts', ESM + TESTS("['get']"), {
      transform: { '\\.ts$': ['@swc/jest', { module: { type: 'es6' } }] },
      extensionsToTreatAsEsm: ['.ts'],
    }),
  ];
  const jest = [require.resolve('jest/bin/jest'), '--projects', ...configs, '-w', '2'];
  for (const args of [['--ci=false'], ['--ci']]) {
    const { status, stderr } = spawnSync(process.execPath, [...jest, ...args], { cwd: ROOT, env: env(), encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.stringContaining('20 passed, 20 total')]);
  }
  const files = ['commonjs', 'modules', 'modules-without-globals', 'typescript', 'typescript-modules'].map((name) =>
    readFileSync(join(root, name, '__posture__', 'app.posture'), 'utf8'),
  );
  expect(new Set(files).size).toBe(1);
  expect(files[0]).toContain('\ncan shop/api get pods in shop\n');
}, 240_000);

test('jest --watchAll: a second run sees what was edited, and has forgotten the first one', async () => {
  const config = project('watched', 'app.test.js', COMMONJS + TESTS("['get']"));
  const child = spawn(process.execPath, [require.resolve('jest/bin/jest'), '--config', config, '--watchAll', '--ci=false'], {
    cwd: ROOT,
    env: env(),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  /** What the next run says. */
  const next = async (): Promise<string> => {
    for (let waited = 0; !/^Time:/m.test(said); waited += 100) {
      if (waited > 100_000) throw new Error(`jest said:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const run = said;
    said = '';
    return run;
  };
  const file = join(root, 'watched', '__posture__', 'app.posture');
  const edit = (verbs: string) => writeFileSync(join(root, 'watched', 'app.test.js'), COMMONJS + TESTS(verbs));
  try {
    expect(await next()).toContain('4 passed, 4 total');
    const first = readFileSync(file, 'utf8');
    edit("['get', 'delete']");
    const second = await next();
    expect(second).toContain('1 failed, 3 passed, 4 total');
    expect(second).toContain('+ can shop/api delete pods in shop');
    expect(readFileSync(file, 'utf8')).toBe(first);
    edit("['get' ]");
    expect(await next()).toContain('4 passed, 4 total');
    expect(existsSync(file)).toBe(true);
  } finally {
    child.kill();
    await ended;
  }
}, 240_000);
