import { accountRoles, identities } from '../../inventory/join';
import { type PodTemplate, podTemplates } from '../../inventory/pod-templates';
import type { JsonObject } from '../../inventory/value';
import type { Example } from '../control';
import { control, fail, pass, type Subjects } from '../control';
import { pod } from '../pod-examples';
import { Severity } from '../severity';
import { getAtt, resource } from '../template-examples';
import { allowsEgress, egressPolicies, holds } from './egress';

/** The Pod Identity agent answers on the node itself. */
const AGENT = '169.254.170.23';

interface Workload {
  readonly pod: PodTemplate;
  readonly kind: 'podIdentity' | 'irsa';
}

/** Pods whose service account has an identity, as either tree states it. */
const workloads: Subjects<Workload> = {
  description: 'pods with an identity',
  *select(inventory) {
    const kinds = new Map<string, Workload['kind']>();
    for (const { account } of accountRoles(inventory)) kinds.set(`${account.namespace ?? 'default'}/${account.name}`, 'irsa');
    for (const identity of identities(inventory)) kinds.set(`${identity.namespace}/${identity.serviceAccount}`, identity.kind);
    if (kinds.size === 0) return;
    for (const pod of podTemplates(inventory)) {
      const kind = kinds.get(`${pod.object.namespace ?? 'default'}/${pod.spec.serviceAccountName}`);
      if (kind !== undefined) yield { resource: pod.object, value: { pod, kind } };
    }
  },
};

const labels = { app: 'app' };
const policy = (...egress: JsonObject[]): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace: 'shop' },
  spec: { podSelector: {}, policyTypes: ['Egress'], egress },
});
const to = (cidr: string, port: number): JsonObject => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port }] });
const association = resource('AWS::EKS::PodIdentityAssociation', {
  ClusterName: 'shop',
  Namespace: 'shop',
  ServiceAccount: 'app',
  RoleArn: getAtt('Role', 'Arn'),
});
const workload = (...manifests: JsonObject[]): Example => ({
  template: { Resources: { Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: {} }), Pia: association } },
  manifests: [pod({ serviceAccountName: 'app' }, { labels }), ...manifests],
});
const irsa = (...manifests: JsonObject[]): Example => ({
  manifests: [
    pod({ serviceAccountName: 'app' }, { labels }),
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: 'app',
        namespace: 'shop',
        annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/shop-app' },
      },
    },
    ...manifests,
  ],
});

export const credentialPath = control({
  id: 'A-JON-03',
  title: 'workloads with an identity can reach their credentials',
  because: 'under a policy that denies by default the agent and STS are closed too, and the program fails at its first call to AWS',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'pod',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects: workloads,
  judge: ({ pod, kind }, { inventory }) => {
    // The network of the node is not held by NetworkPolicies.
    if (pod.spec.hostNetwork === true) return pass;
    const policies = egressPolicies(inventory, pod);
    if (policies.length === 0) return pass;
    const name = `${pod.object.namespace ?? 'default'}/${pod.spec.serviceAccountName}`;
    if (kind === 'podIdentity') {
      return allowsEgress(policies, 80, (block) => holds(block, AGENT))
        ? pass
        : fail(`no NetworkPolicy lets the pods of ${name} reach the Pod Identity agent, TCP 80 to ${AGENT}`, pod.specPath);
    }
    // The addresses of STS are decided at deployment; any block of addresses on 443 may hold them.
    return allowsEgress(policies, 443, (block) => !holds(block, AGENT) || block.cidr === '0.0.0.0/0')
      ? pass
      : fail(`no NetworkPolicy lets the pods of ${name} reach STS, TCP 443 to a range of addresses`, pod.specPath);
  },
  remedy: `allow egress to ${AGENT}/32 on TCP 80 for Pod Identity, or to the addresses of STS on TCP 443 for IRSA; k8s.Tenant does it from the hand-off`,
  references: {},
  examples: {
    holds: [workload(), workload(policy(), policy(to(`${AGENT}/32`, 80))), irsa(policy(to('10.0.224.0/21', 443)))],
    breaks: [
      workload(policy()),
      workload(policy(to(`${AGENT}/32`, 443))),
      workload(policy({ to: [{ ipBlock: { cidr: '169.254.0.0/16', except: [`${AGENT}/32`] } }] })),
      irsa(policy(to(`${AGENT}/32`, 80))),
    ],
  },
});
