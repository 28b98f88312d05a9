/** What enforces NetworkPolicies in a cluster, with the gaps that it leaves. */
export enum Cni {
  /** The Amazon VPC CNI with `enableNetworkPolicy`: not on Fargate, on Windows and for pods that no controller owns. */
  VPC_CNI = 'vpc-cni',
  /** EKS Auto Mode with its network policy controller: the same gaps. */
  AUTO_MODE = 'auto-mode',
  /** Cilium: not on Fargate and on Windows; ranges of addresses never mean pods or nodes. */
  CILIUM = 'cilium',
  /** Calico: not on Fargate. */
  CALICO = 'calico',
  /** Nothing does. */
  NONE = 'none',
}
