import { control, fail, pass, undecided } from '../control';
import { chosenBy, hasCustomPolicies, namespaceName } from '../neighbourhood';
import { pod } from '../pod-examples';
import { podTemplateSubjects } from '../pod-template';
import { Severity } from '../severity';
import { firewall, policy } from './policies';

const labels = { app: 'web' };

export const isolatedPods = control({
  ...firewall,
  id: 'K-NET-01',
  title: 'every pod is selected by a NetworkPolicy',
  because: 'a pod that no policy selects takes connections from every other pod of the cluster and opens any it likes',
  severity: Severity.MEDIUM,
  subjects: podTemplateSubjects,
  judge: (of, { inventory }) => {
    // The network of the node is not held by NetworkPolicies; that is K-POD-01.
    if (of.spec.hostNetwork === true || chosenBy(inventory, 'NetworkPolicy').has(of)) return pass;
    const { kind, name, namespace } = of.object;
    const at = `${of.specPath.replace(/\.?spec$/, '')}.metadata.labels`.replace(/^\./, '');
    return hasCustomPolicies(inventory, namespace)
      ? undecided(
          `no NetworkPolicy selects the pods of ${kind} ${name}, and whether a custom policy of ${namespaceName(namespace)} does is not known`,
          at,
        )
      : fail(`no NetworkPolicy of ${namespaceName(namespace)} selects the pods of ${kind} ${name}, one must`, at);
  },
  remedy: 'add a NetworkPolicy with an empty podSelector that denies both directions, and others that open what is needed',
  references: {
    cisEks: ['4.3.2'],
    cisKubernetes: ['5.3.2'],
    nsa: ['network'],
    scanners: {
      checkov: ['CKV2_K8S_6'],
      'kube-linter': ['non-isolated-pod'],
      'kube-score': ['pod-networkpolicy'],
      kubescape: ['C-0260', 'C-0030', 'C-0054', 'C-0049'],
      polaris: ['missingNetworkPolicy'],
    },
  },
  examples: {
    holds: [
      { manifests: [pod(), policy({ podSelector: {} })] },
      { name: 'a missing selector is an empty one', manifests: [pod(), policy({ policyTypes: ['Ingress'] })] },
      { manifests: [pod({}, { labels }), policy({ podSelector: { matchLabels: labels } })] },
      {
        name: 'by an expression',
        manifests: [pod({}, { labels }), policy({ podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } })],
      },
      { name: 'on the network of the node', manifests: [pod({ hostNetwork: true })] },
    ],
    breaks: [
      { manifests: [pod()] },
      { name: 'in another namespace', manifests: [pod(), policy({ podSelector: {} }, 'other')] },
      { name: 'of other pods', manifests: [pod({}, { labels }), policy({ podSelector: { matchLabels: { app: 'api' } } })] },
    ],
    undecided: [
      {
        name: 'a policy of Cilium',
        manifests: [
          pod({}, { labels }),
          { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec: {} },
        ],
      },
    ],
  },
});
