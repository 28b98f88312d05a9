import type { JsonObject } from '../../lib/inventory';
import { KINDS } from '../../lib/jest/facts';
import type { Draw } from './draw';
import { identityPolicies, kindsOf, listOf, metadataOf, resourcePolicies, resourcesOf, rolesOf } from './policies';
import type { World } from './world';

/** Permits something more. False where the world has nothing that it could change. */
export type Change = (world: World, draw: Draw, number: number) => boolean;

const ACTIONS = ['s3:PutObject', 's3:DeleteObject*', 'kms:ScheduleKeyDeletion', 'ec2:*', 'iam:PassRole', 'sts:AssumeRole', '*'];
const VERBS = ['get', 'list', 'create', 'delete', 'impersonate', 'escalate', '*'];
const RBAC = 'rbac.authorization.k8s.io';
const ACCEPTANCES = 'cdk-bulwark/acceptances';

const accountOf = (world: World, draw: Draw): { name: string; namespace: string } => {
  const { name, namespace } = metadataOf(draw.one(kindsOf(world, 'ServiceAccount')));
  return { name: String(name), namespace: String(namespace) };
};
const object = (apiVersion: string, kind: string, name: string, namespace: string | undefined, rest: JsonObject): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...rest,
});
/** A role for a service account of the world, bound to it. */
function grant(world: World, draw: Draw, number: number, rules: JsonObject[]): void {
  const { name, namespace } = accountOf(world, draw);
  world.objects.push(
    object(`${RBAC}/v1`, 'Role', `extra-${number}`, namespace, { rules }),
    object(`${RBAC}/v1`, 'RoleBinding', `extra-${number}`, namespace, {
      roleRef: { apiGroup: RBAC, kind: 'Role', name: `extra-${number}` },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    }),
  );
}

