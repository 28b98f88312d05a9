import { dirname, join } from 'node:path';

/** check.js FOLDER whole|first ARGUMENTS: `bulwark check`, to its end or, at a terminal, to the first thing that somebody sees. */
const [, shape, ...args] = process.argv.slice(2);
const command = join(dirname(require.resolve('cdk-bulwark/package.json')), 'bin', 'bulwark');
process.argv = [process.argv[0], command, 'check', ...args];
if (shape === 'first') {
  for (const stream of [process.stdout, process.stderr]) {
    stream.isTTY = true;
    stream.write = () => process.exit(0);
  }
}
process.on('exit', () => {
  // Findings are what it is here to find.
  if (process.exitCode === 1) process.exitCode = 0;
});
require(command);
