import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import * as aws from '../../lib/aws';

export const ENV = { account: '111122223333', region: 'eu-west-1' };

/** A stack with a fixed account and region. */
export function stackIn(region = ENV.region, props: StackProps = {}): Stack {
  return new Stack(new App(), 'Platform', { env: { ...ENV, region }, ...props });
}

/** A resource of a template, as plain data. */
export type Resource = {
  // biome-ignore lint/suspicious/noExplicitAny: templates are open JSON.
  readonly Properties: any;
  readonly id: string;
  readonly Type: string;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};

/** Every resource of a type, in the template's order. */
export function resources(stack: Stack, type: string): Resource[] {
  const { Resources = {} } = Template.fromStack(stack).toJSON();
  return Object.entries(Resources as { [id: string]: Omit<Resource, 'id'> })
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ ...resource, id }));
}

/** The only resource of a type. */
export function only(stack: Stack, type: string): Resource {
  const found = resources(stack, type);
  if (found.length !== 1) throw new Error(`${found.length} of ${type}`);
  return found[0];
}

export interface Scene {
  readonly stack: Stack;
  readonly network: aws.Network;
  readonly cluster: aws.Cluster;
}

/** A network and a cluster with one administrator. */
export function scene(
  options: { stack?: Stack; network?: aws.NetworkProps; cluster?: Partial<aws.ClusterProps>; admins?: (stack: Stack) => IRole[] } = {},
): Scene {
  const stack = options.stack ?? stackIn();
  const network = new aws.Network(stack, 'Network', options.network);
  const admins = options.admins?.(stack) ?? [Role.fromRoleName(stack, 'Admins', 'platform-admins')];
  const cluster = new aws.Cluster(stack, 'Cluster', { version: KubernetesVersion.V1_35, network, admins, ...options.cluster });
  return { stack, network, cluster };
}

/** One of everything, in one stack. */
export function platform(stack: Stack, options: Omit<Parameters<typeof scene>[0], 'stack'> = {}): Scene {
  const made = scene({ ...options, stack });
  const statements = new aws.Bucket(stack, 'Statements');
  statements.grantRead(made.cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api' }));
  statements.grantRead(made.cluster.podRole('Batch', { namespace: 'payments', serviceAccount: 'batch', identity: aws.Identity.irsa() }));
  new aws.Repository(stack, 'Images');
  aws.Handoff.of(made.cluster).output('StatementsBucket', statements.bucketName);
  return made;
}

/** What a function throws, as `code: message`. */
export function thrown(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
  return 'nothing';
}
