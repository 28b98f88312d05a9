import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { readCharts } from '../../lib/posture/apps';
import type { World } from './world';

/** A team's charts, written with the classes that every release of cdk8s-plus has. */
export function fleetOf(library: 'cdk8s-plus-28' | 'cdk8s-plus-34'): World {
  const plus = require(library) as typeof import('cdk8s-plus-28');
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
  new plus.Namespace(chart, 'namespace', { metadata: { name: 'shop' } });
  const settings = new plus.ConfigMap(chart, 'settings', { data: { level: 'info' } });
  const key = new plus.Secret(chart, 'key', { stringData: { token: 'none' } });
  const names = ['web', 'api', 'worker', 'search', 'mail', 'orders'];
  for (const name of names) {
    const serviceAccount = new plus.ServiceAccount(chart, `${name}-account`, { metadata: { name } });
    const role = new plus.Role(chart, `${name}-role`);
    role.allowRead(plus.ApiResource.CONFIG_MAPS);
    if (name === 'orders') role.allowReadWrite(plus.ApiResource.PODS);
    role.bind(serviceAccount);
    const deployment = new plus.Deployment(chart, name, {
      serviceAccount,
      replicas: 3,
      containers: [
        {
          image: `registry.example.com/${name}:1.4.2`,
          portNumber: 8080,
          envVariables: { LEVEL: plus.EnvValue.fromConfigMap(settings, 'level'), TOKEN: key.envValue('token') },
          liveness: plus.Probe.fromHttpGet('/healthz'),
        },
      ],
    });
    deployment.exposeViaService({ ports: [{ port: 80, targetPort: 8080 }] });
  }
  new plus.CronJob(chart, 'report', {
    schedule: (require('cdk8s') as typeof import('cdk8s')).Cron.daily(),
    containers: [{ image: 'registry.example.com/report:1.0.0' }],
  });
  const folder = mkdtempSync(join(tmpdir(), 'snapshots-'));
  const manifest = { version: '36.0.0', artifacts: {} };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return { folder, files: { [`${folder}/manifest.json`]: manifest }, objects: readCharts(app).kubernetes.map(({ object }) => object) };
}
