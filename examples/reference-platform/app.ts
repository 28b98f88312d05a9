import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { aws, controls, k8s } from 'cdk-bulwark';
import { guard } from 'cdk-bulwark/hosts';
import { Environment } from './environment';
import { deploy } from './workloads';

/** Where the two trees are written, and for which region: defaults of the two libraries. */
export interface PlatformOptions {
  readonly outdir?: string;
  readonly dist?: string;
  readonly region?: string;
}

/** Two environments of one platform, and the workloads of production, ready to synthesize. */
export function build(options: PlatformOptions = {}): { cdk: App; charts: k8s.App } {
  const cdk = new App({ outdir: options.outdir });
  const env = { account: '111122223333', region: options.region ?? 'eu-west-1' };
  const zoneIds = options.region === undefined ? ['euw1-az1', 'euw1-az2', 'euw1-az3'] : undefined;

  const production = new Environment(cdk, 'Production', { env, zoneIds, lifecycle: aws.Lifecycle.production() });

  // Contractors reach staging from one office range; the range is a choice somebody owns, not a default.
  const officeRange = new controls.Decision({
    owner: 'platform-team',
    reason: 'contractors deploy to staging from the office range and have no way into the VPC',
    review: '2027-05-31',
  });
  new Environment(cdk, 'Staging', {
    env: { ...env, account: '444455556666' },
    zoneIds,
    lifecycle: aws.Lifecycle.staging(),
    endpoint: aws.Endpoint.publicFrom(['203.0.113.0/24'], officeRange),
  });

  const charts = new k8s.App({
    kubernetes: '1.35',
    handoff: production.handoff.values,
    outputsFile: join(__dirname, 'outputs.json'), // what `cdk deploy --outputs-file` wrote
    outdir: options.dist,
  });
  deploy(charts, 'Production');

  guard({ cdk, cdk8s: charts });
  return { cdk, charts };
}
