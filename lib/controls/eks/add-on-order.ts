import type { CloudFormationResource } from '../../inventory/model';
import { control, fail, pass, type Subjects } from '../control';
import { Severity } from '../severity';
import { cluster, ref, resource, template } from '../template-examples';
import { names, ofCluster } from '../template-values';
import { precedes } from './order';

const FIRST = ['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent'];

interface Nodes {
  readonly nodes: CloudFormationResource;
  readonly cluster: CloudFormationResource;
}

/** Node groups whose cluster is in the inventory. */
const nodeGroups: Subjects<Nodes> = {
  description: 'AWS::EKS::Nodegroup',
  *select(inventory) {
    for (const nodes of inventory.ofType('AWS::EKS::Nodegroup')) {
      const cluster = inventory
        .ofType('AWS::EKS::Cluster')
        .find((candidate) => names(inventory, nodes.properties.ClusterName, candidate, 'Name'));
      if (cluster !== undefined) yield { resource: nodes, value: { nodes, cluster } };
    }
  },
};

const addOn = (name: string) => resource('AWS::EKS::Addon', { AddonName: name, ClusterName: ref('Cluster') });
const nodes = (...dependsOn: string[]) =>
  resource('AWS::EKS::Nodegroup', { ClusterName: ref('Cluster'), NodeRole: 'r', Subnets: ['s'] }, { DependsOn: dependsOn });
const all = { Cni: addOn('vpc-cni'), Proxy: addOn('kube-proxy'), Agent: addOn('eks-pod-identity-agent') };

export const addOnOrder = control({
  id: 'A-EKS-14',
  title: 'network, proxy and identity add-ons come before nodes',
  because:
    'a node that starts without a network never becomes ready, and pods that start before the identity agent run without credentials',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'governance',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['permission-mistake'],
  subjects: nodeGroups,
  judge: ({ nodes, cluster }, { inventory }) => {
    const addOns = ofCluster(inventory, cluster, 'AWS::EKS::Addon');
    const bootstrapped = cluster.properties.BootstrapSelfManagedAddons !== false;
    const late: string[] = [];
    const missing: string[] = [];
    for (const name of FIRST) {
      const found = addOns.find((candidate) => candidate.properties.AddonName === name);
      // EKS installs network and proxy itself where that is not switched off; identity only matters to clusters that use it.
      if (found === undefined) {
        if (name !== 'eks-pod-identity-agent' ? !bootstrapped : inventory.ofType('AWS::EKS::PodIdentityAssociation').length > 0)
          missing.push(name);
      } else if (found.stack === nodes.stack && !precedes(inventory, found, nodes)) late.push(name);
    }
    if (missing.length > 0) return fail(`the cluster has no add-on ${missing.join(', ')}`, 'Properties.ClusterName');
    return late.length === 0 ? pass : fail(`nothing makes the nodes wait for ${late.join(', ')}`, 'DependsOn');
  },
  remedy: 'declare vpc-cni, kube-proxy and eks-pod-identity-agent as AWS::EKS::Addon and name them in DependsOn of every node group',
  references: {},
  examples: {
    holds: [
      template({ Cluster: cluster({ BootstrapSelfManagedAddons: false }), ...all, Nodes: nodes('Cni', 'Proxy', 'Agent') }),
      template({ Cluster: cluster(), Nodes: nodes() }),
    ],
    breaks: [
      template({ Cluster: cluster({ BootstrapSelfManagedAddons: false }), ...all, Nodes: nodes('Cni', 'Proxy') }),
      template({ Cluster: cluster({ BootstrapSelfManagedAddons: false }), Nodes: nodes() }),
    ],
  },
});
