import { App, Stack } from 'aws-cdk-lib';
import { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { aws, k8s } from 'cdk-bulwark';
import { guard } from 'cdk-bulwark/hosts';
import { Cron, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';

/** Where the two trees are written, and for which region: defaults of the two libraries. */
export interface QuickstartOptions {
  readonly outdir?: string;
  readonly dist?: string;
  readonly region?: string;
}

/** A hardened cluster and three workloads, one with each style of identity, ready to synthesize. */
export function build(options: QuickstartOptions = {}): { cdk: App; charts: k8s.App } {
  const cdk = new App({ outdir: options.outdir });
  const platform = new Stack(cdk, 'Platform', { env: { account: '111122223333', region: options.region ?? 'eu-west-1' } });
  const zoneIds = options.region === undefined ? ['euw1-az1', 'euw1-az2', 'euw1-az3'] : undefined;
  const network = new aws.Network(platform, 'Network', { zoneIds });
  const admins = Role.fromRoleName(platform, 'Admins', 'platform-admins');
  const cluster = new aws.Cluster(platform, 'Cluster', { version: KubernetesVersion.V1_35, network, admins: [admins] });
  const statements = new aws.Bucket(platform, 'Statements');
  statements.grantRead(cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api' })); // Pod Identity
  statements.grantRead(cluster.podRole('Batch', { namespace: 'payments', serviceAccount: 'batch', identity: aws.Identity.irsa() }));

  const charts = new k8s.App({ kubernetes: '1.35', handoff: aws.Handoff.of(cluster).values, outdir: options.dist });
  const payments = new k8s.Tenant(charts, 'payments', { cpu: Cpu.units(20), memory: Size.gibibytes(64) });
  const gateway = new k8s.Deployment(payments, 'gateway', {
    containers: [{ image: k8s.Image.semver('registry.example.com/gateway', '1.4.2'), portNumber: 8080 }],
  });
  const api = new k8s.Deployment(payments, 'api', {
    containers: [{ image: k8s.Image.semver('registry.example.com/api', '2.0.1'), portNumber: 8443 }],
  });
  new k8s.CronJob(payments, 'batch', {
    schedule: Cron.daily(),
    containers: [{ image: k8s.Image.semver('registry.example.com/batch', '3.1.0') }],
  });
  api.accept(gateway); // both directions of the NetworkPolicy, DNS and credentials included

  guard({ cdk, cdk8s: charts }); // audit both trees and their join, at synth; fails on what is not exempted
  return { cdk, charts };
}
