/** Lines around a change that are shown with it. */
const CONTEXT = 3;

interface Step {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** The difference of two texts in the unified form; empty where there is none. */
export function unifiedDiff(name: string, before: string, after: string): string[] {
  if (before === after) return [];
  const steps = stepsOf(before.split('\n'), after.split('\n'));
  const lines = [`--- a/${name}`, `+++ b/${name}`];
  let [oldLine, newLine] = [1, 1];
  for (let at = 0; at < steps.length; ) {
    if (steps[at].sign === ' ') {
      at += 1;
      oldLine += 1;
      newLine += 1;
      continue;
    }
    const start = Math.max(0, at - CONTEXT);
    let end = at;
    // Changes with less than two contexts between them share one piece.
    for (let next = at; next < steps.length && next - end <= 2 * CONTEXT; next += 1) if (steps[next].sign !== ' ') end = next;
    const piece = steps.slice(start, Math.min(steps.length, end + 1 + CONTEXT));
    const [removed, added] = [piece.filter(({ sign }) => sign !== '+').length, piece.filter(({ sign }) => sign !== '-').length];
    lines.push(`@@ -${oldLine - (at - start)},${removed} +${newLine - (at - start)},${added} @@`);
    for (const { sign, line } of piece) lines.push(`${sign}${line}`);
    for (; at < start + piece.length; at += 1) {
      if (steps[at].sign !== '+') oldLine += 1;
      if (steps[at].sign !== '-') newLine += 1;
    }
  }
  return lines;
}

/** The shortest way from one list of lines to the other, as Myers finds it. */
function stepsOf(a: readonly string[], b: readonly string[]): Step[] {
  const most = a.length + b.length;
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  const reached = (k: number): number => furthest.get(k) ?? -1;
  search: for (let depth = 0; depth <= most; depth += 1) {
    trace.push(new Map(furthest));
    for (let k = -depth; k <= depth; k += 2) {
      let x = k === -depth || (k !== depth && reached(k - 1) < reached(k + 1)) ? reached(k + 1) : reached(k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) break search;
    }
  }
  const steps: Step[] = [];
  let [x, y] = [a.length, b.length];
  for (let depth = trace.length - 1; depth >= 0; depth -= 1) {
    const before = trace[depth];
    const at = (k: number): number => before.get(k) ?? -1;
    const k = x - y;
    const from = k === -depth || (k !== depth && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const [px, py] = [at(from), at(from) - from];
    while (x > px && y > py && x > 0 && y > 0) {
      steps.push({ sign: ' ', line: a[x - 1] });
      x -= 1;
      y -= 1;
    }
    if (depth === 0) break;
    if (x === px) steps.push({ sign: '+', line: b[y - 1] });
    else steps.push({ sign: '-', line: a[x - 1] });
    [x, y] = [px, py];
  }
  return steps.reverse();
}
