import { createHash } from 'node:crypto';
import { Fn } from 'aws-cdk-lib';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { type CfnRole, type IManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { InputError } from '../../error';
import type { Identity } from './identity';
import { podIdentityPrincipal } from './pod-identity-principal';

/** Whom a `PodRole` serves; the same for both styles of identity. */
export interface PodRoleProps {
  /** Namespace of the service account. */
  readonly namespace: string;
  /** Name of the service account. */
  readonly serviceAccount: string;
  /**
   * How the service account becomes the role.
   * @default Identity.podIdentity()
   */
  readonly identity?: Identity;
  /**
   * Upper bound of what the role may ever do.
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * What the role is for.
   * @default - names the service account
   */
  readonly description?: string;
}

/** What a `PodRole` needs to know of its cluster. @internal */
export interface PodRoleCluster {
  /** The name as text. */
  readonly clusterName: string;
  /** A reference to the cluster, which orders what names it after it. */
  readonly reference: string;
  readonly clusterArn: string;
  /** Made on first use: a cluster without IRSA has no OIDC provider. */
  issuer(): { readonly providerArn: string; readonly url: string };
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const MAX_ROLE_NAME = 64;

/**
 * The IAM role of one service account, made by `cluster.podRole(...)`. Only that service account of that cluster can become it: the trust policy says so by
 * conditions on cluster, namespace, name and account (Pod Identity) or by exact subject and audience (IRSA). Grant to it with the stock `grant*` methods.
 *
 * @satisfies A-IAM-01 A-IAM-02 A-IAM-04
 */
export class PodRole extends Role {
  /** Namespace of the service account. */
  public readonly namespace: string;
  /** Name of the service account. */
  public readonly serviceAccount: string;
  /** `podIdentity` or `irsa`. */
  public readonly kind: string;
  /** The role's name as text; `roleName` is a reference. @internal */
  public readonly _fixedName: string;

  /** What `cluster.podRole(...)` calls. @internal */
  public static _of(scope: Construct, id: string, props: PodRoleProps, cluster: PodRoleCluster): PodRole {
    return new PodRole(scope, id, props, cluster);
  }

  private constructor(scope: Construct, id: string, props: PodRoleProps, cluster: PodRoleCluster) {
    const { namespace, serviceAccount } = props;
    const path = `${scope.node.path}/${id}`;
    if (!DNS_LABEL.test(namespace))
      throw new InputError(
        'NamespaceInvalid',
        `namespace is '${namespace}', which Kubernetes refuses; use lower-case letters, digits and dashes`,
        { path },
      );
    if (serviceAccount.length > 253 || !serviceAccount.split('.').every((label) => DNS_LABEL.test(label))) {
      throw new InputError(
        'ServiceAccountInvalid',
        `serviceAccount is '${serviceAccount}', which Kubernetes refuses; use lower-case letters, digits, dots and dashes`,
        { path },
      );
    }
    const irsa = props.identity?.kind === 'irsa';
    const fixedName = roleName(cluster.clusterName, namespace, serviceAccount);
    super(scope, id, {
      assumedBy: podIdentityPrincipal(scope, cluster.clusterArn, namespace, serviceAccount),
      description: props.description ?? `service account ${namespace}/${serviceAccount} of ${cluster.clusterName}`,
      permissionsBoundary: props.permissionsBoundary,
      // YAML names the role of an IRSA service account by its ARN, so its name must be known at synth; both styles have one alike.
      roleName: fixedName,
    });
    this._fixedName = fixedName;
    this.namespace = namespace;
    this.serviceAccount = serviceAccount;
    this.kind = irsa ? 'irsa' : 'podIdentity';
    if (irsa) {
      const { providerArn, url } = cluster.issuer();
      // The issuer is known only at deployment and stands in the keys of the conditions, where an object cannot hold a reference; text can.
      const trust = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRoleWithWebIdentity',
            Principal: { Federated: '${Provider}' },
            Condition: {
              StringEquals: {
                '${Issuer}:aud': 'sts.amazonaws.com',
                '${Issuer}:sub': `system:serviceaccount:${namespace}:${serviceAccount}`,
              },
            },
          },
        ],
      };
      const issuer = Fn.select(1, Fn.split('https://', url));
      (this.node.defaultChild as CfnRole).assumeRolePolicyDocument = Fn.sub(JSON.stringify(trust), {
        Provider: providerArn,
        Issuer: issuer,
      });
      // The text above replaces the document that this would have gone to.
      this.node.addValidation({
        validate: () =>
          this.assumeRolePolicy?.statementCount === 1
            ? []
            : [
                `a statement was added to the trust policy of the IRSA role of '${namespace}/${serviceAccount}', which trusts that service account alone; make another role for another principal`,
              ],
      });
    } else {
      new CfnPodIdentityAssociation(this, 'Association', {
        clusterName: cluster.reference,
        namespace,
        serviceAccount,
        roleArn: this.roleArn,
      });
    }
  }
}

/** A stable name within IAM's 64 characters: cut names end in a digest of the whole. */
function roleName(cluster: string, namespace: string, serviceAccount: string): string {
  const whole = `${cluster}.${namespace}.${serviceAccount}`;
  if (whole.length <= MAX_ROLE_NAME) return whole;
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${whole.slice(0, MAX_ROLE_NAME - 9)}-${digest}`;
}
