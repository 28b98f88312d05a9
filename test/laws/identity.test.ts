import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identitiesOf } from '../../tools/identity';
import { ROOT } from './sources';

/**
 * What holds data or is called by name keeps its name: another logical id or selector makes CloudFormation or Kubernetes replace it. `moves.json` says
 * what each name became (or null for what is gone), which costs a major version.
 */
const folder = join(ROOT, 'test', 'identity');
const moves = JSON.parse(readFileSync(join(folder, 'moves.json'), 'utf8')) as { [example: string]: { [old: string]: string | null } };
const examples = readdirSync(join(ROOT, 'test', 'golden')).sort();
const frozen = (example: string): string[] =>
  readFileSync(join(folder, `${example}.identity`), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

test.each(examples)('%s keeps every name it ever had', (example) => {
  const now = new Set(identitiesOf(join(ROOT, 'test', 'golden', example)));
  const moved = moves[example] ?? {};
  const lost = frozen(example)
    .map((line) => (line in moved ? moved[line] : line))
    .filter((line) => line !== null && !now.has(line));
  expect(lost).toEqual([]);
});

test.each(examples)("every name of %s is frozen; 'npm run goldens -- --update' adds new ones", (example) => {
  const known = new Set([...frozen(example), ...Object.values(moves[example] ?? {})]);
  expect(identitiesOf(join(ROOT, 'test', 'golden', example)).filter((line) => !known.has(line))).toEqual([]);
  expect(known.size).toBeGreaterThan(20);
});

test('a move is of a name that was frozen', () => {
  for (const [example, moved] of Object.entries(moves)) expect(frozen(example)).toEqual(expect.arrayContaining(Object.keys(moved)));
});
