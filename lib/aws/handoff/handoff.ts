import { CfnOutput, Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { InputError } from '../../error';
import type { Cluster } from '../cluster/cluster';

/**
 * What Kubernetes manifests need to know of the other tree, as a plain map of strings: `new k8s.App({ handoff: aws.Handoff.of(cluster).values })`. Fixed values are
 * known at synth; what only a deployment knows is declared with `output` and read from the file that `cdk deploy --outputs-file` writes.
 */
export class Handoff {
  /** The hand-off of a cluster and its network. */
  public static of(cluster: Cluster): Handoff {
    return new Handoff(cluster);
  }

  private constructor(private readonly cluster: Cluster) {}

  /**
   * The fixed values, as of now: make pod roles first. Keys: `cluster/name|version|account|region|partition`, `network/cidr`, `network/endpoints` (ranges,
   * separated by commas), and `identity/NAMESPACE/SERVICE_ACCOUNT`, which is `pod-identity` or the ARN of the IRSA role.
   *
   * Throws `HandoffUnknown` when a service account has an IRSA role and its stack no fixed account or region.
   */
  public get values(): { [key: string]: string } {
    const { cluster } = this;
    const { account, region } = Stack.of(cluster);
    const known = (value: string): string | undefined => (Token.isUnresolved(value) ? undefined : value);
    const partition = known(region) === undefined ? undefined : (RegionInfo.get(region).partition ?? 'aws');
    const values: { [key: string]: string | undefined } = {
      'cluster/name': cluster.clusterName,
      'cluster/version': cluster.kubernetesVersion,
      'cluster/account': known(account),
      'cluster/region': known(region),
      'cluster/partition': partition,
      'network/cidr': cluster.network.cidr,
      'network/endpoints': cluster.network.endpointCidrs.join(','),
    };
    for (const role of cluster.podRoles) {
      const key = `identity/${role.namespace}/${role.serviceAccount}`;
      if (role.kind !== 'irsa') {
        values[key] = 'pod-identity';
        continue;
      }
      if (known(account) === undefined || partition === undefined) {
        throw new InputError(
          'HandoffUnknown',
          `manifests name the IRSA role of '${role.namespace}/${role.serviceAccount}' by its ARN, and its stack has no fixed account and region; set env on the stack, or use Pod Identity`,
          { path: role.node.path },
        );
      }
      values[key] = `arn:${partition}:iam::${account}:role/${role._fixedName}`;
    }
    return Object.fromEntries(
      Object.entries(values)
        .filter((entry): entry is [string, string] => entry[1] !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  /**
   * Declares a value that only a deployment knows; manifests read it under the returned key, `output/STACK/NAME`.
   * It is an output of the top-level stack, where `cdk deploy --outputs-file` finds it.
   *
   * Throws `OutputNameInvalid` or `OutputNameTaken`.
   */
  public output(name: string, value: string): string {
    let stack = Stack.of(this.cluster);
    while (stack.nestedStackParent !== undefined) stack = stack.nestedStackParent;
    if (!/^[A-Za-z0-9]+$/.test(name) || name === 'Default') {
      throw new InputError(
        'OutputNameInvalid',
        `the output is named '${name}', which CloudFormation refuses; use letters and digits only`,
        {
          path: this.cluster.node.path,
        },
      );
    }
    if (stack.node.tryFindChild(name) !== undefined) {
      throw new InputError('OutputNameTaken', `the stack has a construct '${name}' already; give the output another name`, {
        path: this.cluster.node.path,
      });
    }
    new CfnOutput(stack, name, { value });
    return `output/${stack.stackName}/${name}`;
  }
}
