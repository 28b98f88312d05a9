const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Before the first test and after the last: apps without an output folder write to the system's, hundreds of them in one run. */
module.exports = async () => {
  const scratch = process.env.BULWARK_TEST_SCRATCH;
  if (scratch !== undefined) return rmSync(scratch, { recursive: true, force: true });
  process.env.BULWARK_TEST_SCRATCH = process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'bulwark-tests-'));
};
