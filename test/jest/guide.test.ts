import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../laws/sources';

const folder = mkdtempSync(join(ROOT, 'test', 'jest', 'scratch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the tests of the guide pass as they stand', () => {
  const pages = readdirSync(join(ROOT, 'docs', 'guide')).map((page) => readFileSync(join(ROOT, 'docs', 'guide', page), 'utf8'));
  const blocks = pages
    .flatMap((page) => [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block]) => block))
    .filter((block) => block.includes("'cdk-bulwark/jest'"));
  expect(blocks.length).toBeGreaterThan(0);
  blocks.forEach((block, index) => {
    writeFileSync(join(folder, `block${index}.test.ts`), block);
  });
  const config = {
    preset: 'cdk-bulwark/jest',
    rootDir: ROOT,
    roots: [folder],
    testEnvironment: 'node',
    transform: { '\\.ts$': '@swc/jest' },
  };
  const env: NodeJS.ProcessEnv = { ...process.env, CI: '', BULWARK_JEST_CI: undefined, JEST_WORKER_ID: undefined, FORCE_COLOR: '0' };
  const { status, stderr } = spawnSync(
    process.execPath,
    [require.resolve('jest/bin/jest'), '--config', JSON.stringify(config), '-i', '--ci=false', relative(ROOT, folder)],
    { cwd: ROOT, env, encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, expect.stringContaining(`${blocks.length} passed`)]);
}, 120_000);
