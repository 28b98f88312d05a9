import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allControls, find } from '../../lib/controls/catalogue';
import { CONTROL_IDS } from '../../lib/controls/ids';
import { ROOT, sources } from './sources';

test('ids are unique and come from the frozen list', () => {
  const ids = allControls.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !(id in CONTROL_IDS))).toEqual([]);
});

test('no id was taken out of the frozen list or given another meaning', () => {
  // Ids that were ever given out, with a digest of what each is about. New ids are added here; a line never changes.
  const frozen = JSON.parse(readFileSync(join(__dirname, 'frozen-ids.json'), 'utf8')) as { [id: string]: string };
  const now = Object.fromEntries(
    Object.entries(CONTROL_IDS).map(([id, title]) => [id, createHash('sha256').update(title).digest('hex').slice(0, 8)]),
  );
  expect(now).toEqual(frozen);
});

test('aliases resolve and shadow no id', () => {
  for (const control of allControls) {
    for (const alias of control.aliases ?? []) {
      expect(find(alias)).toBe(control);
      expect(alias in CONTROL_IDS).toBe(false);
    }
    expect(find(control.id.toLowerCase())).toBe(control);
  }
});

test('every control has a reference outside, or is one that only this library can judge', () => {
  const without = allControls.filter(({ references }) => Object.values(references).flat().length === 0).map(({ id }) => id);
  // Relations between resources and between the trees: no scanner and no benchmark has a rule for them.
  expect(without).toEqual(['A-EKS-08', 'A-EKS-13', 'A-EKS-14', 'A-EKS-15', 'A-JON-01', 'A-JON-03', 'A-JON-04']);
});

test('every control file is in its folder index, and every folder in the catalogue', () => {
  const folders = readdirSync(join(ROOT, 'lib', 'controls'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) expect([name, existsSync(join(ROOT, 'lib', 'controls', name, 'index.ts'))]).toEqual([name, true]);
  const declared = sources('lib/controls').flatMap(({ text }) =>
    [...text.matchAll(/^ {2}id: '([AK]-[A-Z0-9]+-\d+)'/gm)].map((match) => match[1]),
  );
  expect([...declared].sort()).toEqual(allControls.filter(({ id }) => declared.includes(id)).map(({ id }) => id));
  expect(declared.length).toBeGreaterThan(40);
});