/** Every way in which a platform can be opened that a posture file speaks of, by name. */
export const WIDENINGS: { readonly [name: string]: Change } = {
  'an action in a statement': (world, draw) => {
    const statement = draw.one(draw.one(identityPolicies(world)).statements);
    const action = draw.one(ACTIONS.filter((one) => !listOf(statement.Action).includes(one)));
    statement.Action = [...listOf(statement.Action), action];
    return true;
  },
  'every resource in a statement': (world, draw) => {
    const statement = draw.one(draw.one(identityPolicies(world)).statements.filter(({ Resource }) => Resource !== '*'));
    statement.Resource = [...listOf(statement.Resource), '*'];
    return true;
  },
  'a statement': (world, draw, number) => {
    draw.one(identityPolicies(world)).statements.push({
      Effect: 'Allow',
      Action: draw.one(ACTIONS),
      Resource: `arn:aws:s3:::other-${number}/*`,
    });
    return true;
  },
  'a wildcard in place of an action': (world, draw) => {
    const statement = draw.one(draw.one(identityPolicies(world)).statements);
    const [first, ...rest] = listOf(statement.Action).map(String);
    statement.Action = [`${first.split(':')[0]}:*`, ...rest];
    return true;
  },
  'a statement without its condition': (world, draw) => {
    const statement = draw.one(
      identityPolicies(world).flatMap(({ statements }) => statements.filter(({ Condition }) => Condition !== undefined)),
    );
    if (statement === undefined) return false;
    delete statement.Condition;
    return true;
  },
  'all actions but some': (world, draw, number) => {
    draw.one(identityPolicies(world)).statements.push({ Effect: 'Allow', NotAction: ['iam:*', `s3:Get${number}`], Resource: '*' });
    return true;
  },
  'a statement on the role itself': (world, draw, number) => {
    const { properties } = draw.one(rolesOf(world));
    const statement = { Effect: 'Allow', Action: draw.one(ACTIONS), Resource: `arn:aws:sqs:eu-west-1:111122223333:q-${number}` };
    properties.Policies = [
      ...listOf(properties.Policies),
      { PolicyName: `extra-${number}`, PolicyDocument: { Version: '2012-10-17', Statement: [statement] } },
    ];
    return true;
  },
  'a managed policy': (world, draw) => {
    const { properties } = draw.one(rolesOf(world));
    const policy = draw.one(['AdministratorAccess', 'PowerUserAccess', 'AmazonS3FullAccess', 'IAMFullAccess']);
    properties.ManagedPolicyArns = [...listOf(properties.ManagedPolicyArns), `arn:aws:iam::aws:policy/${policy}`];
    return true;
  },
  'an account that may take a role': (world, draw, number) => {
    const trust = draw.one(rolesOf(world)).properties.AssumeRolePolicyDocument as JsonObject;
    listOf(trust.Statement).push({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: draw.one([`arn:aws:iam::${999900000000 + number}:root`, '*']) },
    });
    return true;
  },
  'a service that may take a role': (world, draw) => {
    const trust = draw.one(rolesOf(world)).properties.AssumeRolePolicyDocument as JsonObject;
    const service = draw.one(['codebuild.amazonaws.com', 'ssm.amazonaws.com', 'glue.amazonaws.com']);
    listOf(trust.Statement).push({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } });
    return true;
  },
  'a trust without its condition': (world, draw) => {
    const statements = rolesOf(world)
      .flatMap(({ properties }) => listOf((properties.AssumeRolePolicyDocument as JsonObject).Statement) as JsonObject[])
      .filter(({ Condition, Principal }) => Condition !== undefined && (Principal as JsonObject).Service !== 'pods.eks.amazonaws.com');
    if (statements.length === 0) return false;
    delete draw.one(statements).Condition;
    return true;
  },
  'a service account that gets a role by Pod Identity': (world, draw, number) => {
    const { template, body, properties } = draw.one(resourcesOf(world, 'AWS::EKS::PodIdentityAssociation'));
    (template.Resources as JsonObject)[`Extra${number}`] = {
      ...body,
      Metadata: {},
      Properties: { ...properties, Namespace: draw.one(['default', 'kube-system', 'other']), ServiceAccount: `extra-${number}` },
    };
    return true;
  },
  'a service account that gets a role by IRSA': (world, draw, number) => {
    const trusts = resourcesOf(world, 'AWS::IAM::Role').filter(({ properties }) =>
      JSON.stringify(properties.AssumeRolePolicyDocument).includes('system:serviceaccount:'),
    );
    if (trusts.length === 0) return false;
    const { properties } = draw.one(trusts);
    const text = JSON.stringify(properties.AssumeRolePolicyDocument);
    const subject = /(\\*")system:serviceaccount:[^"\\]*\1/;
    const both = text.replace(subject, (whole, quote) => `[${whole},${quote}system:serviceaccount:other:extra-${number}${quote}]`);
    properties.AssumeRolePolicyDocument = JSON.parse(both) as JsonObject;
    return true;
  },
  'an administrator of a cluster': (world, draw, number) => {
    const { template, body, properties } = draw.one(resourcesOf(world, 'AWS::EKS::AccessEntry'));
    (template.Resources as JsonObject)[`Extra${number}`] = {
      ...body,
      Metadata: {},
      Properties: { ...properties, PrincipalArn: `arn:aws:iam::111122223333:role/extra-${number}` },
    };
    return true;
  },
  'a group of a cluster': (world, draw, number) => {
    const { properties } = draw.one(resourcesOf(world, 'AWS::EKS::AccessEntry'));
    properties.KubernetesGroups = [...listOf(properties.KubernetesGroups), draw.one(['system:masters-like', `ops-${number}`])];
    return true;
  },
  'the creator of a cluster as its administrator': (world, draw) => {
    const { properties } = draw.one(resourcesOf(world, 'AWS::EKS::Cluster'));
    properties.AccessConfig = { ...(properties.AccessConfig as JsonObject), BootstrapClusterCreatorAdminPermissions: true };
    return true;
  },
  'the endpoint of a cluster': (world, draw) => {
    const { properties } = draw.one(resourcesOf(world, 'AWS::EKS::Cluster'));
    const ranges = draw.one([undefined, ['0.0.0.0/0'], ['198.51.100.0/24'], ['203.0.113.0/24', '0.0.0.0/0']]);
    const { PublicAccessCidrs: _, ...config } = properties.ResourcesVpcConfig as JsonObject;
    properties.ResourcesVpcConfig = {
      ...config,
      EndpointPublicAccess: true,
      ...(ranges === undefined ? {} : { PublicAccessCidrs: ranges }),
    };
    return true;
  },
  'somebody in the policy of a key or a bucket': (world, draw, number) => {
    const { statements } = draw.one(resourcePolicies(world));
    const principal = draw.one<JsonObject | string>([
      '*',
      { AWS: `arn:aws:iam::${999900000000 + number}:root` },
      { Service: 'glue.amazonaws.com' },
    ]);
    statements.push({ Effect: 'Allow', Action: draw.one(['kms:Decrypt', 's3:GetObject', '*']), Principal: principal, Resource: '*' });
    return true;
  },
  'a denial that goes': (world, draw) => {
    const policies = resourcePolicies(world).filter(({ statements }) => statements.some(({ Effect }) => Effect === 'Deny'));
    if (policies.length === 0) return false;
    const { document, statements } = draw.one(policies);
    document.Statement = statements.filter(({ Effect }) => Effect !== 'Deny');
    return true;
  },
  'a value that nobody knows': (world, draw, number) => {
    // Where the endpoint is open, nobody has to know more.
    const closed = resourcesOf(world, 'AWS::EKS::Cluster').filter(
      ({ properties }) => (properties.ResourcesVpcConfig as JsonObject).EndpointPublicAccess === false,
    );
    const { template, properties } = draw.one(closed);
    template.Parameters = { ...(template.Parameters as JsonObject), [`Extra${number}`]: { Type: 'String' } };
    properties.ResourcesVpcConfig = { ...(properties.ResourcesVpcConfig as JsonObject), EndpointPublicAccess: { Ref: `Extra${number}` } };
    return true;
  },
  'a rule of RBAC': (world, draw, number) => {
    grant(world, draw, number, [
      { apiGroups: [draw.one(['', 'apps'])], resources: [draw.one(['pods', 'secrets', 'pods/exec'])], verbs: [draw.one(VERBS)] },
    ]);
    return true;
  },
  'a rule for one object': (world, draw, number) => {
    grant(world, draw, number, [{ apiGroups: [''], resources: ['secrets'], resourceNames: [`key-${number}`], verbs: ['get'] }]);
    return true;
  },
  'a URL of the API server': (world, draw, number) => {
    const { name, namespace } = accountOf(world, draw);
    world.objects.push(
      object(`${RBAC}/v1`, 'ClusterRole', `extra-${number}`, undefined, {
        rules: [{ nonResourceURLs: [`/debug/${number}`], verbs: ['get'] }],
      }),
      object(`${RBAC}/v1`, 'ClusterRoleBinding', `extra-${number}`, undefined, {
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: `extra-${number}` },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      }),
    );
    return true;
  },
  'a role of the cluster for somebody': (world, draw, number) => {
    const account = accountOf(world, draw);
    const subject = draw.one<JsonObject>([
      { kind: 'ServiceAccount', ...account },
      { kind: 'Group', apiGroup: RBAC, name: 'system:authenticated' },
      { kind: 'User', apiGroup: RBAC, name: `somebody-${number}` },
    ]);
    world.objects.push(
      object(`${RBAC}/v1`, 'ClusterRoleBinding', `extra-${number}`, undefined, {
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: draw.one(['cluster-admin', 'edit', 'view']) },
        subjects: [subject],
      }),
    );
    return true;
  },
  'an exemption of an object': (world, draw) => {
    const metadata = metadataOf(draw.one(kindsOf(world, 'Deployment', 'CronJob', 'Namespace')));
    const record = {
      kind: draw.one(['exemption', 'decision']),
      control: draw.one(['K-CTR-01', 'K-CTR-04', 'K-POD-01']),
      owner: 'somebody',
    };
    metadata.annotations = {
      ...(metadata.annotations as JsonObject),
      [ACCEPTANCES]: JSON.stringify([{ ...record, reason: 'a reason', until: '2027-05-01' }]),
    };
    return true;
  },
  'an exemption of a construct': (world, draw) => {
    const manifest = world.files[`${world.folder}/manifest.json`];
    const stacks = Object.entries(manifest.artifacts as { [id: string]: JsonObject }).filter(
      ([, { type }]) => type === 'aws:cloudformation:stack',
    );
    const [id, artifact] = draw.one(stacks);
    const record = { kind: 'exemption', control: draw.one(['A-EKS-01', 'A-S3-01', 'A-KMS-01']), owner: 'somebody', reason: 'a reason' };
    // Newer releases of CDK keep the metadata of a stack in a file of its own.
    const file =
      artifact.additionalMetadataFile === undefined ? undefined : world.files[`${world.folder}/${String(artifact.additionalMetadataFile)}`];
    artifact.metadata ??= {};
    const metadata = file ?? (artifact.metadata as JsonObject);
    const path = `/${id}/${draw.one(['Cluster', 'Network', 'Statements'])}`;
    metadata[path] = [...listOf(metadata[path]), { type: 'cdk-bulwark:acceptance', data: { ...record, until: '2027-05-01' } }];
    return true;
  },
  'a policy that lets everybody in': (world, draw, number) => {
    if (!KINDS.has('reach')) return false;
    const { namespace } = accountOf(world, draw);
    world.objects.push(
      object('networking.k8s.io/v1', 'NetworkPolicy', `extra-${number}`, namespace, {
        spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ protocol: 'TCP', port: 20_000 + number }] }] },
      }),
    );
    return true;
  },
};
