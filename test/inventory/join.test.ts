import { App, CfnJson, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Cluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { CfnRole, FederatedPrincipal, OidcProviderNative, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  accountRoles,
  buildInventory,
  clusterOf,
  type Identity,
  identities,
  inventoryOf,
  type JsonObject,
  readObjects,
  readTemplate,
  roleByArn,
  trustedSubjects,
} from '../../lib/inventory';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const account = (namespace: string | undefined, name: string, arn?: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, ...(namespace && { namespace }), ...(arn && { annotations: { 'eks.amazonaws.com/role-arn': arn } }) },
});
const line = ({ kind, namespace, serviceAccount, undecided }: Identity): string =>
  `${kind} ${namespace}/${serviceAccount}${undecided === undefined ? '' : ' ?'}`;

/** A stack with a real cluster of aws-eks-v2, its provider, and one role per way of writing a trust. */
function platform() {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Platform', { env: ENV });
  const cluster = new Cluster(stack, 'Cluster', { version: KubernetesVersion.V1_33 });
  const provider = new OidcProviderNative(stack, 'Provider', { url: cluster.clusterOpenIdConnectIssuerUrl });
  const issuer = Fn.select(1, Fn.split('//', cluster.clusterOpenIdConnectIssuerUrl));

  const pod = new Role(stack, 'Pod', { assumedBy: new ServicePrincipal('pods.eks.amazonaws.com') });
  new CfnResource(stack, 'Association', {
    type: 'AWS::EKS::PodIdentityAssociation',
    properties: { ClusterName: cluster.clusterName, Namespace: 'payments', ServiceAccount: 'api', RoleArn: pod.roleArn },
  });
  // The issuer is a token in a key: as text of an Fn::Sub ...
  const trust = (subject: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRoleWithWebIdentity',
          Principal: { Federated: '${Provider}' },
          Condition: { StringEquals: { '${Issuer}:sub': subject, '${Issuer}:aud': 'sts.amazonaws.com' } },
        },
      ],
    });
  new CfnRole(stack, 'Sub', {
    roleName: 'batch-role',
    assumeRolePolicyDocument: Fn.sub(trust('system:serviceaccount:payments:batch'), { Issuer: issuer, Provider: provider.oidcProviderArn }),
  });
  // ... or in a custom resource, as aws-eks makes it.
  const json = new CfnJson(stack, 'Condition', { value: { [`${issuer}:sub`]: 'system:serviceaccount:edge:web' } });
  new Role(stack, 'Json', {
    assumedBy: new FederatedPrincipal(provider.oidcProviderArn, { StringEquals: json }, 'sts:AssumeRoleWithWebIdentity'),
  });
  return buildInventory([
    readTemplate(Template.fromStack(stack).toJSON(), { stack: 'Platform', ...ENV }),
    readObjects([
      account('payments', 'api'),
      account('payments', 'batch', 'arn:aws:iam::111122223333:role/batch-role'),
      account('payments', 'other', 'arn:aws:iam::111122223333:role/batch-role'),
      account('payments', 'stranger', 'arn:aws:iam::111122223333:role/not-here'),
    ]),
  ]);
}

describe('a synthesized platform', () => {
  const inventory = platform();
  const found = identities(inventory);
  const of = (serviceAccount: string): Identity => found.find((identity) => identity.serviceAccount === serviceAccount) as Identity;

  test('every identity is found, whichever way its trust is written', () => {
    expect(found.map(line)).toEqual(['podIdentity payments/api', 'irsa payments/batch', 'irsa edge/web']);
    expect(identities(inventory)).toBe(found);
  });

  test('role, association, service account and cluster are joined', () => {
    const [cluster] = inventory.ofType('AWS::EKS::Cluster');
    expect(of('api')).toMatchObject({
      association: inventory.ofType('AWS::EKS::PodIdentityAssociation')[0],
      cluster,
      statedBy: { logicalId: 'Association' },
    });
    expect(of('api').role?.logicalId).toMatch(/^Pod/);
    expect(of('api').account?.name).toBe('api');
    expect(of('batch')).toMatchObject({ cluster, role: { logicalId: 'Sub' }, account: { name: 'batch' } });
    expect(of('web')).toMatchObject({ cluster, account: undefined });
    expect(of('web').role?.logicalId).toMatch(/^Json/);
  });

  test('annotations of service accounts are checked against the trust of the role', () => {
    expect(accountRoles(inventory).map(({ account: { name }, role, accepted }) => [name, role?.logicalId, accepted])).toEqual([
      ['batch', 'Sub', true],
      ['other', 'Sub', false],
      ['stranger', undefined, undefined],
    ]);
  });
});

