import { k8s } from 'cdk-bulwark';
import { Size } from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import { Cpu } from 'cdk8s-plus-28';

/** The labels by which a live workload finds its pods: Kubernetes refuses to change them. */
const live = (address: string) => k8s.Selector.keep({ 'cdk8s.io/metadata.addr': address });

/** Step three: the same shop with our classes. What runs keeps its names and its selectors; the pods get their sandbox, the tiers their policies. */
export function build(outdir?: string, extension?: string): k8s.App {
  const app = new k8s.App({ kubernetes: '1.35', outdir, outputFileExtension: extension });
  const shop = new k8s.Tenant(app, 'shop', { cpu: Cpu.units(8), memory: Size.gibibytes(16) });
  const settings = new plus.ConfigMap(shop, 'settings', { data: { LOG_LEVEL: 'info' } });
  // As a file: an environment is seen by every child process and ends up in dumps.
  const login = plus.Secret.fromSecretName(shop, 'login', 'db-login');
  const password = plus.Volume.fromSecret(shop, 'password', login, { defaultMode: 0o440 });

  const disk = new plus.PersistentVolumeClaim(shop, 'disk', {
    accessModes: [plus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
    storage: Size.gibibytes(20),
  });
  const data = plus.Volume.fromPersistentVolumeClaim(shop, 'data', disk);
  const db = new k8s.Deployment(shop, 'db', {
    replicas: 1,
    selector: live('shop-db-c8b8558a'),
    containers: [
      {
        image: k8s.Image.semver('registry.example.com/shop-db', '16.4.0'),
        portNumber: 5432,
        envVariables: { POSTGRES_PASSWORD_FILE: plus.EnvValue.fromValue('/run/login/password') },
        volumeMounts: [
          { path: '/var/lib/postgresql/data', volume: data },
          { path: '/run/login', volume: password, readOnly: true },
        ],
        writablePaths: ['/var/run/postgresql'],
      },
    ],
  });
  db.exposeViaService();

  const api = new k8s.Deployment(shop, 'api', {
    selector: live('shop-api-c8fa48f5'),
    containers: [
      {
        image: k8s.Image.semver('registry.example.com/shop-api', '3.2.1'),
        portNumber: 8080,
        envFrom: [new plus.EnvFrom(settings)],
        envVariables: { DB_PASSWORD_FILE: plus.EnvValue.fromValue('/run/login/password') },
        volumeMounts: [{ path: '/run/login', volume: password, readOnly: true }],
      },
    ],
  });
  api.exposeViaService();

  const web = new k8s.Deployment(shop, 'web', {
    selector: live('shop-web-c80b2a96'),
    containers: [
      { image: k8s.Image.semver('registry.example.com/shop-web', '1.8.0'), portNumber: 8443, envFrom: [new plus.EnvFrom(settings)] },
    ],
  });
  web.exposeViaService();
  api.accept(web);
  db.accept(api);
  return app;
}
