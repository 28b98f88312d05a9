import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { namespaceName, neighbourhood } from '../neighbourhood';
import { pod } from '../pod-examples';
import { child, isSet } from '../pod-template';
import { Severity } from '../severity';
import { firewall, policies, policy } from './policies';

const DIRECTIONS = [
  { rules: 'ingress', peers: 'from' },
  { rules: 'egress', peers: 'to' },
] as const;
const NONE: readonly Json[] = [];
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : NONE);
const isEmpty = (selector: JsonObject): boolean => Object.keys(selector).length === 0;

/** Selectors of pods of the policy's own namespace, with where they stand; whom the cluster has elsewhere is not looked up. */
function* selectorsOf(spec: JsonObject): Iterable<readonly [JsonObject, string]> {
  if (isJsonObject(spec.podSelector)) yield [spec.podSelector, 'spec.podSelector'];
  for (const { rules, peers } of DIRECTIONS) {
    for (const [index, rule] of list(spec[rules]).entries()) {
      if (!isJsonObject(rule)) continue;
      for (const [at, peer] of list(rule[peers]).entries()) {
        if (isJsonObject(peer) && isJsonObject(peer.podSelector) && !isSet(peer.namespaceSelector))
          yield [peer.podSelector, `spec.${rules}[${index}].${peers}[${at}].podSelector`];
      }
    }
  }
}

const web = pod({}, { labels: { app: 'web' } });
const selecting = (app: string, rest: JsonObject = {}): JsonObject => policy({ podSelector: { matchLabels: { app } }, ...rest });

export const danglingPolicies = control({
  ...firewall,
  id: 'K-NET-04',
  title: 'network policies select pods that are there',
  because: 'a policy with a slip in its labels protects nobody, and looks as if it did',
  severity: Severity.MEDIUM,
  subjects: policies,
  judge: ({ name, namespace, object }, { inventory }) => {
    const here = neighbourhood(inventory, namespace);
    for (const [selector, at] of selectorsOf(child(object, 'spec'))) {
      // The empty selector means all pods, also of a namespace that has none yet.
      if (isEmpty(selector) || here.selected(selector).length > 0) continue;
      const said = `${at.slice('spec.'.length)} of NetworkPolicy ${name} selects no pod of ${namespaceName(namespace)}`;
      return here.pods.length === 0 || here.open
        ? undecided(`${said} that was read`, at)
        : fail(`${said}, its labels must be those of a pod`, at);
    }
    return pass;
  },
  remedy: 'correct the labels of the selector, or remove the policy with the workload that is gone',
  references: {
    nsa: ['network'],
    scanners: {
      'kube-linter': ['dangling-networkpolicy', 'dangling-networkpolicypeer-podselector'],
      'kube-score': ['networkpolicy-targets-pod'],
      kubescape: ['C-0299'],
      trivy: ['KSV-0038'],
    },
  },
  examples: {
    holds: [
      { manifests: [policy({ podSelector: {} })] },
      { manifests: [web, selecting('web')] },
      {
        name: 'a peer elsewhere',
        manifests: [web, selecting('web', { egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'dns' } } }] }] })],
      },
      {
        name: 'an expression',
        manifests: [web, policy({ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api'] }] } })],
      },
    ],
    breaks: [
      { manifests: [web, selecting('wbe')] },
      {
        name: 'a peer that is not there',
        manifests: [web, selecting('web', { ingress: [{}, { from: [{ podSelector: { matchLabels: { app: 'api' } } }] }] })],
      },
      {
        name: 'an expression',
        manifests: [web, policy({ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['api'] }] } })],
      },
    ],
    undecided: [
      { name: 'no pod of the namespace was read', manifests: [selecting('web')] },
      {
        name: 'an operator may make the pods',
        manifests: [
          web,
          selecting('db'),
          { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', metadata: { name: 'db', namespace: 'shop' }, spec: {} },
        ],
      },
    ],
  },
});
