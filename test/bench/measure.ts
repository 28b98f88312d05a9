import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import { writeFleet } from './fleet-files';
import { judge } from './judges';

/** A program of `programs/` with its arguments, or a scanner that others wrote. */
export interface Program {
  readonly file: string;
  /** `@fleet:NUMBER` stands for a folder with that many Deployments, and `@fleet:NUMBER/*` for its files. */
  readonly args: readonly string[];
  /**
   * Whether `file` is the name of a scanner, which need not be there.
   * @default false
   */
  readonly judge?: boolean;
  /**
   * How often it runs, as a multiple of what was asked for: more for what is over in no time, 0 for once.
   * @default 1
   */
  readonly weight?: number;
}

/** Medians over the runs of one program, and what it wrote: kinds of objects with their numbers. */
export interface Figures {
  readonly cpu: number;
  /** Of a scanner it is not measured. */
  readonly memory: number;
  readonly runs: number;
  readonly written: ReadonlyMap<string, number>;
}

interface Sample {
  readonly cpu: number;
  readonly memory: number;
}

/** What programs import by name. Links and not copies, so that both sides load the very files of the repository. */
const PACKAGES = ['aws-cdk-lib', 'cdk8s', 'cdk8s-plus-28', 'constructs'];

/** Runs programs in processes of their own, as JavaScript: a loader that compiles while they run would be most of what is measured. */
export class Bench {
  private readonly folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bulwark-bench-'));
  private readonly samples = new Map<string, Sample[]>();
  private readonly written = new Map<string, ReadonlyMap<string, number>>();

  constructor(
    root: string,
    private readonly progress: (text: string) => void,
  ) {
    for (const folder of ['test/bench/programs', 'examples/quickstart']) this.compile(root, folder);
    const modules = join(this.folder, 'node_modules');
    mkdirSync(modules);
    symlinkSync(root, join(modules, 'cdk-bulwark'));
    for (const name of PACKAGES) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }

  /** Runs the programs by turns, each as often as its weight says. */
  public measure(programs: readonly Program[], runs: number): void {
    const open = new Map(programs.map((program) => [keyOf(program), program]));
    for (let round = 0; open.size > 0; round++) {
      for (const [key, program] of open) {
        if (round >= Math.max(1, runs * (program.weight ?? 1))) open.delete(key);
        else this.run(key, program);
      }
    }
    this.progress('\n');
  }

  /** Undefined for a scanner that is not there. */
  public figures(program: Program): Figures | undefined {
    const key = keyOf(program);
    const samples = this.samples.get(key);
    if (samples === undefined) return undefined;
    return {
      cpu: median(samples.map(({ cpu }) => cpu)),
      memory: median(samples.map(({ memory }) => memory)),
      runs: samples.length,
      written: this.written.get(key)!,
    };
  }

  public close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(key: string, program: Program): void {
    if (program.judge === true) this.runJudge(key, program);
    else this.runOurs(key, program);
  }

  /** Its findings give it an exit status of its own, so nothing but a crash at the start can be told from a run. */
  private runJudge(key: string, { file, args }: Program): void {
    const command = judge(file);
    if (command === undefined) {
      this.progress(`${key}  MISSING\n`);
      return;
    }
    const script = 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2> /dev/null; exit 0';
    const { stderr } = spawnSync('bash', ['-c', script, 'bash', command, ...this.expand(args)], { cwd: this.folder, encoding: 'utf8' });
    const [user, system] = stderr.trim().split(' ').map(Number);
    if (!(user + system > 0)) throw new Error(`'${key}' did not run: ${stderr}`);
    this.samples.set(key, [...(this.samples.get(key) ?? []), { cpu: user + system, memory: Number.NaN }]);
    this.written.set(key, new Map());
    this.progress(`${key}  ${(user + system).toFixed(2)} s\n`);
  }

  private expand(args: readonly string[]): string[] {
    return args.flatMap((arg) => {
      const [, number, files] = /^@fleet:(\d+)(\/\*)?$/.exec(arg) ?? [];
      if (number === undefined) return [arg];
      const folder = join(this.folder, `fleet-${number}`);
      if (!existsSync(folder)) writeFleet(folder, Number(number));
      return files === undefined ? [folder] : readdirSync(folder).map((name) => join(folder, name));
    });
  }

  private runOurs(key: string, { file, args }: Program): void {
    const out = join(this.folder, 'out');
    const command = [
      '--require',
      join(this.folder, 'test/bench/programs/usage.js'),
      join(this.folder, 'test/bench/programs', `${file}.js`),
    ];
    // Nothing of this shell's settings: each would change what one of the sides does.
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: this.folder, CDK_VALIDATION: 'false' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [...command, out, ...this.expand(args)], {
      cwd: this.folder,
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) {
      // Without the line of a minified library that node quotes.
      const said = stderr.split('\n').filter((line) => line.length < 1000);
      throw new Error(`'${key}' ended with ${status}:\n${said.slice(0, 20).join('\n')}`);
    }
    const sample = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Sample;
    this.samples.set(key, [...(this.samples.get(key) ?? []), sample]);
    if (!this.written.has(key)) this.written.set(key, census(out));
    rmSync(out, { recursive: true, force: true });
    this.progress(`${key}  ${sample.cpu.toFixed(2)} s  ${sample.memory.toFixed(0)} MiB\n`);
  }

  private compile(root: string, folder: string): void {
    for (const name of readdirSync(join(root, folder)).filter((entry) => entry.endsWith('.ts'))) {
      const { code } = transformSync(readFileSync(join(root, folder, name), 'utf8'), {
        configFile: false,
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      });
      const target = join(this.folder, folder, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
  }
}

function keyOf({ file, args }: Program): string {
  return [file, ...args].join(' ');
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Resource types of the templates and kinds of the manifests below a folder, each with its number. */
function census(folder: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (!existsSync(folder)) return counts;
  const add = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.template.json')) {
      const { Resources } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { Resources: { [id: string]: { Type: string } } };
      for (const { Type } of Object.values(Resources)) add(Type);
    } else if (name.endsWith('.k8s.yaml')) {
      for (const [, kind] of readFileSync(join(folder, name), 'utf8').matchAll(/^kind: (.+)$/gm)) add(kind);
    }
  }
  return counts;
}
