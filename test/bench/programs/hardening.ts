import { App, Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';

/** hardening.js FOLDER ours|peer NUMBER: that many stock Deployments in one chart, hardened at the strict level or not. */
const [outdir, side, number] = process.argv.slice(2);
const { Hardening, HardeningLevel } = require('cdk-bulwark/k8s') as typeof import('cdk-bulwark/k8s');
const app = new App({ outdir });
const chart = new Chart(app, 'fleet');
if (side === 'ours') Hardening.of(app, { level: HardeningLevel.STRICT, kubernetes: '1.35' });
for (let index = 0; index < Number(number); index++) {
  new Deployment(chart, `web-${index}`, { containers: [{ image: 'registry.example.com/web:1.4.2', portNumber: 8080 }] });
}
app.synth();
