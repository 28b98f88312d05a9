import { Stack } from 'aws-cdk-lib';
import { type IPrincipal, PrincipalWithConditions, ServicePrincipal, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Whom a Pod Identity role trusts: the agent's service, for one service account of one cluster of this account. The request tags are those that EKS sends
 * with every AssumeRole for a pod.
 */
export function podIdentityPrincipal(scope: Construct, clusterArn: string, namespace: string, serviceAccount: string): IPrincipal {
  return new PrincipalWithConditions(new SessionTagsPrincipal(new ServicePrincipal('pods.eks.amazonaws.com')), {
    StringEquals: {
      'aws:SourceAccount': Stack.of(scope).account,
      'aws:RequestTag/eks-cluster-arn': clusterArn,
      'aws:RequestTag/kubernetes-namespace': namespace,
      'aws:RequestTag/kubernetes-service-account': serviceAccount,
    },
  });
}
