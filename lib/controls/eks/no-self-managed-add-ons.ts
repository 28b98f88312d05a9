import { control, resources } from '../control';
import { Severity } from '../severity';
import { cluster, setting, template } from '../template-examples';
import { at, judgeValue } from '../template-values';

/** EKS defaults to true. */
export const noSelfManagedAddOns = control({
  id: 'A-EKS-13',
  title: 'network and DNS add-ons are managed, not bootstrapped',
  because: 'what EKS installs by itself stays at the version and the settings of that day, with the permissions of the node',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'vulnerability',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['control-plane-attack'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: ({ properties }) =>
    judgeValue(
      at(properties, 'BootstrapSelfManagedAddons'),
      'BootstrapSelfManagedAddons',
      (value) => value === false,
      (shown) => `property BootstrapSelfManagedAddons is ${shown}, it must be false`,
    ),
  remedy: 'set BootstrapSelfManagedAddons to false and declare vpc-cni, kube-proxy and coredns as AWS::EKS::Addon',
  references: {},
  examples: {
    holds: [template({ Cluster: cluster({ BootstrapSelfManagedAddons: false }) })],
    breaks: [template({ Cluster: cluster() }), template({ Cluster: cluster({ BootstrapSelfManagedAddons: true }) })],
    undecided: [template({ Cluster: cluster({ BootstrapSelfManagedAddons: setting }) })],
  },
});
