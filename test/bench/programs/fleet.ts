import { App, Chart } from 'cdk8s';
import { Deployment, ServiceAccount } from 'cdk8s-plus-28';
import { hardened, tenant, workload } from './by-hand-pods';

/**
 * fleet.js FOLDER VARIANT NUMBER: that many Deployments in one chart.
 *
 * `plain` and `guarded` are one program of cdk8s and cdk8s-plus, without and with `guard()`. It sets all that these classes know of what the controls ask
 * for, so the synthesis passes; what the classes cannot say is found, as low, on each Deployment, and reported. `hardened` is ours, with `guard()`, and
 * `written` its peer: the same objects, made by hand.
 */
const [outdir, variant, number] = process.argv.slice(2);
const names = Array.from({ length: Number(number) }, (_, index) => `web-${index}`);
const image = 'registry.example.com/web';
const version = '1.4.2';

function stock(): App {
  const app = new App({ outdir });
  const chart = new Chart(app, 'fleet', { namespace: 'fleet' });
  tenant(chart, 'fleet');
  const serviceAccount = new ServiceAccount(chart, 'account', { metadata: { name: 'web' } });
  for (const name of names) new Deployment(chart, name, hardened({ image: `${image}:${version}`, port: 8080, serviceAccount }));
  return app;
}

function written(): App {
  const app = new App({ outdir });
  const chart = new Chart(app, 'fleet', { namespace: 'fleet' });
  tenant(chart, 'fleet');
  for (const name of names) workload(chart, name, { image: `${image}:${version}`, port: 8080 });
  return app;
}

function ours(): App {
  const k8s = require('cdk-bulwark/k8s') as typeof import('cdk-bulwark/k8s');
  const { Cpu } = require('cdk8s-plus-28') as typeof import('cdk8s-plus-28');
  const { Size } = require('cdk8s') as typeof import('cdk8s');
  const app = new k8s.App({ kubernetes: '1.35', outdir });
  const fleet = new k8s.Tenant(app, 'fleet', { cpu: Cpu.units(1000), memory: Size.gibibytes(4000) });
  for (const name of names)
    new k8s.Deployment(fleet, name, { containers: [{ image: k8s.Image.semver(image, version), portNumber: 8080 }] });
  return app;
}

const app = variant === 'hardened' ? ours() : variant === 'written' ? written() : stock();
if (variant === 'guarded' || variant === 'hardened') {
  const { guard } = require('cdk-bulwark/hosts') as typeof import('cdk-bulwark/hosts');
  guard({ cdk8s: app });
}
app.synth();
