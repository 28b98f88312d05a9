/**
 * Measures the library against the plain ones: `npm run bench -- [--runs N] [words of a bound's name]`.
 *
 * How to read the table: `ours` and `peer` are CPU seconds (user + system) of a whole process, from the start of node to its end, or MiB of its peak
 * resident memory; each is the median of its runs, and the runs of both alternate (A/B/A/B), so that a busy machine slows both. `ratio` is ours / peer,
 * or (ours - peer) / peer where the bound says what is added; a bound in seconds or MiB is for ours alone, or for what is added. A scanner that is not there is MISSING. Bounds that exist only to be seen have no bound and cannot fail. Both sides of a bound
 * marked `same` in bounds.ts must write the same kinds of objects as often, or the bound fails whatever it costs: a peer that does less is no peer.
 * Exit status 1 when a bound is exceeded, 2 when nothing could be measured.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BOUNDS, type Bound } from './bounds';
import { Bench, type Figures } from './measure';

const root = join(__dirname, '..', '..');

function give(up: string): never {
  console.error(up);
  process.exit(2);
}

/** The first source that has no compiled JavaScript, or an older one. */
function uncompiled(folder: string): string | undefined {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const below = uncompiled(path);
      if (below !== undefined) return below;
    } else if (path.endsWith('.ts') && !path.endsWith('.d.ts')) {
      const compiled = path.replace(/\.ts$/, '.js');
      if (!existsSync(compiled) || statSync(compiled).mtimeMs < statSync(path).mtimeMs) return path;
    }
  }
  return undefined;
}

interface Row {
  readonly cells: readonly string[];
  readonly failed: boolean;
}

function rowOf(bound: Bound, ours: Figures, peer: Figures | undefined, objection: string | undefined): Row {
  const of = ({ cpu, memory }: Figures): number => (bound.of === 'memory' ? memory : cpu);
  const show = (value: number) => (bound.of === 'memory' ? `${value.toFixed(0)} MiB` : `${value.toFixed(2)} s`);
  const plus = bound.added === true ? '+' : '';
  const isMissing = bound.peer !== undefined && peer === undefined;
  const [mine, other] = [of(ours), peer === undefined ? Number.NaN : of(peer)];
  const ratio = bound.added === true ? (mine - other) / other : mine / other;
  const absolute = bound.mostSeconds ?? bound.mostMiB;
  // Without a peer that was measured every comparison is false.
  const exceeded = absolute === undefined ? ratio > (bound.most ?? Infinity) : (bound.added === true ? mine - other : mine) > absolute;
  const most = absolute !== undefined ? `${plus}${show(absolute)}` : bound.most === undefined ? '-' : `${plus}${bound.most}x`;
  const verdict = objection ?? (isMissing ? 'MISSING' : most === '-' ? '-' : exceeded ? 'EXCEEDED' : 'ok');
  const runs = peer === undefined || ours.runs === peer.runs ? `${ours.runs}` : `${ours.runs}/${peer.runs}`;
  const compared = Number.isNaN(ratio) ? '-' : `${plus}${ratio.toFixed(2)}x`;
  return {
    cells: [bound.name, show(mine), Number.isNaN(other) ? '-' : show(other), compared, most, runs, verdict],
    failed: exceeded || objection !== undefined,
  };
}

function print(rows: readonly Row[]): void {
  const head = ['scenario', 'ours', 'peer', 'ratio', 'bound', 'runs', 'verdict'];
  const all = [head, ...rows.map(({ cells }) => cells)];
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 || at === 6 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 || at === 6 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  console.log([line(head), rule, ...rows.map(({ cells }) => line(cells))].join('\n'));
}

function main(): void {
  const { values, positionals } = parseArgs({ options: { runs: { type: 'string', default: '5' } }, allowPositionals: true });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) give(`--runs is '${values.runs}'; give a whole number from 1`);
  const words = positionals.map((word) => word.toLowerCase());
  const chosen = BOUNDS.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  if (chosen.length === 0) give(`no bound is called '${positionals.join(' ')}'; there are: ${BOUNDS.map(({ name }) => name).join('; ')}`);
  const stale = uncompiled(join(root, 'lib'));
  if (stale !== undefined) give(`'${stale.slice(root.length + 1)}' is not compiled, or was changed since; run: npx projen compile`);

  const bench = new Bench(root, (text) => process.stderr.write(text));
  const rows: Row[] = [];
  try {
    for (const group of new Set(chosen.map((bound) => bound.group))) {
      const bounds = chosen.filter((bound) => bound.group === group);
      bench.measure(
        bounds.flatMap(({ ours, peer }) => (peer === undefined ? [ours] : [ours, peer])),
        runs,
      );
      for (const bound of bounds) {
        const ours = bench.figures(bound.ours)!;
        const peer = bound.peer === undefined ? undefined : bench.figures(bound.peer);
        const objection = bound.same === true && peer !== undefined ? differenceOf(ours.written, peer.written) : undefined;
        rows.push(rowOf(bound, ours, peer, objection));
      }
    }
  } finally {
    bench.close();
  }
  print(rows);
  for (const { name, note } of chosen) console.log(`\n${name}: ${note}`);
  const judged = rows.filter(({ cells, failed }) => failed || cells.at(-1) === 'ok');
  const failed = judged.filter((row) => row.failed).length;
  console.log(`\n${judged.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** The first kind of object that one side writes more often than the other. */
function differenceOf(ours: ReadonlyMap<string, number>, peer: ReadonlyMap<string, number>): string | undefined {
  for (const kind of new Set([...ours.keys(), ...peer.keys()])) {
    const [mine, other] = [ours.get(kind) ?? 0, peer.get(kind) ?? 0];
    if (mine !== other) return `NOT THE SAME: ${mine} and ${other} of ${kind}`;
  }
  return ours.size === 0 ? 'NOT THE SAME: nothing was written' : undefined;
}

main();
