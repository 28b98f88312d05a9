import { App, Chart, Cron, Duration } from 'cdk8s';
import { ConcurrencyPolicy, CronJob, k8s, RestartPolicy, ServiceAccount } from 'cdk8s-plus-28';
import { container, labelsOf, POD, policy, tenant, workload } from './by-hand-pods';

const NAMESPACE = 'payments';
const pods = (name: string) => ({ 'app.kubernetes.io/instance': name, 'app.kubernetes.io/name': name });
const tcp = (port: number) => [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) }];
const ranges = (...cidrs: string[]) => cidrs.map((cidr) => ({ ipBlock: { cidr } }));

/** The Kubernetes half of the quickstart, written by hand. */
export function payments(outdir: string): App {
  const app = new App({ outdir });
  const chart = new Chart(app, NAMESPACE, { namespace: NAMESPACE });
  tenant(chart, NAMESPACE);
  workload(chart, 'gateway', { image: 'registry.example.com/gateway:1.4.2', port: 8080 });
  workload(chart, 'api', { image: 'registry.example.com/api:2.0.1', port: 8443 });
  const serviceAccount = new ServiceAccount(chart, 'batch-account', {
    metadata: {
      name: 'batch',
      annotations: {
        'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/platform-cluster.payments.batch',
        'eks.amazonaws.com/sts-regional-endpoints': 'true',
      },
    },
  });
  const labels = labelsOf('batch', NAMESPACE, '3.1.0');
  new CronJob(chart, 'batch', {
    ...POD,
    metadata: { name: 'batch', labels },
    podMetadata: { labels },
    schedule: Cron.daily(),
    timeZone: 'Etc/UTC',
    concurrencyPolicy: ConcurrencyPolicy.FORBID,
    startingDeadline: Duration.minutes(5),
    restartPolicy: RestartPolicy.NEVER,
    serviceAccount,
    containers: [container({ image: 'registry.example.com/batch:3.1.0' })],
  });

  const apis = { to: ranges('10.0.224.0/21', '10.0.232.0/21', '10.0.240.0/21'), ports: tcp(443) };
  const agent = { to: ranges('169.254.170.23/32'), ports: tcp(80) };
  const peer = (name: string) => [{ podSelector: { matchLabels: pods(name) } }];
  policy(chart, 'gateway-reach-api', pods('gateway'), { policyTypes: ['Egress'], egress: [{ to: peer('api'), ports: tcp(8443) }] });
  policy(chart, 'api-accept-gateway', pods('api'), { policyTypes: ['Ingress'], ingress: [{ from: peer('gateway'), ports: tcp(8443) }] });
  policy(chart, 'api-credentials', pods('api'), { policyTypes: ['Egress'], egress: [agent, apis] });
  policy(chart, 'batch-credentials', pods('batch'), { policyTypes: ['Egress'], egress: [apis] });
  return app;
}
