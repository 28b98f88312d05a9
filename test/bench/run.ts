/**
 * Measures the library against the plain ones: `npm run bench -- [--runs N] [words of a bound's name]`.
 *
 * How to read the table: `ours` and `peer` are CPU seconds (user + system) of a whole process, from the start of node to its end, or MiB of its peak
 * resident memory; each is the median of its runs, and the runs of both alternate (A/B/A/B), so that a busy machine slows both. `ratio` is ours / peer,
 * or (ours - peer) / peer where the bound says what is added. Where there is no peer, the bound is a figure of its own. Bounds that exist only to be seen
 * have no bound and cannot fail. Both sides of a bound marked `same` in bounds.ts must write the same kinds of objects as often, or the bound fails
 * whatever it costs: a peer that does less is no peer.
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

const shown = (bound: Bound, value: number) => (bound.of === 'memory' ? `${value.toFixed(0)} MiB` : `${value.toFixed(2)} s`);

/** A figure that is compared with none. */
function absoluteRow(bound: Bound, { cpu, memory, runs }: Figures): Row {
  const [value, most] = bound.of === 'memory' ? [memory, bound.mostMiB] : [cpu, bound.mostSeconds];
  const failed = most !== undefined && value > most;
  const verdict = most === undefined ? '-' : failed ? 'EXCEEDED' : 'ok';
  const limit = most === undefined ? '-' : `${most} ${bound.of === 'memory' ? 'MiB' : 's'}`;
  return { cells: [bound.name, shown(bound, value), '-', '-', limit, `${runs}`, verdict], failed };
}

function rowOf(bound: Bound, ours: Figures, peer: Figures, objection: string | undefined): Row {
  const [mine, other] = bound.of === 'memory' ? [ours.memory, peer.memory] : [ours.cpu, peer.cpu];
  const ratio = bound.added === true ? (mine - other) / other : mine / other;
  const exceeded = bound.most !== undefined && ratio > bound.most;
  const times = (value: number) => `${bound.added === true ? '+' : ''}${value.toFixed(2)}x`;
  const verdict = objection ?? (bound.most === undefined ? '-' : exceeded ? 'EXCEEDED' : 'ok');
  const runs = `${ours.runs === peer.runs ? '' : `${ours.runs}/`}${peer.runs}`;
  const most = bound.most === undefined ? '-' : `${bound.added === true ? '+' : ''}${bound.most}x`;
  return {
    cells: [bound.name, shown(bound, mine), shown(bound, other), times(ratio), most, runs, verdict],
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
        const ours = bench.figures(bound.ours);
        if (bound.peer === undefined) {
          rows.push(absoluteRow(bound, ours));
          continue;
        }
        const peer = bench.figures(bound.peer);
        rows.push(rowOf(bound, ours, peer, bound.same === true ? differenceOf(ours.written, peer.written) : undefined));
      }
    }
  } finally {
    bench.close();
  }
  print(rows);
  for (const { name, note } of chosen) console.log(`\n${name}: ${note}`);
  const isBound = ({ most, mostSeconds, mostMiB }: Bound) => [most, mostSeconds, mostMiB].some((limit) => limit !== undefined);
  const judged = rows.filter((row, at) => row.failed || isBound(chosen[at]));
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
