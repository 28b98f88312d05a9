import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { changedLines } from '../snapshots/world';

/** Folders with other releases of the libraries, as `run.sh` installed them: `lowest=FOLDER newest=FOLDER`. */
const releases = new Map((process.env.RELEASES ?? '').split(' ').map((entry) => entry.split('=') as [string, string]));
const root = join(__dirname, '..', '..');

interface Printed {
  readonly version: string;
  readonly posture: string;
  readonly blueprints: string;
}

function printed(example: string, folder?: string): Printed {
  const args = ['--import', 'tsx', join(root, 'test', 'snapshots', 'print.ts'), example, ...(folder === undefined ? [] : [folder])];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, CDK_VALIDATION: 'false' },
    encoding: 'utf8',
    maxBuffer: 2 ** 27,
  });
  if (status !== 0) throw new Error(stderr.split('\n').slice(0, 20).join('\n'));
  // What a program prints while it is imported comes before.
  return JSON.parse(stdout.slice(stdout.indexOf('{"version"'))) as Printed;
}

/** Releases must not show in a posture file, and in blueprints in one line of a hundred at most. */
function expectSame(one: Printed, other: Printed): void {
  expect(one.version).not.toBe(other.version);
  expect(changedLines(one.posture, other.posture)).toEqual([]);
  const changed = changedLines(one.blueprints, other.blueprints);
  const lines = other.blueprints.split('\n').length;
  console.log(`${one.version} -> ${other.version}: 0 posture lines, ${changed.length} of ${lines} blueprint lines\n${changed.join('\n')}`);
  expect(changed.length).toBeLessThanOrEqual(lines / 100);
}

const [lowest, newest] = [releases.get('lowest'), releases.get('newest')];
const both = lowest !== undefined && newest !== undefined ? describe : describe.skip;
if (both === describe.skip) console.log('snapshots: no other releases are installed, so nothing is compared');

both('the lowest and the newest releases of aws-cdk-lib and cdk8s give one posture', () => {
  test.each(['quickstart', 'reference-platform'])(
    '%s',
    (example) => expectSame(printed(example, lowest), printed(example, newest)),
    120_000,
  );
});

test('cdk8s-plus 28 and 34 give one posture', () => expectSame(printed('plus-28'), printed('plus-34')), 120_000);
