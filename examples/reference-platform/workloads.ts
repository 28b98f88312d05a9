import { k8s } from 'cdk-bulwark';
import { Cron, Size } from 'cdk8s';
import { Cpu, EnvValue } from 'cdk8s-plus-28';

const image = (name: string, version: string): k8s.Image => k8s.Image.semver(`registry.example.com/${name}`, version);

/** Two teams, three workloads each: who may talk to whom is said once, between the workloads themselves. */
export function deploy(charts: k8s.App, environment: string): void {
  const statements = EnvValue.fromValue(charts.handoff.value(`output/${environment}/StatementsBucket`));

  const payments = new k8s.Tenant(charts, 'payments', { cpu: Cpu.units(20), memory: Size.gibibytes(64) });
  const gateway = new k8s.Deployment(payments, 'gateway', { containers: [{ image: image('gateway', '1.4.2'), portNumber: 8080 }] });
  const api = new k8s.Deployment(payments, 'api', { containers: [{ image: image('api', '2.0.1'), portNumber: 8443 }] });
  const ledger = new k8s.Deployment(payments, 'ledger', {
    containers: [
      {
        image: image('ledger', '5.2.0'),
        portNumber: 8443,
        writablePaths: ['/var/cache/ledger'],
        envVariables: { STATEMENTS_BUCKET: statements },
      },
    ],
  });
  api.accept(gateway);
  ledger.accept(api);

  const storefront = new k8s.Tenant(charts, 'storefront', { cpu: Cpu.units(12), memory: Size.gibibytes(32) });
  const web = new k8s.Deployment(storefront, 'web', { replicas: 3, containers: [{ image: image('web', '7.0.3'), portNumber: 8080 }] });
  const catalog = new k8s.StatefulSet(storefront, 'catalog', { containers: [{ image: image('catalog', '3.3.1'), portNumber: 9090 }] });
  new k8s.CronJob(storefront, 'reports', {
    schedule: Cron.daily(),
    containers: [{ image: image('reports', '1.1.0'), envVariables: { STATEMENTS_BUCKET: statements } }],
  });
  catalog.accept(web);
  gateway.accept(web); // across tenants: both namespaces get their half
}
