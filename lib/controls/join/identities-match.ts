import { type AccountRole, accountRoles, type Identity, identities, ROLE_ANNOTATION, roleArnOf } from '../../inventory/join';
import type { Inventory } from '../../inventory/model';
import type { JsonObject } from '../../inventory/value';
import { control, type Example, fail, pass, type Subjects, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { getAtt, resource, trusting } from '../template-examples';

/** One half of an identity: what a template states of a service account, or what a service account states of a role. */
type Half = { readonly stated: Identity } | { readonly annotated: AccountRole };

/** Both halves, where manifests and templates are read: of one tree alone nobody can say that the other half is missing. */
const halves: Subjects<Half> = {
  description: 'identities of service accounts, where manifests and templates are both read',
  *select(inventory) {
    if (inventory.kubernetes.length === 0 || !inventory.cloudformation.some((candidate) => candidate.type.startsWith('AWS::EKS::'))) return;
    for (const stated of identities(inventory)) {
      // Add-ons bring their own service accounts, which no manifest declares; patterns have a control of their own.
      if (stated.namespace !== 'kube-system' && !/[*?]/.test(`${stated.namespace}${stated.serviceAccount}`)) {
        yield { resource: stated.statedBy, value: { stated } };
      }
    }
    for (const annotated of accountRoles(inventory)) yield { resource: annotated.account, value: { annotated } };
  },
};

const ANNOTATION = `metadata.annotations["${ROLE_ANNOTATION}"]`;

function judgeStated(identity: Identity, inventory: Inventory): Verdict {
  const { namespace, serviceAccount, kind, account } = identity;
  const name = `${namespace}/${serviceAccount}`;
  const at = kind === 'podIdentity' ? 'Properties.ServiceAccount' : 'Properties.AssumeRolePolicyDocument';
  if (identity.undecided !== undefined)
    return undecided(`which service account the identity is of is not known: ${identity.undecided}`, at);
  if (account === undefined) {
    const seen = inventory.kubernetes.some(
      (object) => object.namespace === namespace || (object.kind === 'Namespace' && object.name === namespace),
    );
    return seen
      ? fail(`no manifest declares the service account ${name}`, at)
      : undecided(`nothing of the namespace ${namespace} is in what was read`, at);
  }
  const annotated = roleArnOf(account) !== undefined;
  if (kind === 'podIdentity' && annotated)
    return fail(`the service account ${name} has a Pod Identity association and a role annotation; its pods get one of the two`, at);
  if (kind === 'irsa' && !annotated) return fail(`the role trusts the service account ${name}, which carries no annotation of a role`, at);
  return pass;
}

function judgeAnnotated({ account, roleArn, role, accepted }: AccountRole): Verdict {
  const name = `${account.namespace ?? 'default'}/${account.name}`;
  if (role === undefined) return undecided(`the role ${roleArn} of the service account ${name} is not in what was read`, ANNOTATION);
  if (accepted === undefined)
    return undecided(`whether the role ${roleArn} trusts the service account ${name} is decided at deployment`, ANNOTATION);
  return accepted ? pass : fail(`the role ${roleArn} does not trust the service account ${name}`, ANNOTATION);
}

const account = (annotations?: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'app', namespace: 'shop', ...(annotations === undefined ? {} : { annotations }) },
});
const other: JsonObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'other' } };
const namespace: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/A';
const irsa = trusting({
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
  Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: 'system:serviceaccount:shop:app' } },
});
const named = (role: JsonObject): JsonObject => ({ ...role, Properties: { ...(role.Properties as JsonObject), RoleName: 'shop-app' } });
const pods = trusting({ Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: { Service: 'pods.eks.amazonaws.com' } });
const arn = { [ROLE_ANNOTATION]: 'arn:aws:iam::111122223333:role/shop-app' };
const association = resource('AWS::EKS::PodIdentityAssociation', {
  ClusterName: 'shop',
  Namespace: 'shop',
  ServiceAccount: 'app',
  RoleArn: getAtt('Role', 'Arn'),
});
const both = (resources: { [id: string]: JsonObject }, ...manifests: JsonObject[]): Example => ({
  template: { Resources: { Cluster: resource('AWS::EKS::Cluster', { Name: 'shop' }), ...resources } },
  manifests,
});

export const identitiesMatch = control({
  id: 'A-JON-02',
  title: 'identities and service accounts match',
  because:
    'an association without its service account waits for whoever creates one by that name, and an annotation without its role leaves the pod without credentials',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'pod',
  carrier: 'platform-team',
  threats: ['permission-mistake', 'workload-attack'],
  subjects: halves,
  judge: (half: Half, { inventory }) => ('stated' in half ? judgeStated(half.stated, inventory) : judgeAnnotated(half.annotated)),
  remedy:
    'declare the service account with the namespace and name of the association or the trust policy; with k8s.Tenant the hand-off does it',
  references: { cisEks: ['5.2.1'] },
  examples: {
    holds: [both({ Role: pods, Association: association }, account()), both({ Role: named(irsa) }, account(arn))],
    breaks: [
      both({ Role: pods, Association: association }, namespace),
      both({ Role: pods, Association: association }, account(arn)),
      both({ Role: named(pods) }, account(arn)),
      both({ Role: irsa }, account()),
    ],
    undecided: [both({}, account(arn)), both({ Role: pods, Association: association }, other)],
  },
});
