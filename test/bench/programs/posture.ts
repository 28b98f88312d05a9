import { join } from 'node:path';

/** posture.js FOLDER ours|peer: the quickstart without its guard, given to `Posture.of` and asked for all there is, or only synthesized. */
const [folder, side] = process.argv.slice(2);
const hosts = require.resolve('cdk-bulwark/hosts');
// The guard audits at synth, and this measures what an audit adds.
require.cache[hosts] = Object.assign(new (require('node:module') as typeof import('node:module'))(hosts), {
  exports: { guard: () => undefined },
  loaded: true,
});
const { build } = require('../../../examples/quickstart/app') as typeof import('../../../examples/quickstart/app');
const { cdk, charts } = build({ outdir: join(folder, 'cdk.out'), dist: join(folder, 'dist') });
if (side === 'ours') {
  const { Posture } = require('cdk-bulwark/jest') as typeof import('cdk-bulwark/jest');
  const posture = Posture.of({ cdk, cdk8s: charts, asOf: '2026-11-01' });
  if (posture.facts.length === 0 || posture.summary.pass === 0) throw new Error('nothing was examined');
} else {
  cdk.synth();
  charts.synth();
}
