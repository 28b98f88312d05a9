import { KINDS } from './facts';
import { kindOf, type PostureFile } from './posture-file';

/** What became of one line since the file was written. */
export interface Change {
  readonly line: string;
  readonly sign: '+' | '-';
}

/** How facts differ from a file, by what that means. */
export interface Changes {
  /** More is permitted, or less is known: never recorded unless it is named. */
  readonly opens: readonly Change[];
  /** Less is permitted. */
  readonly closes: readonly Change[];
  /** Kinds of facts that were not computed when the file was written; their lines are in neither list. */
  readonly fresh: readonly string[];
}

/** Compares facts with a file: a line that is there anew or gone is a change, and its kind says which of the two widens. */
export function compare(recorded: PostureFile, facts: ReadonlySet<string>): Changes {
  const fresh = [...KINDS.keys()].filter((kind) => !recorded.kinds.includes(kind));
  const opens: Change[] = [];
  const closes: Change[] = [];
  const put = (line: string, sign: '+' | '-'): void => {
    const kind = kindOf(line);
    if (fresh.includes(kind)) return;
    const widens = KINDS.get(kind)?.widens === 'removed' ? '-' : '+';
    (sign === widens ? opens : closes).push({ line, sign });
  };
  for (const line of facts) if (!recorded.lines.has(line)) put(line, '+');
  for (const line of recorded.lines) if (!facts.has(line)) put(line, '-');
  return { opens, closes, fresh };
}

/** The lines after a set of changes was recorded, and facts of fresh kinds with them. */
export function record(recorded: PostureFile, facts: ReadonlySet<string>, changes: readonly Change[], fresh: readonly string[]): string[] {
  const lines = new Set(recorded.lines);
  for (const { line, sign } of changes) {
    if (sign === '+') lines.add(line);
    else lines.delete(line);
  }
  for (const line of facts) if (fresh.includes(kindOf(line))) lines.add(line);
  return [...lines];
}

/** A name that went and the one that came in its place. */
export interface Rename {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly Change[];
}

/**
 * Pairs of changes that differ in one name alone, where the old name is gone from all facts and the new one is in none of the file. A renamed role or
 * account permits somebody else, so its lines still count as they are; this only says what happened.
 */
export function renames(changes: readonly Change[], recorded: PostureFile, facts: ReadonlySet<string>): Rename[] {
  const gone = changes.filter(({ sign }) => sign === '-');
  const before = wordsOf(recorded.lines);
  const now = wordsOf(facts);
  const found = new Map<string, { from: string; to: string; changes: Change[] }>();
  for (const came of changes.filter(({ sign }) => sign === '+')) {
    const words = came.line.split(' ');
    for (const went of gone) {
      const old = went.line.split(' ');
      const at = old.length === words.length ? old.flatMap((text, index) => (text === words[index] ? [] : [index])) : [];
      if (at.length !== 1) continue;
      const [from, to] = [old[at[0]], words[at[0]]];
      if (!isName(from) || !isName(to) || now.has(from) || before.has(to)) continue;
      const key = `${from} ${to}`;
      const rename = found.get(key) ?? { from, to, changes: [] };
      rename.changes.push(went, came);
      found.set(key, rename);
    }
  }
  return [...found.values()].filter(
    ({ from, to }, _, all) =>
      all.filter((other) => other.from === from).length === 1 && all.filter((other) => other.to === to).length === 1,
  );
}

/** Construct paths and service accounts have a slash; actions and ARNs have colons. */
function isName(text: string): boolean {
  return text.includes('/') && !/[:"=]/.test(text);
}

function wordsOf(lines: Iterable<string>): Set<string> {
  return new Set([...lines].flatMap((line) => line.split(' ')));
}
