import { clusterOf } from '../../inventory/join';
import { parseJsonText } from '../../inventory/json-text';
import type { CloudFormationResource, Inventory, KubernetesObject } from '../../inventory/model';
import { isObject, isOpen } from '../../inventory/value';
import { control, type Example, fail, pass, type Subjects, undecided, type Verdict } from '../control';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { cluster, ref, resource, setting, template } from '../template-examples';
import { firewall, policies, policy } from './policies';

/** Networks that enforce policies and run as a daemon on every node. */
const DAEMONS = ['cilium', 'calico-node', 'antrea-agent', 'kube-router'];

/** The first NetworkPolicy, on behalf of all: either all of them are enforced or none. */
const anyPolicy: Subjects<KubernetesObject> = {
  description: 'NetworkPolicy',
  *select(inventory) {
    for (const subject of policies.select(inventory)) {
      yield subject;
      return;
    }
  },
};

function judgeCluster(inventory: Inventory, subject: CloudFormationResource): Verdict {
  const { ComputeConfig } = subject.properties;
  if (isObject(ComputeConfig) && ComputeConfig.Enabled === true) {
    const config = inventory.ofKind('ConfigMap').find(({ name, namespace }) => name === 'amazon-vpc-cni' && namespace === 'kube-system');
    return config !== undefined && child(config.object, 'data')['enable-network-policy-controller'] === 'true'
      ? pass
      : undecided('whether the ConfigMap kube-system/amazon-vpc-cni switches policies of Auto Mode on was not read', 'spec');
  }
  const addOn = inventory
    .ofType('AWS::EKS::Addon')
    .find(({ properties }) => properties.AddonName === 'vpc-cni' && clusterOf(inventory, properties.ClusterName) === subject);
  if (addOn === undefined) return undecided(`which network plugin the cluster ${subject.logicalId} has was not read`, 'spec');
  const text = addOn.properties.ConfigurationValues;
  const settings = parseJsonText(text);
  const enabled = isObject(settings) ? settings.enableNetworkPolicy : undefined;
  if (isOpen(text) || isOpen(enabled)) return undecided(`whether ${addOn.logicalId} enforces policies is decided at deployment`, 'spec');
  return String(enabled) === 'true' || (typeof text === 'string' && /^\s*enableNetworkPolicy:\s*["']?true/m.test(text))
    ? pass
    : fail(
        `the add-on ${addOn.logicalId} of the cluster ${subject.logicalId} enforces no NetworkPolicy, its settings must have enableNetworkPolicy`,
        'spec',
      );
}

const cni = (values?: string | object): Example => ({
  ...template({
    Cluster: cluster(),
    Cni: resource('AWS::EKS::Addon', {
      AddonName: 'vpc-cni',
      ClusterName: ref('Cluster'),
      ...(values === undefined ? {} : { ConfigurationValues: values as string }),
    }),
  }),
  manifests: [policy({ podSelector: {} })],
});
const auto = template({ Cluster: cluster({ ComputeConfig: { Enabled: true } }) });

/** Low, because the cluster that enforces nothing is found as such; this one tells who checks manifests alone what they do not see. */
export const policiesEnforced = control({
  ...firewall,
  id: 'K-NET-03',
  title: 'network policies are enforced in the cluster they are for',
  because: 'the API server takes policies whether or not anything enforces them, and nobody notices',
  severity: Severity.LOW,
  boundary: 'cluster',
  carrier: 'platform-team',
  subjects: anyPolicy,
  judge: (_, { inventory }) => {
    if (inventory.ofKind('DaemonSet').some(({ name }) => DAEMONS.includes(name))) return pass;
    let open: Verdict | undefined;
    for (const subject of inventory.ofType('AWS::EKS::Cluster')) {
      const verdict = judgeCluster(inventory, subject);
      if (verdict.verdict === 'fail') return verdict;
      if (verdict.verdict === 'undecided') open ??= verdict;
    }
    if (open !== undefined) return open;
    return inventory.ofType('AWS::EKS::Cluster').length > 0
      ? pass
      : undecided('whether the cluster enforces NetworkPolicies is not known, because no cluster was read', 'spec');
  },
  remedy: 'declare the add-on vpc-cni with ConfigurationValues {"enableNetworkPolicy":"true"}, and check templates and manifests together',
  references: { cisEks: ['4.3.1'], cisKubernetes: ['5.3.1'], nsa: ['network'], scanners: { kubescape: ['C-0205', 'C-0230'] } },
  examples: {
    holds: [
      cni('{"enableNetworkPolicy":"true"}'),
      cni('env: {}\nenableNetworkPolicy: true\n'),
      {
        manifests: [
          policy({ podSelector: {} }),
          { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'cilium', namespace: 'kube-system' }, spec: {} },
        ],
      },
      {
        ...auto,
        manifests: [
          policy({ podSelector: {} }),
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' },
            data: { 'enable-network-policy-controller': 'true' },
          },
        ],
      },
    ],
    breaks: [cni(), cni('{"enableNetworkPolicy":"false"}'), cni('{"env":{}}')],
    undecided: [
      { manifests: [policy({ podSelector: {} }), policy({ podSelector: {} })] },
      cni(setting),
      { ...auto, manifests: [policy({ podSelector: {} })] },
      { ...template({ Cluster: cluster() }), manifests: [policy({ podSelector: {} })] },
    ],
  },
});
