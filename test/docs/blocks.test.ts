import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../laws/sources';

/**
 * Every TypeScript block of the README and the guide is a program: it compiles, runs to its end, and finds the package by its name, as a user's would.
 * The programs stand inside the repository, where the package's own name resolves to what was built.
 */
const scratch = mkdtempSync(join(ROOT, 'test', 'docs', '.blocks-'));
const pages = ['README.md', ...readdirSync(join(ROOT, 'docs', 'guide')).map((name) => join('docs', 'guide', name))].filter((name) =>
  name.endsWith('.md'),
);
// Those for jest are run by test/jest/guide.test.ts.
const blocks = pages
  .flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text], index) => ({
      name: `${basename(page, '.md')}-${index + 1}`,
      text,
    })),
  )
  .filter(({ text }) => !text.includes("'cdk-bulwark/jest'"));

beforeAll(() => {
  for (const { name, text } of blocks) {
    mkdirSync(join(scratch, name));
    writeFileSync(join(scratch, name, 'main.ts'), text);
  }
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('they compile', () => {
  const options = {
    extends: join(ROOT, 'test', 'tsconfig.json'),
    compilerOptions: { noEmit: true, noUnusedLocals: true },
    include: [join(scratch, '**', '*.ts')],
  };
  writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(options));
  const { stdout } = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', scratch], { encoding: 'utf8' });
  expect(stdout).toBe('');
}, 120_000);

/** Runs a program in its own folder and answers with what it said when it failed. */
function run(name: string): Promise<string> {
  const cwd = join(scratch, name);
  const env = {
    ...process.env,
    CDK_OUTDIR: join(cwd, 'cdk.out'),
    CDK8S_OUTDIR: join(cwd, 'dist'),
    CDK_VALIDATION: 'false',
    BULWARK_AS_OF: '2026-11-24',
    NODE_ENV: '',
    JEST_WORKER_ID: undefined,
  };
  const child = spawn(process.execPath, ['--import', require.resolve('tsx'), 'main.ts'], { cwd, env });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status === 0 ? '' : `exit status ${status}\n${said}`));
  });
}

test('there are some', () => {
  expect(blocks.filter(({ name }) => name.startsWith('README')).length).toBeGreaterThan(0);
  expect(blocks.length).toBeGreaterThan(10);
});

test.each(blocks.map(({ name }) => [name]))('%s runs', async (name) => expect(await run(name)).toBe(''), 120_000);

test("the README's program is the quickstart: it writes the same bytes", () => {
  const golden = join(ROOT, 'test', 'golden', 'quickstart');
  for (const [from, to, ending] of [
    ['cdk.out', 'cloudformation', '.template.json'],
    ['dist', 'kubernetes', '.yaml'],
  ]) {
    const written = readdirSync(join(scratch, 'README-1', from)).filter((name) => name.endsWith(ending));
    expect(written.sort()).toEqual(readdirSync(join(golden, to)).sort());
    for (const name of written)
      expect(readFileSync(join(scratch, 'README-1', from, name), 'utf8')).toBe(readFileSync(join(golden, to, name), 'utf8'));
  }
});
