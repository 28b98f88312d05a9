import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build as quickstart } from '../../examples/quickstart/app';
import { build as referencePlatform } from '../../examples/reference-platform/app';
import { code, sources } from './sources';

const EXAMPLES = { quickstart, 'reference-platform': referencePlatform };

/** What an example writes, by file name. */
function synthesize(build: typeof quickstart): { readonly files: { readonly [name: string]: string }; readonly missing: unknown } {
  const folder = mkdtempSync(join(tmpdir(), 'hermetic-'));
  const [outdir, dist] = [join(folder, 'cdk.out'), join(folder, 'dist')];
  const { cdk, charts } = build({ outdir, dist });
  const assembly = cdk.synth();
  charts.synth();
  const files: { [name: string]: string } = {};
  for (const [from, ending] of [
    [outdir, '.template.json'],
    [dist, '.yaml'],
  ]) {
    for (const name of readdirSync(from)) if (name.endsWith(ending)) files[name] = readFileSync(join(from, name), 'utf8');
  }
  rmSync(folder, { recursive: true });
  return { files, missing: assembly.manifest.missing };
}

describe.each(Object.entries(EXAMPLES))('%s', (_name, build) => {
  test('writes the same bytes twice, and on another day', () => {
    const first = synthesize(build);
    expect(Object.keys(first.files).length).toBeGreaterThan(1);
    process.env.BULWARK_AS_OF = '2026-12-24';
    try {
      expect(synthesize(build).files).toEqual(first.files);
    } finally {
      delete process.env.BULWARK_AS_OF;
    }
  });

  test('looks nothing up', () => {
    expect(synthesize(build).missing).toBeUndefined();
  });
});

test('no construct or engine file reaches for the network, a process, the clock or chance', () => {
  const reaches =
    /\b(fetch\(|node:https?'|createConnection\(|net\.connect|node:dns'|node:child_process'|Date\.now\(|new Date\(\)|Math\.random\(|randomUUID|randomBytes)/;
  const wrong = sources('lib')
    .filter((file) => file.path !== 'lib/controls/clock.ts' && reaches.test(code(file)))
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});
