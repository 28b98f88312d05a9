import { spawnSync } from 'node:child_process';
import { ROOT } from './sources';

test('generated pages are what the sources say', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'tools/docs.ts', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stdout + stderr).toMatch(/^4 passed, 0 failed$/m);
  expect(status).toBe(0);
}, 120_000);
