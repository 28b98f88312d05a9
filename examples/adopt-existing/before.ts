import { App, Chart, Size } from 'cdk8s';
import * as plus from 'cdk8s-plus-28';

/** A shop of three tiers, as somebody wrote it who knows cdk8s-plus and nothing of this library. */
export function build(outdir?: string, outputFileExtension?: string): { app: App; chart: Chart } {
  const app = new App({ outdir, outputFileExtension });
  const shop = new Chart(app, 'shop', { namespace: 'shop' });
  const settings = new plus.ConfigMap(shop, 'settings', { metadata: { name: 'settings' }, data: { LOG_LEVEL: 'info' } });
  const login = plus.Secret.fromSecretName(shop, 'login', 'db-login');

  const disk = new plus.PersistentVolumeClaim(shop, 'disk', {
    metadata: { name: 'disk' },
    accessModes: [plus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
    storage: Size.gibibytes(20),
  });
  const data = plus.Volume.fromPersistentVolumeClaim(shop, 'data', disk);
  const db = new plus.Deployment(shop, 'db', {
    metadata: { name: 'db' },
    replicas: 1,
    containers: [
      {
        image: 'registry.example.com/shop-db:16.4.0',
        portNumber: 5432,
        envVariables: { POSTGRES_PASSWORD: plus.EnvValue.fromSecretValue({ secret: login, key: 'password' }) },
        volumeMounts: [{ path: '/var/lib/postgresql/data', volume: data }],
      },
    ],
  });
  db.exposeViaService({ name: 'db' });

  const api = new plus.Deployment(shop, 'api', {
    metadata: { name: 'api' },
    containers: [
      {
        image: 'registry.example.com/shop-api:3.2.1',
        portNumber: 8080,
        envFrom: [new plus.EnvFrom(settings)],
        envVariables: { DB_PASSWORD: plus.EnvValue.fromSecretValue({ secret: login, key: 'password' }) },
      },
    ],
  });
  api.exposeViaService({ name: 'api' });

  const web = new plus.Deployment(shop, 'web', {
    metadata: { name: 'web' },
    containers: [{ image: 'registry.example.com/shop-web:1.8.0', portNumber: 8443, envFrom: [new plus.EnvFrom(settings)] }],
  });
  web.exposeViaService({ name: 'web' });
  return { app, chart: shop };
}

// CDK8S_OUTDIR=examples/adopt-existing/before npx tsx examples/adopt-existing/before.ts
if (require.main === module) build().app.synth();
