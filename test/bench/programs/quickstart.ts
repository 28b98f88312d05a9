import { join } from 'node:path';

/** quickstart.js FOLDER ours|peer: each side loads only what it uses. */
const [folder, side] = process.argv.slice(2);
const outdir = join(folder, 'cdk.out');
const dist = join(folder, 'dist');
if (side === 'ours') {
  const { build } = require('../../../examples/quickstart/app') as typeof import('../../../examples/quickstart/app');
  const { cdk, charts } = build({ outdir, dist });
  cdk.synth();
  charts.synth();
} else {
  const { platform } = require('./by-hand-platform') as typeof import('./by-hand-platform');
  const { payments } = require('./by-hand-payments') as typeof import('./by-hand-payments');
  platform(outdir).synth();
  payments(dist).synth();
}
