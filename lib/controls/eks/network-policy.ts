import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isJsonObject, type JsonObject } from '../../inventory/value';
import { control, type Example, fail, pass, resources, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { cluster, ref, resource, setting, template } from '../template-examples';
import { at, isTrue, isUnknown, shownValue } from '../template-values';
import { addOnOf, settingsOf } from './add-on';

const VALUES = 'Properties.ConfigurationValues';

/** Auto Mode brings its own network plugin, which reads this ConfigMap. */
function ofAutoMode(inventory: Inventory): Verdict {
  const config = inventory.ofKind('ConfigMap').find(({ name, namespace }) => name === 'amazon-vpc-cni' && namespace === 'kube-system');
  const { data } = config?.object ?? {};
  if (isJsonObject(data) && data['enable-network-policy-controller'] === 'true') return pass;
  return undecided(
    'with Auto Mode the ConfigMap kube-system/amazon-vpc-cni switches network policy on, and it is not in what was read',
    'Properties.ComputeConfig',
  );
}

function judge(subject: CloudFormationResource, inventory: Inventory): Verdict {
  if (isTrue(at(subject.properties, 'ComputeConfig.Enabled'))) return ofAutoMode(inventory);
  if (isUnknown(at(subject.properties, 'ComputeConfig.Enabled')))
    return undecided('whether the cluster is in Auto Mode is decided at deployment', 'Properties.ComputeConfig');
  const cni = addOnOf(inventory, subject, 'vpc-cni');
  if (cni === undefined) {
    return subject.properties.BootstrapSelfManagedAddons === false
      ? undecided('the network plugin of the cluster is not in what was read', 'Properties.BootstrapSelfManagedAddons')
      : fail('EKS installs the network plugin itself, which does not enforce NetworkPolicy', 'Properties.BootstrapSelfManagedAddons');
  }
  const settings = settingsOf(cni);
  if (settings === 'unreadable') return undecided(`the settings of ${cni.logicalId} are decided at deployment`, VALUES);
  const enabled = at(settings, 'enableNetworkPolicy');
  if (isUnknown(enabled)) return undecided(`whether ${cni.logicalId} enforces NetworkPolicy is decided at deployment`, VALUES);
  return isTrue(enabled)
    ? pass
    : fail(`the add-on ${cni.logicalId} has enableNetworkPolicy ${shownValue(enabled)}, it must be true`, VALUES);
}

const withCni = (values?: string | JsonObject): Example =>
  template({
    Cluster: cluster(),
    Cni: resource('AWS::EKS::Addon', {
      AddonName: 'vpc-cni',
      ClusterName: ref('Cluster'),
      ...(values === undefined ? {} : { ConfigurationValues: values }),
    }),
  });
const auto = cluster({ ComputeConfig: { Enabled: true } });

/** Without it the API server stores NetworkPolicies and nobody enforces them. */
export const networkPolicyEnforced = control({
  id: 'A-EKS-16',
  title: 'the network plugin enforces NetworkPolicy',
  because: 'a cluster takes NetworkPolicies without a plugin that enforces them, and every pod still reaches every other',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: (subject, { inventory }) => judge(subject, inventory),
  remedy: 'declare the add-on vpc-cni with ConfigurationValues {"enableNetworkPolicy":"true"}',
  references: { cisEks: ['4.3.1', '5.4.4'] },
  examples: {
    holds: [
      withCni('{"enableNetworkPolicy":"true"}'),
      withCni('{"enableNetworkPolicy":true}'),
      withCni('enableNetworkPolicy: "true"\n'),
      {
        ...template({ Cluster: auto }),
        manifests: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' },
            data: { 'enable-network-policy-controller': 'true' },
          },
        ],
      },
    ],
    breaks: [template({ Cluster: cluster() }), withCni(), withCni('{"enableNetworkPolicy":"false"}'), withCni('{"env":{}}')],
    undecided: [withCni(setting), template({ Cluster: cluster({ BootstrapSelfManagedAddons: false }) }), template({ Cluster: auto })],
  },
});
