import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a judge may be given: CloudFormation templates or Kubernetes manifests. */
export type Tree = 'templates' | 'manifests';

/** What a judge holds against a file. */
export interface Held {
  /** Path of the file from the folder that was judged. */
  readonly file: string;
  readonly rule: string;
  /** What it is about: a logical id, `Kind namespace/name`. */
  readonly resource: string;
  readonly message: string;
}

/** A program that nobody here wrote and that has an opinion about files. */
export interface Judge {
  readonly name: string;
  /** The variable of the environment that names the program; unset where it could not be had. */
  readonly variable: string;
  /** What it reads, and a rule that it must hold against what is wrong in `proof`. */
  readonly reads: { readonly [tree in Tree]?: string };
  /** Something wrong of its own, for a judge that finds nothing in the insecure fixtures. */
  readonly proof?: object;
  /** What it holds against the files of a folder, each file judged by itself. */
  run(program: string, tree: Tree, folder: string): Held[];
}

const ENDINGS: { readonly [tree in Tree]: RegExp } = { templates: /\.template\.json$/, manifests: /\.ya?ml$/ };

/** The names of the templates or manifests of a folder. */
export function filesOf(folder: string, tree: Tree): string[] {
  return readdirSync(folder)
    .filter((name) => ENDINGS[tree].test(name))
    .sort();
}

/** What a program wrote; an answer without output is an error, never an agreement. */
export function output(program: string, args: readonly string[], cwd?: string): string {
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, cwd });
  if (error !== undefined) throw error;
  if (stdout.trim() === '') throw new Error(`${program} said nothing:\n${stderr}`);
  return stdout;
}

/** Runs a judge that takes one file at a time over all of a folder. What it says of a file that it cannot read is a finding too. */
export function eachFile(folder: string, tree: Tree, run: (path: string) => Omit<Held, 'file'>[], unreadable?: RegExp): Held[] {
  return filesOf(folder, tree).flatMap((file) => {
    try {
      return run(join(folder, file)).map((held) => ({ file, ...held }));
    } catch (error) {
      const [message] = (unreadable?.exec(String(error)) ?? []) as string[];
      if (message === undefined) throw error;
      return [{ file, rule: 'unreadable', resource: file, message }];
    }
  });
}
