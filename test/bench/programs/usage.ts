import { readFileSync, writeSync } from 'node:fs';

/** Loaded before a program: its last line says what it took, in seconds and MiB. */
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeSync(1, `${JSON.stringify({ cpu: (user + system) / 1e6, memory: peak() / 1024 })}\n`);
});

/** Peak resident memory in KiB. Linux counts what the parent had when it forked into `maxRSS`, and not into this line. */
function peak(): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
