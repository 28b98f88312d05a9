import { App as CdkApp, Stack } from 'aws-cdk-lib';
import { Cluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { App, Chart, Size } from 'cdk8s';
import { Cpu, Deployment, Namespace } from 'cdk8s-plus-28';
import { aws, k8s } from '../../lib';

/** A cluster with the defaults of aws-eks-v2. */
export function plainCluster(outdir: string): void {
  const cdk = new CdkApp({ outdir });
  const stack = new Stack(cdk, 'Platform', { env: { account: '111122223333', region: 'eu-west-1' } });
  new Cluster(stack, 'Cluster', { version: KubernetesVersion.V1_35 });
  cdk.synth();
}

/** A cluster with the defaults of this library. */
export function ourCluster(outdir: string): void {
  const cdk = new CdkApp({ outdir });
  const stack = new Stack(cdk, 'Platform', { env: { account: '111122223333', region: 'eu-west-1' } });
  const network = new aws.Network(stack, 'Network', { zoneIds: ['euw1-az1', 'euw1-az2', 'euw1-az3'] });
  const admins = [Role.fromRoleName(stack, 'Admins', 'platform-admins')];
  new aws.Cluster(stack, 'Cluster', { version: KubernetesVersion.V1_35, network, admins });
  cdk.synth();
}

const TIERS = ['web', 'api', 'store'];

/** Three tiers with the defaults of cdk8s-plus-28. */
export function plainWorkloads(outdir: string): void {
  const app = new App({ outdir });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new Namespace(chart, 'namespace', { metadata: { name: 'shop' } });
  for (const tier of TIERS) {
    const deployment = new Deployment(chart, tier, { containers: [{ image: `registry.example.com/${tier}:1.0.0`, portNumber: 8080 }] });
    deployment.exposeViaService();
  }
  app.synth();
}

/** The same three tiers with the defaults of this library, each reached by the one before it. */
export function ourWorkloads(outdir: string): void {
  const app = new k8s.App({ kubernetes: '1.35', outdir });
  const shop = new k8s.Tenant(app, 'shop', { cpu: Cpu.units(20), memory: Size.gibibytes(64) });
  const [web, api, store] = TIERS.map((tier) => {
    const image = k8s.Image.semver(`registry.example.com/${tier}`, '1.0.0');
    const deployment = new k8s.Deployment(shop, tier, { containers: [{ image, portNumber: 8080 }] });
    deployment.exposeViaService();
    return deployment;
  });
  api.accept(web);
  store.accept(api);
  app.synth();
}
