import type { CloudFormationResource } from '../../inventory/model';
import { isOpen } from '../../inventory/value';
import { control, fail, pass, type Subjects } from '../control';
import { Severity } from '../severity';
import { cluster, ref, resource, template } from '../template-examples';
import { names, shownValue } from '../template-values';

interface Applied {
  readonly resources: readonly CloudFormationResource[];
}

/** Clusters with the custom resources that act in them; those of a cluster that is not here are judged by stack. */
const applied: Subjects<Applied> = {
  description: 'AWS::EKS::Cluster and Custom::AWSCDK-EKS-*',
  *select(inventory) {
    const rest = new Set(inventory.cloudformation.filter(({ type }) => type.startsWith('Custom::AWSCDK-EKS-')));
    for (const cluster of inventory.ofType('AWS::EKS::Cluster')) {
      const resources = [...rest].filter((candidate) => names(inventory, candidate.properties.ClusterName, cluster, 'Name'));
      for (const one of resources) rest.delete(one);
      yield { resource: cluster, value: { resources } };
    }
    for (const stack of new Set([...rest].map((one) => one.stack))) {
      const resources = [...rest].filter((one) => one.stack === stack);
      yield { resource: resources[0], value: { resources } };
    }
  },
};

const manifest = resource('Custom::AWSCDK-EKS-KubernetesResource', { ClusterName: ref('Cluster'), Manifest: '[]' });

export const noKubectlProvider = control({
  id: 'A-EKS-18',
  title: 'no function of the stack administers the cluster',
  because: 'the function that applies manifests is an administrator of the cluster, and so is whoever may change its code or its role',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['credential-leak', 'control-plane-attack'],
  subjects: applied,
  judge: ({ resources: [first, ...others] }: Applied) => {
    if (first === undefined) return pass;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const { ClusterName: name } = first.properties;
    return fail(
      `a function applies ${first.logicalId}${more} with the rights of an administrator${isOpen(name) || name === undefined ? '' : ` of ${shownValue(name)}`}`,
      'Type',
    );
  },
  remedy:
    'apply manifests by GitOps or from a pipeline with an access entry of its own, and make clusters and add-ons by CloudFormation alone',
  references: { cisEks: ['4.1.1'] },
  examples: {
    holds: [template({ Cluster: cluster() })],
    breaks: [
      template({ Cluster: cluster(), Manifest: manifest }),
      template({ Legacy: resource('Custom::AWSCDK-EKS-Cluster', { Config: { name: 'shop' } }) }),
    ],
  },
});
