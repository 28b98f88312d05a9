/** How a service account becomes an IAM role. Both ways have the same props and the same grants. */
export class Identity {
  /** By the Pod Identity agent: no ARN in YAML, session tags in every request. The default on EC2. */
  public static podIdentity(): Identity {
    return new Identity('podIdentity');
  }

  /** By the cluster's OIDC provider (IAM roles for service accounts): for Fargate, Windows and clusters without the agent. */
  public static irsa(): Identity {
    return new Identity('irsa');
  }

  /** `podIdentity` or `irsa`. */
  public readonly kind: string;

  private constructor(kind: string) {
    this.kind = kind;
  }
}
