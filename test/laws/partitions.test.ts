import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build as quickstart } from '../../examples/quickstart/app';
import { build as referencePlatform } from '../../examples/reference-platform/app';
import { code, sources } from './sources';

/** Everything an example writes for a region, as one text. */
function written(build: typeof quickstart, region: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'partitions-'));
  const [outdir, dist] = [join(folder, 'cdk.out'), join(folder, 'dist')];
  const { cdk, charts } = build({ outdir, dist, region });
  cdk.synth();
  charts.synth();
  const text = [outdir, dist]
    .flatMap((from) => readdirSync(from).map((name) => join(from, name)))
    .filter((path) => /\.(template\.json|yaml)$/.test(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  rmSync(folder, { recursive: true });
  return text;
}

const REGIONS = [
  ['eu-west-1', 'aws'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['cn-north-1', 'aws-cn'],
] as const;

describe.each([
  ['quickstart', quickstart],
  ['reference-platform', referencePlatform],
] as const)('%s', (_, build) => {
  test.each(REGIONS)('in %s names no partition but %s', (region, partition) => {
    const text = written(build, region);
    const named = new Set([...text.matchAll(/arn:(aws[a-z-]*):/g)].map(([, found]) => found));
    named.delete(partition);
    expect([...named]).toEqual([]);
    expect(text).toContain('AWS::Partition');
  });
});

test('no construct writes a partition', () => {
  const wrong = [...sources('lib/aws'), ...sources('lib/k8s')].filter((file) => /arn:aws:/.test(code(file))).map(({ path }) => path);
  expect(wrong).toEqual([]);
});
