import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ApiObject, Chart, App as ChartsApp } from 'cdk8s';
import { Posture, type PostureApps } from '../../lib/jest';

export const AS_OF = '2026-11-01';

/** A stack of its own in an App of its own. */
export function stack(build: (stack: Stack) => void): App {
  const app = new App();
  build(new Stack(app, 'Data', { env: { account: '111122223333', region: 'eu-west-1' } }));
  return app;
}

/** A role that a lambda may take, with whatever else a test is about. */
export const role = (scope: Stack, id: string): Role => new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

/** A bucket that the controls have nothing against. */
export const bucket = (scope: Stack, id: string): CfnBucket =>
  new CfnBucket(scope, id, {
    publicAccessBlockConfiguration: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
  });

/** A cdk8s App of plain objects. */
export function charts(...objects: { readonly [key: string]: unknown }[]): ChartsApp {
  const app = new ChartsApp();
  const chart = new Chart(app, 'shop');
  objects.forEach((object, index) => {
    new ApiObject(chart, `object${index}`, object as { apiVersion: string; kind: string });
  });
  return app;
}

export const object = (apiVersion: string, kind: string, name: string, rest: object = {}, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...rest,
});

export const postureOf = (apps: PostureApps): Posture => Posture.of({ asOf: AS_OF, ...apps });
