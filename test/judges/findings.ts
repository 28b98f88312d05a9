import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from './judge';
import { REASONS, type Reason } from './reasons';

export const EXAMPLES = ['quickstart', 'reference-platform'] as const;

/** What a judge holds against something an example synthesized. */
export interface Finding {
  readonly judge: string;
  readonly example: string;
  readonly rule: string;
  /** What it is about: a logical id, a construct path, `Kind namespace/name`. */
  readonly resource: string;
  readonly message: string;
}

/** Where the run keeps what it made; the tests do not run by themselves. */
export function work(...parts: string[]): string {
  const folder = process.env.JUDGES_WORK;
  if (folder === undefined) throw new Error("the judges are called by 'npm run judges', which provides them");
  return join(folder, ...parts);
}

/** What an example synthesized of one tree, and nothing else. */
export const folderOf = (example: string, tree: Tree): string => work(example, tree === 'templates' ? 'templates' : 'dist');

/** False for a judge that the run was not asked for. */
export function wanted(judge: string): boolean {
  const only = process.env.JUDGES_ONLY ?? '';
  return only === '' || only.split(' ').includes(judge);
}

export function reasonOf(finding: Finding): Reason | undefined {
  return REASONS.find(
    (reason) =>
      reason.judge === finding.judge &&
      (reason.rule === finding.rule || (reason.rule instanceof RegExp && reason.rule.test(finding.rule))) &&
      (reason.resource === undefined || reason.resource.test(finding.resource)),
  );
}

/** Keeps the findings of a judge for the table, and demands a written reason beside each. */
export function expectExplained(judge: string, findings: readonly Finding[]): void {
  writeFileSync(work('findings', `${judge}.json`), JSON.stringify(findings));
  const bare = findings.filter((finding) => reasonOf(finding) === undefined);
  expect(bare.map(({ example, rule, resource, message }) => `${example}: ${rule} ${resource}: ${message}`)).toEqual([]);
}

/** The findings of a judge that ran, undefined for one that did not. */
export function kept(judge: string): Finding[] | undefined {
  const file = work('findings', `${judge}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Finding[]) : undefined;
}

/** The judges that could not be had, and why. */
export function missing(): ReadonlyMap<string, string> {
  const file = process.env.JUDGES_MISSING;
  const lines = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Map(lines.filter((line) => line !== '').map((line) => line.split('\t') as [string, string]));
}
