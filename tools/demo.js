#!/usr/bin/env node
// Runs on a fresh clone, before anything is installed: Node's own modules only.
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old for cdk-bulwark; install 20.19 or newer`);
  process.exit(2);
}

const windows = process.platform === 'win32';
function run(title, command, args, env = {}) {
  const started = Date.now();
  console.log(`\n${title}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows, env: { ...process.env, ...env } });
  if (status !== 0) {
    console.error(`\n'${command} ${args.join(' ')}' failed with exit status ${status}`);
    process.exit(status ?? 1);
  }
  console.log(`  done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

if (!existsSync(join(root, 'node_modules', '.package-lock.json')))
  run('Installing what the lock file names', 'npm', ['ci', '--no-audit', '--no-fund']);
if (!existsSync(join(root, 'lib', 'index.js'))) run('Compiling the library', 'npx', ['projen', 'compile']);

for (const folder of ['cdk.out', 'dist']) rmSync(join(root, folder), { recursive: true, force: true });
run(
  'Synthesizing the reference platform: CloudFormation to cdk.out, YAML to dist',
  process.execPath,
  ['--import', 'tsx', 'examples/reference-platform/main.ts'],
  {
    CDK_OUTDIR: 'cdk.out',
    CDK8S_OUTDIR: 'dist',
    CDK_VALIDATION: 'false',
  },
);
run('Auditing both trees and how they fit together', process.execPath, ['bin/bulwark', 'check', 'cdk.out', 'dist']);

const list = (folder, ending) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `  ${folder}/${name}`);
console.log(
  [
    '',
    'Where to look',
    ...list('cdk.out', '.template.json'),
    ...list('dist', '.yaml'),
    '  examples/reference-platform   the program that made them',
    '  examples/quickstart           the same in twenty lines',
    '',
    'What to try next',
    '  npx bulwark check test/fixtures/insecure     what the audit says of an insecure cluster',
    '  npx bulwark explain A-EKS-01                 one control: why, how to repair it, which scanners know it',
    '  npx bulwark controls                         all of them',
    '  npx cdk synth -q && npx cdk8s synth          the same platform through the two command lines',
  ].join('\n'),
);