describe('trust policies', () => {
  const EKS = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF';
  const trusting = (statement: object, issuer: unknown = EKS, rest: JsonObject = {}) => {
    const inventory = inventoryOf({
      template: {
        ...rest,
        Resources: {
          ...(rest.Resources as JsonObject),
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: {
              AssumeRolePolicyDocument: {
                Statement: { Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: issuer }, ...statement },
              },
            },
          },
        },
      } as JsonObject,
    });
    return identities(inventory).map(line);
  };
  const sub = (value: unknown, operator = 'StringEquals') => ({
    Condition: { [operator]: { 'oidc.eks.eu-west-1.amazonaws.com/id/X:sub': value } },
  });

  test.each([
    ['one subject', sub('system:serviceaccount:a:b'), ['irsa a/b']],
    ['several', sub(['system:serviceaccount:a:b', 'system:serviceaccount:c:d']), ['irsa a/b', 'irsa c/d']],
    ['a pattern', sub('system:serviceaccount:a:*', 'StringLike'), ['irsa a/*']],
    ['a pattern over the separator', sub('system:serviceaccount:pay*', 'StringLike'), ['irsa pay*/*']],
    ['a star for all', sub('*', 'StringLike'), ['irsa */*']],
    ['a star that StringEquals takes literally', sub('system:serviceaccount:a:*'), []],
    ['a subject that is none of a service account', sub('repo:x'), []],
    [
      'an exact operator beside a pattern',
      { Condition: { StringLike: { 'x:sub': '*' }, StringEquals: { 'x:sub': 'system:serviceaccount:a:b' } } },
      ['irsa a/b'],
    ],
    ['ForAnyValue', sub('system:serviceaccount:a:b', 'ForAnyValue:StringEquals'), ['irsa a/b']],
    ['only a negated operator', sub('system:serviceaccount:a:b', 'StringNotEquals'), ['irsa */*']],
    ['no condition', {}, ['irsa */*']],
    ['only an audience', { Condition: { StringEquals: { 'x:aud': 'sts.amazonaws.com' } } }, ['irsa */*']],
    ['a deny', { Effect: 'Deny', ...sub('system:serviceaccount:a:b') }, []],
    ['another action', { Action: 'sts:AssumeRole', ...sub('system:serviceaccount:a:b') }, []],
    ['a wide action', { Action: ['sts:*'], ...sub('system:serviceaccount:a:b') }, ['irsa a/b']],
    ['a parameter for the whole condition', { Condition: { Ref: 'Condition' } }, ['irsa */* ?']],
    ['a parameter for the subject', sub({ Ref: 'Subject' }), ['irsa */* ?']],
    ['a parameter for the namespace', sub({ 'Fn::Sub': 'system:serviceaccount:${Namespace}:api' }), ['irsa ${?parameter Namespace}/api ?']],
  ])('%s', (_, statement, expected) => {
    expect(trusting(statement, EKS, { Parameters: { Condition: {}, Subject: {}, Namespace: {} } })).toEqual(expected);
  });

  test('providers of pipelines and people are no identities of pods', () => {
    expect(trusting({}, 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com')).toEqual([]);
    const Resources = { Provider: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: 'https://gitlab.example.com' } } };
    expect(trusting({}, { Ref: 'Provider' }, { Resources })).toEqual([]);
    const eks = {
      Provider: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: { 'Fn::GetAtt': ['Cluster', 'OpenIdConnectIssuerUrl'] } } },
      Cluster: { Type: 'AWS::EKS::Cluster' },
    };
    expect(trusting({}, { Ref: 'Provider' }, { Resources: eks as unknown as JsonObject })).toEqual(['irsa */*']);
  });

  test('a trust that is not known is no identity and accepts undecidedly', () => {
    const template = {
      Parameters: { Trust: {} },
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r', AssumeRolePolicyDocument: { Ref: 'Trust' } } } },
    };
    const inventory = inventoryOf({ template, manifests: [account('a', 'b', 'arn:aws:iam::111122223333:role/r')] });
    expect(identities(inventory)).toEqual([]);
    expect(accountRoles(inventory)[0].accepted).toBeUndefined();
  });

  test('a pattern accepts what it matches', () => {
    const Statement = [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: EKS },
        ...sub('system:serviceaccount:a:b-*', 'StringLike'),
      },
    ];
    const template = {
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r', AssumeRolePolicyDocument: { Statement } } } },
    } as JsonObject;
    const arn = 'arn:aws:iam::111122223333:role/r';
    const inventory = inventoryOf({
      template,
      manifests: [account('a', 'b-1', arn), account('a', 'b', arn), account(undefined, 'b-1', arn)],
    });
    expect(accountRoles(inventory).map(({ accepted }) => accepted)).toEqual([true, false, false]);
    expect(trustedSubjects(inventory.ofType('AWS::IAM::Role')[0])).toEqual(['system:serviceaccount:a:b-*']);
  });
});

