import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { identitiesOf } from './identity';

/** Synthesizes every example and compares what it writes with its golden, or rewrites the golden with `--update`. */
const root = join(__dirname, '..');
const golden = join(root, 'test', 'golden');
const update = process.argv.includes('--update');
let passed = 0;
let failed = 0;

/** Templates and manifests of one example by relative path; everything else in a cloud assembly is bookkeeping. */
function synthesize(example: string): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'goldens-'));
  const env = { ...process.env, CDK_OUTDIR: join(folder, 'cdk.out'), CDK8S_OUTDIR: join(folder, 'dist'), CDK_VALIDATION: 'false' };
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join('examples', example, 'main.ts')], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${example} does not synthesize:\n${stderr}`);
  const files = new Map<string, string>();
  const collect = (from: string, to: string, ending: string): void => {
    // An example may have one tree only.
    if (!existsSync(from)) return;
    for (const name of readdirSync(from).sort())
      if (name.endsWith(ending)) files.set(join(to, name), readFileSync(join(from, name), 'utf8'));
  };
  collect(env.CDK_OUTDIR, 'cloudformation', '.template.json');
  collect(env.CDK8S_OUTDIR, 'kubernetes', '.yaml');
  rmSync(folder, { recursive: true });
  return files;
}

/** The first line in which two texts differ. */
function firstDifference(want: string, have: string): string {
  const [left, right] = [want.split('\n'), have.split('\n')];
  const index = left.findIndex((line, at) => line !== right[at]);
  const at = index < 0 ? left.length : index;
  return `line ${at + 1}\n    - ${left[at] ?? '(end)'}\n    + ${right[at] ?? '(end)'}`;
}

for (const example of readdirSync(join(root, 'examples')).sort()) {
  if (!existsSync(join(root, 'examples', example, 'main.ts'))) continue;
  const made = synthesize(example);
  const folder = join(golden, example);
  if (update) {
    rmSync(folder, { recursive: true, force: true });
    for (const [name, text] of made) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    // Names are added and never taken away: what became of one is said in moves.json.
    const file = join(root, 'test', 'identity', `${example}.identity`);
    const frozen = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    writeFileSync(file, `${[...new Set([...frozen.filter((line) => line !== ''), ...identitiesOf(folder)])].sort().join('\n')}\n`);
    passed += made.size;
    continue;
  }
  const known = ['cloudformation', 'kubernetes'].flatMap((part) =>
    existsSync(join(folder, part)) ? readdirSync(join(folder, part)).map((name) => join(part, name)) : [],
  );
  for (const name of [...new Set([...made.keys(), ...known])].sort()) {
    const want = existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;
    const have = made.get(name);
    if (want !== undefined && want === have) {
      passed += 1;
      continue;
    }
    failed += 1;
    if (want === undefined) console.log(`${example}/${name} has no golden`);
    else if (have === undefined) console.log(`${example}/${name} is not written any more`);
    else console.log(`${example}/${name} differs at ${firstDifference(want, have)}`);
  }
}
if (failed > 0) console.log("run 'npm run goldens -- --update' when the change is meant, and read the difference");
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
