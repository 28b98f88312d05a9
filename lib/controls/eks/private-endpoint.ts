import { control, resources } from '../control';
import { Severity } from '../severity';
import { cluster, setting, template } from '../template-examples';
import { at, judgeValue } from '../template-values';

/** EKS leaves private access off unless it is asked for. */
export const privateEndpoint = control({
  id: 'A-EKS-02',
  title: 'the API endpoint is reachable privately',
  because: 'without it nodes reach their control plane over the internet',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['control-plane-attack'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: ({ properties }) =>
    judgeValue(
      at(properties, 'ResourcesVpcConfig.EndpointPrivateAccess'),
      'ResourcesVpcConfig.EndpointPrivateAccess',
      (value) => value === true,
      (shown) => `property EndpointPrivateAccess is ${shown}, it must be true`,
    ),
  remedy: 'set ResourcesVpcConfig.EndpointPrivateAccess to true',
  references: { cisEks: ['5.4.2'] },
  examples: {
    holds: [template({ Cluster: cluster({ ResourcesVpcConfig: { EndpointPrivateAccess: true } }) })],
    breaks: [template({ Cluster: cluster() }), template({ Cluster: cluster({ ResourcesVpcConfig: { EndpointPrivateAccess: false } }) })],
    undecided: [template({ Cluster: cluster({ ResourcesVpcConfig: { EndpointPrivateAccess: setting } }) })],
  },
});
