import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { formatPosture } from '../../lib/jest/posture-file';
import { ROOT } from '../laws/sources';

/**
 * What a user's jest does, in a process of its own, with the preset as it is compiled: one run a mode, each over many small projects. They stand inside
 * the repository, where `cdk-bulwark` and cdk8s are found.
 */
const root = mkdtempSync(join(ROOT, 'test', 'jest', 'scratch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A project: a service account, what it can do, and the matchers that a test calls. */
interface Scene {
  readonly verbs?: readonly string[];
  readonly account?: string;
  /** Bodies of tests over `p`. */
  readonly tests?: readonly string[];
  /** Committed files. */
  readonly files?: { readonly [name: string]: string };
}

const PROGRAM = `
const { ApiObject, App, Chart } = require('cdk8s');
module.exports = ({ verbs = ['get'], account = 'api' }) => {
  const app = new App();
  const chart = new Chart(app, 'shop');
  const make = (kind, name, rest) => new ApiObject(chart, kind, { apiVersion: kind === 'ServiceAccount' ? 'v1' : 'rbac.authorization.k8s.io/v1', kind, metadata: { name, namespace: 'shop' }, ...rest });
  make('ServiceAccount', account, {});
  make('Role', 'reader', { rules: [{ apiGroups: [''], resources: ['pods'], verbs }] });
  make('RoleBinding', 'reader', { roleRef: { kind: 'Role', name: 'reader' }, subjects: [{ kind: 'ServiceAccount', name: account }] });
  return require('cdk-bulwark/jest').Posture.of(app);
};`;
const can = (...verbs: string[]): string[] => verbs.map((verb) => `can shop/api ${verb} pods in shop`);
const posture = (...verbs: string[]) => ({ 'app.posture': formatPosture(can(...verbs)) });
const IDENTITY = ['schema: 1', 'Role shop/reader', 'RoleBinding shop/reader', 'ServiceAccount shop/api', ''].join('\n');
const BLUEPRINT = 'shop/ServiceAccount/api: v1 ServiceAccount\n  metadata:\n    name: api\n    namespace: shop\n';
const MATCH = 'expect(p).toMatchPosture();';
const KEEP = 'expect(p).toKeepIdentity();';
const BLOCK = "expect(p.resource('shop/ServiceAccount/api')).toMatchBlueprint();";
const widens = (...lines: string[]): string => `expect(p).toMatchPosture({ widens: ${JSON.stringify(lines)} });`;

interface Result {
  readonly passed: boolean;
  readonly message: string;
  readonly file: (name: string) => string | undefined;
}

/** Runs jest once over all scenes; the outcome by the name of each. */
function run(scenes: { readonly [name: string]: Scene }, ...args: string[]): { [name: string]: Result } {
  const project = mkdtempSync(join(root, 'project-'));
  writeFileSync(join(project, 'program.js'), PROGRAM);
  const config = { preset: 'cdk-bulwark/jest', rootDir: project, testEnvironment: 'node', transform: {} };
  writeFileSync(join(project, 'jest.config.json'), JSON.stringify(config));
  for (const [name, { files = {}, tests = [MATCH], ...scene }] of Object.entries(scenes)) {
    mkdirSync(join(project, name, '__posture__'), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(project, name, '__posture__', file), text);
    const bodies = tests.map(
      (body, index) => `test('test ${index + 1}', () => {\n  const p = build(${JSON.stringify(scene)});\n  ${body}\n});\n`,
    );
    writeFileSync(join(project, name, 'app.test.js'), `const build = require('../program');\n${bodies.join('')}`);
  }
  const env: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: '0' };
  for (const name of ['CI', 'BULWARK_JEST_CI', 'JEST_WORKER_ID', 'NODE_OPTIONS']) delete env[name];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [require.resolve('jest/bin/jest'), '--config', join(project, 'jest.config.json'), '--json', '-w', '2', ...args],
    { cwd: ROOT, env, encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (!stdout.startsWith('{')) throw new Error(`jest did not run:\n${stdout}${stderr}`);
  const { testResults } = JSON.parse(stdout) as { testResults: { name: string; status: string; message: string }[] };
  return Object.fromEntries(
    Object.keys(scenes).map((name) => {
      const result = testResults.find((other) => other.name.replaceAll('\\', '/').endsWith(`/${name}/app.test.js`));
      const path = (file: string) => join(project, name, '__posture__', file);
      const file = (wanted: string) => (existsSync(path(wanted)) ? readFileSync(path(wanted), 'utf8') : undefined);
      return [name, { passed: result?.status === 'passed', message: stripVTControlCharacters(result?.message ?? ''), file }];
    }),
  );
}

describe('jest', () => {
  let results: { [name: string]: Result };
  beforeAll(() => {
    results = run(
      {
        first: { tests: [MATCH, KEEP, BLOCK] },
        same: {
          tests: [MATCH, KEEP, BLOCK],
          files: { ...posture('get'), 'app.identity': IDENTITY, 'app.shop.ServiceAccount.api.blueprint': BLUEPRINT },
        },
        more: { verbs: ['get', 'delete'], files: posture('get') },
        less: { files: posture('get', 'list') },
        renamed: { account: 'web', files: posture('get') },
        named: { verbs: ['get', 'delete'], files: posture('get'), tests: [widens(...can('delete'))] },
        misspelt: { files: posture('get'), tests: [widens('can shop/api gett pods in shop')] },
        older: { files: { 'app.posture': 'schema: 1 may\n' } },
        broken: { files: { 'app.posture': `${posture('get')['app.posture']}=======\n` } },
        newer: { files: { 'app.posture': 'schema: 3 can\n' } },
        shared: { tests: [MATCH, 'expect(build({ verbs: ["watch"] })).toMatchPosture();'] },
        apart: { tests: [MATCH, 'expect(build({ verbs: ["watch"] })).toMatchPosture({ name: "other" });'] },
        lost: { account: 'web', tests: [KEEP], files: { 'app.identity': IDENTITY } },
        kept: {
          tests: ["expect(p).toKeepIdentity({ moves: { 'ServiceAccount shop/api': null } });"],
          files: { 'app.identity': IDENTITY },
        },
        torn: { tests: [KEEP], files: { 'app.identity': `${IDENTITY}=======\n` } },
        foreign: { tests: [KEEP], files: { 'app.identity': 'ServiceAccount shop/api\n' } },
        ahead: { tests: [KEEP], files: { 'app.identity': 'schema: 2\n' } },
        grown: { tests: [KEEP], files: { 'app.identity': IDENTITY.replace('ServiceAccount shop/api\n', '') } },
        changed: { tests: [BLOCK], files: { 'app.shop.ServiceAccount.api.blueprint': BLUEPRINT.replace('name: api', 'name: old') } },
      },
      '--ci=false',
    );
  }, 120_000);

  test('writes what is not there yet', () => {
    const { passed, message, file } = results.first;
    expect([passed, message]).toEqual([true, '']);
    expect(file('app.posture')).toBe(posture('get')['app.posture']);
    expect(file('app.identity')).toBe(IDENTITY);
    expect(file('app.shop.ServiceAccount.api.blueprint')).toBe(BLUEPRINT);
  });

  test('passes where nothing changed', () => expect(results.same.passed).toBe(true));

  test('shows what opens, how to record it, and leaves the file alone', () => {
    const { passed, message, file } = results.more;
    expect(passed).toBe(false);
    expect(message).toContain('  opens\n        + can shop/api delete pods in shop\n            shop/RoleBinding/reader');
    expect(message).toContain('toMatchPosture({ widens: [');
    expect(file('app.posture')).toBe(posture('get')['app.posture']);
  });

  test('shows what closes', () => {
    expect(results.less.message).toContain("  closes\n        - can shop/api list pods in shop\n\n    Run 'jest -u' to record this.");
    expect(results.less.file('app.posture')).toBe(posture('get', 'list')['app.posture']);
  });

  test('says what was renamed', () => expect(results.renamed.message).toContain('renames shop/api -> shop/web'));

  test('does not record a named line without -u', () => {
    expect(results.named.message).toContain('+ can shop/api delete pods in shop   (named in widens)');
    expect(results.named.message).toContain("Run 'jest -u' to record this.");
    expect(results.named.file('app.posture')).toBe(posture('get')['app.posture']);
  });

  test('refuses a named line that is none, with the near one', () => {
    expect(results.misspelt.message).toContain("did you mean 'can shop/api get pods in shop' (WidensUnknown)");
  });

  test('adds a section that this version is the first to compute', () => {
    expect(results.older.passed).toBe(true);
    expect(results.older.file('app.posture')).toBe(posture('get')['app.posture']);
  });

  test('refuses a file that is broken or newer', () => {
    expect(results.broken.message).toMatch(/broken\/__posture__\/app\.posture:3: the line '=======' .* \(PostureFileInvalid\)/);
    expect(results.newer.message).toContain('(PostureFileNewer)');
  });

  test('refuses two tests that write one file with different content, and takes a name', () => {
    expect(results.shared.message).toMatch(
      /the tests 'test 1' and 'test 2' write .*toMatchPosture\(\{ name: '\.\.\.' \}\) \(PostureFileShared\)/,
    );
    expect(results.apart.passed).toBe(true);
    expect(results.apart.file('other.posture')).toBe(posture('watch')['app.posture']);
  });

  test('keeps names: new ones are added, lost ones are not', () => {
    expect(results.lost.message).toContain('- ServiceAccount shop/api');
    expect(results.lost.file('app.identity')).toBe(IDENTITY);
    expect([results.grown.passed, results.grown.file('app.identity')]).toEqual([true, IDENTITY]);
  });

  test('refuses a move of what is still there, and an identity file that is broken or newer', () => {
    expect(results.kept.message).toContain("'ServiceAccount shop/api' in moves is still there; take it out (MoveUnknown)");
    expect(results.torn.message).toMatch(/torn\/__posture__\/app\.identity:5: the line '=======' .* \(IdentityFileInvalid\)/);
    expect(results.foreign.message).toMatch(/app\.identity:1: the first line .* is 'ServiceAccount shop\/api'.*\(IdentityFileInvalid\)/);
    expect(results.ahead.message).toContain('(IdentityFileNewer)');
  });

  test('shows how a resource differs from its blueprint', () => {
    expect(results.changed.message).toMatch(/- {5}name: old\n\s*\+ {5}name: api\n/);
  });
});

describe('jest -u', () => {
  let results: { [name: string]: Result };
  beforeAll(() => {
    results = run(
      {
        less: { files: posture('get', 'list') },
        more: { verbs: ['get', 'delete'], files: posture('get') },
        both: { verbs: ['get', 'delete'], files: posture('get', 'list') },
        named: { verbs: ['get', 'delete', 'patch'], files: posture('get', 'list'), tests: [widens(...can('delete'))] },
        all: { verbs: ['get', 'delete'], files: posture('get', 'list'), tests: [widens(...can('delete', 'get'))] },
        lost: { account: 'web', tests: [KEEP], files: { 'app.identity': IDENTITY } },
        moved: {
          account: 'web',
          tests: [`expect(p).toKeepIdentity({ moves: { 'ServiceAccount shop/api': 'ServiceAccount shop/web' } });`],
          files: { 'app.identity': IDENTITY },
        },
        changed: { tests: [BLOCK], files: { 'app.shop.ServiceAccount.api.blueprint': 'old\n' } },
      },
      '-u',
      '--ci=false',
    );
  }, 120_000);

  test('records what closes', () =>
    expect([results.less.passed, results.less.file('app.posture')]).toEqual([true, posture('get')['app.posture']]));

  test('does not record what opens', () => {
    expect([results.more.passed, results.more.file('app.posture')]).toEqual([false, posture('get')['app.posture']]);
    expect([results.both.passed, results.both.file('app.posture')]).toEqual([false, posture('get')['app.posture']]);
  });

  test('records what the test names, and nothing beside it', () => {
    expect([results.named.passed, results.named.file('app.posture')]).toEqual([false, posture('get', 'delete')['app.posture']]);
    expect(results.named.message).toContain('+ can shop/api patch pods in shop');
    expect(results.named.message).not.toContain('+ can shop/api delete');
    expect([results.all.passed, results.all.file('app.posture')]).toEqual([true, posture('get', 'delete')['app.posture']]);
  });

  test('gives up a name only when the test says what it became', () => {
    expect([results.lost.passed, results.lost.file('app.identity')]).toEqual([false, IDENTITY]);
    expect([results.moved.passed, results.moved.file('app.identity')]).toEqual([true, IDENTITY.replace('/api', '/web')]);
  });

  test('writes a blueprint anew', () => expect(results.changed.file('app.shop.ServiceAccount.api.blueprint')).toBe(BLUEPRINT));
});

test('jest --ci writes nothing', () => {
  const results = run(
    {
      same: { tests: [MATCH, KEEP], files: { ...posture('get'), 'app.identity': IDENTITY } },
      first: {},
      frozen: { tests: [KEEP], files: { 'app.identity': 'schema: 1\nRole shop/reader\n' } },
      block: { tests: [BLOCK] },
      older: { files: { 'app.posture': 'schema: 1 may\n' } },
    },
    '--ci',
  );
  expect(results.same.passed).toBe(true);
  for (const { passed, message } of [results.first, results.frozen, results.block, results.older]) {
    expect([passed, message.includes('run jest locally and commit')]).toEqual([false, true]);
  }
  expect(results.first.file('app.posture')).toBeUndefined();
  expect(results.frozen.file('app.identity')).toBe('schema: 1\nRole shop/reader\n');
  expect(results.block.file('app.shop.ServiceAccount.api.blueprint')).toBeUndefined();
  expect(results.older.file('app.posture')).toBe('schema: 1 may\n');
}, 120_000);

test('jest -u --ci is refused, in workers too', () => {
  const results = run({ one: { files: posture('get', 'list') }, two: {} }, '-u', '--ci');
  for (const { passed, message } of Object.values(results)) expect([passed, message.includes('(UpdateInCi)')]).toEqual([false, true]);
  expect(results.one.file('app.posture')).toBe(posture('get', 'list')['app.posture']);
}, 120_000);