describe('Pod Identity associations', () => {
  const associated = (properties: object, resources: object = {}) => {
    const inventory = inventoryOf({
      template: {
        Parameters: { Namespace: {} },
        Resources: {
          A: {
            Type: 'AWS::EKS::PodIdentityAssociation',
            Properties: { Namespace: 'a', ServiceAccount: 'b', ClusterName: 'main', ...properties },
          },
          Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'fixed' } },
          Cluster: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'main' } },
          ...resources,
        },
      } as JsonObject,
    });
    return identities(inventory)[0];
  };

  test.each([
    [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'Role'],
    [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/fixed' }, 'Role'],
    [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/path/fixed' }, 'Role'],
    [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Role}' }, 'Role'],
    ['arn:aws:iam::111122223333:role/fixed', 'Role'],
    ['arn:aws:iam::111122223333:role/foreign', undefined],
    [{ Ref: 'Cluster' }, undefined],
    [undefined, undefined],
  ])('the role given as %j', (RoleArn, logicalId) => {
    expect(associated({ RoleArn }).role?.logicalId).toBe(logicalId);
  });

  test('the cluster by name and by reference', () => {
    expect(associated({}).cluster?.logicalId).toBe('Cluster');
    expect(associated({ ClusterName: { Ref: 'Cluster' } }).cluster?.logicalId).toBe('Cluster');
    expect(associated({ ClusterName: 'elsewhere' }).cluster).toBeUndefined();
    expect(associated({}, { Second: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'main' } } }).cluster).toBeUndefined();
  });

  test('a namespace that only deployment knows is undecided', () => {
    expect(associated({ Namespace: { Ref: 'Namespace' } })).toMatchObject({
      namespace: '${?parameter Namespace}',
      undecided: '${?parameter Namespace} is only known at deployment',
    });
  });
});

test('a role is found by its ARN within its own account', () => {
  const role = (stack: string, id: string) =>
    readTemplate({ Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'shared' } } } }, { stack, account: id });
  const inventory = buildInventory([role('One', '111122223333'), role('Two', '444455556666')]);
  expect(roleByArn(inventory, 'arn:aws:iam::444455556666:role/shared')?.stack).toBe('Two');
  expect(roleByArn(inventory, 'arn:aws-cn:iam::111122223333:role/some/path/shared')?.stack).toBe('One');
  expect(roleByArn(inventory, 'arn:aws:iam::777788889999:role/shared')).toBeUndefined();
  expect(roleByArn(inventory, 'nonsense')).toBeUndefined();
});

test('nothing leads to a cluster that is not here', () => {
  expect(clusterOf(inventoryOf({}), 'main')).toBeUndefined();
  expect(clusterOf(inventoryOf({}), undefined)).toBeUndefined();
});
