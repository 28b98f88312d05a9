import { control, resources } from '../control';
import { Severity } from '../severity';
import { cluster, ref, resource, setting, template } from '../template-examples';
import { judgeValue } from '../template-values';

const addOn = (properties: object = {}) =>
  template({
    Cluster: cluster(),
    AddOn: resource('AWS::EKS::Addon', { AddonName: 'coredns', ClusterName: ref('Cluster'), ...properties }),
  });

/** A habit and no flaw, over versions of a list that only EKS has: judged where somebody asks for it. */
export const addOnVersion = control({
  id: 'A-EKS-20',
  title: 'versions of add-ons are pinned',
  because: 'without one EKS takes its default of the day, so that two deployments of one template are two clusters',
  severity: Severity.LOW,
  maturity: 'sandbox',
  category: 'governance',
  boundary: 'cluster',
  carrier: 'platform-team',
  threats: ['control-plane-attack'],
  subjects: resources('AWS::EKS::Addon'),
  judge: ({ properties }) =>
    judgeValue(
      properties.AddonVersion,
      'AddonVersion',
      (value) => typeof value === 'string' && value !== '' && value !== 'latest',
      (shown) => `property AddonVersion is ${shown}, it must be a version`,
    ),
  remedy: 'set AddonVersion to one that `aws eks describe-addon-versions` lists for the version of the cluster',
  references: { urls: ['https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html'] },
  examples: {
    holds: [addOn({ AddonVersion: 'v1.11.4-eksbuild.2' })],
    breaks: [addOn(), addOn({ AddonVersion: 'latest' })],
    undecided: [addOn({ AddonVersion: setting })],
  },
});
