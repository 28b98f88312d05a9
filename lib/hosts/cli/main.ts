import { createColors } from 'picocolors';
import type { Io } from './io';
import { run as ours } from './run';

async function stdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Binds the command line to this process. The exit status is left for Node to return, so that a pipe gets all of the output. */
export async function main(run: (argv: readonly string[], io: Io) => Promise<number> = ours): Promise<void> {
  // A reader that stops early, as `head` does, is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const io: Io = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    progress: process.stderr.isTTY === true && process.env.TERM !== 'dumb' ? (text) => void process.stderr.write(text) : undefined,
    started: performance.timeOrigin,
    stdin,
    columns: process.stdout.columns,
    color: wantsColor(),
    env: process.env,
  };
  process.exitCode = await run(process.argv.slice(2), io);
}

/** Colour for people at a terminal; NO_COLOR and FORCE_COLOR have the last word. */
function wantsColor(): boolean {
  const { env, stdout } = process;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return createColors().isColorSupported && stdout.isTTY === true && env.TERM !== 'dumb';
}
