import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, sources } from '../laws/sources';

/** The package as npm publishes it, in a project of its own that has the two cdk8s libraries and no aws-cdk-lib. No network: npm takes the peers from disk. */
const project = mkdtempSync(join(tmpdir(), 'package-'));
const windows = process.platform === 'win32';
let packed: string[] = [];

function run(command: string, args: string[], cwd = project): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(command, args, { cwd, encoding: 'utf8', shell: windows, maxBuffer: 1 << 26 });
}
function mustRun(command: string, args: string[], cwd = project): string {
  const { status, stdout, stderr } = run(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${status}\n${stdout}${stderr}`);
  return stdout;
}

beforeAll(() => {
  const [{ filename, files }] = JSON.parse(mustRun('npm', ['pack', '--json', '--pack-destination', project], ROOT)) as {
    filename: string;
    files: { path: string }[];
  }[];
  packed = files.map(({ path }) => path);
  writeFileSync(join(project, 'package.json'), '{"name":"consumer","version":"1.0.0","private":true}\n');
  const peers = ['cdk8s', 'cdk8s-plus-28', 'constructs'].map((name) => `file:${join(ROOT, 'node_modules', name)}`);
  mustRun('npm', ['install', '--offline', '--install-links', '--no-audit', '--no-fund', `./${filename}`, ...peers]);
}, 180_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('cdk-bulwark/k8s loads without aws-cdk-lib, and synthesizes', () => {
  expect(existsSync(join(project, 'node_modules', 'aws-cdk-lib'))).toBe(false);
  writeFileSync(
    join(project, 'main.js'),
    `const { k8s } = { k8s: require('cdk-bulwark/k8s') };
     const { Cpu } = require('cdk8s-plus-28');
     const { Size } = require('cdk8s');
     const { guard } = require('cdk-bulwark/hosts');
     const app = new k8s.App({ kubernetes: '1.35', outdir: 'dist' });
     const shop = new k8s.Tenant(app, 'shop', { cpu: Cpu.units(2), memory: Size.gibibytes(4) });
     new k8s.Deployment(shop, 'web', { containers: [{ image: k8s.Image.semver('registry.example.com/web', '1.0.0'), portNumber: 8080 }] });
     guard({ cdk8s: app });
     app.synth();`,
  );
  mustRun(process.execPath, ['main.js']);
  const text = readFileSync(join(project, 'dist', 'shop.k8s.yaml'), 'utf8');
  expect(text).toContain('kind: Deployment');
  expect(text).toContain('runAsNonRoot: true');
}, 60_000);

test('its command line audits what was synthesized', () => {
  expect(mustRun('npx', ['--no-install', 'bulwark', 'check', 'dist'])).toContain('No finding at or above medium');
  expect(run('npx', ['--no-install', 'bulwark', 'explain', 'K-CTR-03']).stdout).toContain('K-CTR-03');
}, 60_000);

test('its jest preset is found, and tests charts', () => {
  writeFileSync(
    join(project, 'package.json'),
    '{"name":"consumer","version":"1.0.0","private":true,"jest":{"preset":"cdk-bulwark/jest"}}\n',
  );
  writeFileSync(
    join(project, 'charts.test.js'),
    `const { App, Chart, ApiObject } = require('cdk8s');
     const { Posture } = require('cdk-bulwark/jest');
     test('charts', () => {
       const app = new App();
       new ApiObject(new Chart(app, 'shop'), 'web', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { hostNetwork: true, containers: [] } });
       expect(Posture.of(app)).not.toHold('K-POD-01');
       expect(app).toMatchPosture();
       expect(process.env.CDK_VALIDATION).toBe('false');
     });`,
  );
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const env: NodeJS.ProcessEnv = { ...process.env, CI: '', CDK_VALIDATION: undefined, JEST_WORKER_ID: undefined };
  const { status, stderr } = spawnSync(process.execPath, [jest, '--ci=false'], { cwd: project, encoding: 'utf8', env });
  expect([status, stderr]).toEqual([0, expect.stringContaining('1 snapshot written')]);
  expect(readFileSync(join(project, '__posture__', 'charts.posture'), 'utf8')).toMatch(/^schema: 1 access admin /);
}, 60_000);

test('the AWS half says what it needs where aws-cdk-lib is missing', () => {
  const { status, stderr } = run(process.execPath, ['-e', "require('cdk-bulwark/aws')"]);
  expect(status).not.toBe(0);
  expect(stderr).toContain("Cannot find module 'aws-cdk-lib");
}, 60_000);

test('holds what the library runs and nothing of the repository beside it', () => {
  const beside = packed.filter(
    (path) =>
      !/^(lib\/.*\.(js|d\.ts)|bin\/bulwark|node_modules\/|\.jsii|API\.md|CHANGELOG\.md|LICENSE|README\.md|package\.json)/.test(path),
  );
  expect(beside).toEqual([]);
  expect(packed).toEqual(expect.arrayContaining(['.jsii', 'README.md', 'LICENSE', 'bin/bulwark', 'lib/index.js', 'lib/index.d.ts']));
});

test('every compiled file has its source, and every source is compiled', () => {
  const compiled = packed.filter((path) => /^lib\/.*\.js$/.test(path)).map((path) => path.replace(/\.js$/, '.ts'));
  expect([...compiled].filter((path) => !path.endsWith('.warnings.jsii.ts')).sort()).toEqual(
    sources('lib')
      .map(({ path }) => path)
      .sort(),
  );
});

test('its dependencies travel with it', () => {
  for (const name of ['commander', 'js-yaml', 'picocolors']) {
    expect(packed.some((path) => path.startsWith(`node_modules/${name}/`))).toBe(true);
  }
});
