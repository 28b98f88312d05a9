import { accountRoles, identities } from '../../inventory/join';
import type { Inventory, Resource } from '../../inventory/model';
import { control, type Example, fail, pass, type Subjects, undecided } from '../control';
import { Severity } from '../severity';
import { getAtt, resource, template, trusting } from '../template-examples';
import { textOf } from '../template-values';

interface Served {
  readonly accounts: readonly string[];
  readonly open: boolean;
  readonly at: string;
}

/** Roles by identity or ARN, each with the service accounts that both trees give it to. */
function served(inventory: Inventory): Map<unknown, { resource: Resource; accounts: Set<string>; open: boolean }> {
  const roles = new Map<unknown, { resource: Resource; accounts: Set<string>; open: boolean }>();
  const add = (role: unknown, resource: Resource, account: string, open: boolean): void => {
    const known = roles.get(role) ?? { resource, accounts: new Set<string>(), open: false };
    roles.set(role, known);
    known.accounts.add(account);
    known.open ||= open;
  };
  for (const identity of identities(inventory)) {
    const role = identity.role ?? textOf(identity.association?.properties.RoleArn);
    if (role !== undefined)
      add(role, identity.role ?? identity.statedBy, `${identity.namespace}/${identity.serviceAccount}`, identity.undecided !== undefined);
  }
  for (const { account, role, roleArn } of accountRoles(inventory))
    add(role ?? roleArn, role ?? account, `${account.namespace ?? 'default'}/${account.name}`, false);
  return roles;
}

const roles: Subjects<Served> = {
  description: 'roles of service accounts',
  *select(inventory) {
    for (const { resource, accounts, open } of served(inventory).values()) {
      const at =
        resource.tree === 'kubernetes'
          ? 'metadata.annotations'
          : resource.type === 'AWS::IAM::Role'
            ? 'Properties.AssumeRolePolicyDocument'
            : 'Properties.RoleArn';
      yield { resource, value: { accounts: [...accounts], open, at } };
    }
  },
};

const pods = trusting({ Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: { Service: 'pods.eks.amazonaws.com' } });
const association = (ServiceAccount: string | object, RoleArn: object | string = getAtt('Role', 'Arn')) =>
  resource('AWS::EKS::PodIdentityAssociation', {
    ClusterName: 'shop',
    Namespace: 'shop',
    ServiceAccount: ServiceAccount as string,
    RoleArn: RoleArn as string,
  });
const annotated = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: 'shop', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/shared' } },
});
const elsewhere: Example = {
  template: {
    Resources: {
      A: association('api', 'arn:aws:iam::111122223333:role/shared'),
      B: association('web', 'arn:aws:iam::111122223333:role/shared'),
    },
  },
};

export const oneServiceAccount = control({
  id: 'A-IAM-03',
  title: 'one role serves one service account',
  because: 'two workloads with one role have the permissions of both, and the audit trail cannot tell them apart',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'pod',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects: roles,
  judge: ({ accounts, open, at }: Served) => {
    const pattern = accounts.find((account) => account.includes('*') && !account.includes('${'));
    if (pattern !== undefined) return fail(`the role serves every service account ${pattern}`, at);
    if (open) return undecided(`which service accounts the role serves is decided at deployment (${accounts.join(', ')})`, at);
    return accounts.length === 1 ? pass : fail(`the role serves ${accounts.length} service accounts: ${accounts.join(', ')}`, at);
  },
  remedy: 'make a role for each service account; cluster.podRole(...) does',
  references: { cisEks: ['5.2.1'] },
  examples: {
    holds: [template({ Role: pods, Api: association('api') }), { manifests: [annotated('api')] }],
    breaks: [
      template({ Role: pods, Api: association('api'), Web: association('web') }),
      { manifests: [annotated('api'), annotated('web')] },
      elsewhere,
    ],
    undecided: [template({ Role: pods, Api: association({ Ref: 'Setting' }) })],
  },
});
