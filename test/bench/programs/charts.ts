import * as cdk8s from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';

/**
 * charts.js FOLDER ours|peer one|many NUMBER: Deployments, all in one chart or each in its own. Stock Deployments with either App, so that the figures
 * differ by what an App costs and by nothing else; those of one chart need ids of their own, those of many have the same id in each.
 */
const [outdir, side, shape, number] = process.argv.slice(2);
const app =
  side === 'ours'
    ? new (require('cdk-bulwark/k8s') as typeof import('cdk-bulwark/k8s')).App({ kubernetes: '1.35', outdir })
    : new cdk8s.App({ outdir });
const fleet = shape === 'one' ? new cdk8s.Chart(app, 'fleet') : undefined;
for (let index = 0; index < Number(number); index++) {
  new Deployment(fleet ?? new cdk8s.Chart(app, `team-${index}`), fleet === undefined ? 'web' : `web-${index}`, {
    containers: [{ image: 'registry.example.com/web:1.4.2', portNumber: 8080 }],
  });
}
app.synth();
