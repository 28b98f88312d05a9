import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import * as aws from '../../lib/aws';
import { ENV, only, type Resource, resources, scene, stackIn, thrown } from './scene';

/** A scene with one pod role, and the role's resource. */
function withRole(props: Partial<aws.PodRoleProps> = {}, stack?: Stack) {
  const made = scene({ stack });
  const role = made.cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api', ...props });
  const resource = resources(made.stack, 'AWS::IAM::Role').find(
    ({ id }) => id === made.stack.resolve(role.roleArn)['Fn::GetAtt'][0],
  ) as Resource;
  return { ...made, role, resource };
}

/** The trust policy that IRSA writes as text, with the issuer's host as `ISSUER`. */
function trustOf(resource: Resource) {
  const [text, names] = resource.Properties.AssumeRolePolicyDocument['Fn::Sub'];
  return { document: JSON.parse(text.replaceAll('${Issuer}', 'ISSUER').replaceAll('${Provider}', 'PROVIDER')), names };
}

describe('Pod Identity', () => {
  const { stack, resource } = withRole();

  test('A-IAM-02 trusts one service account of one cluster of this account', () => {
    expect(resource.Properties.AssumeRolePolicyDocument.Statement).toHaveLength(1);
    const [trust] = resource.Properties.AssumeRolePolicyDocument.Statement;
    expect(trust).toMatchObject({
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Principal: { Service: 'pods.eks.amazonaws.com' },
    });
    const { 'aws:RequestTag/eks-cluster-arn': cluster, ...rest } = trust.Condition.StringEquals;
    expect(JSON.stringify(cluster)).toContain(':eks:eu-west-1:111122223333:cluster/platform-cluster');
    expect(rest).toEqual({
      'aws:SourceAccount': '111122223333',
      'aws:RequestTag/kubernetes-namespace': 'payments',
      'aws:RequestTag/kubernetes-service-account': 'api',
    });
  });

  test('A-IAM-08 associates by the cluster, after it, with session tags on', () => {
    const association = only(stack, 'AWS::EKS::PodIdentityAssociation');
    expect(association.Properties).toEqual({
      ClusterName: { Ref: only(stack, 'AWS::EKS::Cluster').id },
      Namespace: 'payments',
      ServiceAccount: 'api',
      RoleArn: { 'Fn::GetAtt': [resource.id, 'Arn'] },
    });
  });

  test('makes no OIDC provider', () => {
    expect(resources(stack, 'AWS::IAM::OIDCProvider')).toEqual([]);
  });
});

describe('IRSA', () => {
  const { stack, resource } = withRole({ identity: aws.Identity.irsa() });

  test('A-IAM-01 trusts exactly one subject and one audience of the issuer', () => {
    const { document, names } = trustOf(resource);
    expect(document).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRoleWithWebIdentity',
          Principal: { Federated: 'PROVIDER' },
          Condition: { StringEquals: { 'ISSUER:aud': 'sts.amazonaws.com', 'ISSUER:sub': 'system:serviceaccount:payments:api' } },
        },
      ],
    });
    const url = { 'Fn::GetAtt': [only(stack, 'AWS::EKS::Cluster').id, 'OpenIdConnectIssuerUrl'] };
    expect(names.Issuer).toEqual({ 'Fn::Select': [1, { 'Fn::Split': ['https://', url] }] });
    expect(names.Provider).toEqual({ Ref: only(stack, 'AWS::IAM::OIDCProvider').id });
    expect(only(stack, 'AWS::IAM::OIDCProvider').Properties).toEqual({ ClientIdList: ['sts.amazonaws.com'], Url: url });
  });

  test('refuses a statement that the trust policy would lose', () => {
    const { stack, cluster } = scene();
    const role = cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api', identity: aws.Identity.irsa() });
    role.assumeRolePolicy?.addStatements(new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new AccountRootPrincipal()] }));
    expect(() => Template.fromStack(stack)).toThrow(
      /\[Platform\/Cluster\/Api\] a statement was added to the trust policy of the IRSA role of 'payments\/api'/,
    );
  });

  test('makes one provider for all, no association, no custom resource', () => {
    const pair = scene();
    for (const name of ['api', 'batch'])
      pair.cluster.podRole(name, { namespace: 'payments', serviceAccount: name, identity: aws.Identity.irsa() });
    expect(resources(pair.stack, 'AWS::IAM::OIDCProvider')).toHaveLength(1);
    expect(resources(pair.stack, 'AWS::EKS::PodIdentityAssociation')).toEqual([]);
    expect(resources(pair.stack, 'AWS::Lambda::Function')).toEqual([]);
  });
});

describe.each<[string, () => aws.Identity | undefined]>([
  ['by default', () => undefined],
  ['by Pod Identity', () => aws.Identity.podIdentity()],
  ['by IRSA', () => aws.Identity.irsa()],
])('a pod role %s', (_, identity) => {
  test('has a fixed name, a description and the boundary that is given', () => {
    const stack = stackIn();
    const permissionsBoundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'developers');
    const { resource } = withRole({ identity: identity(), permissionsBoundary, description: 'reads statements' }, stack);
    expect(resource.Properties).toMatchObject({ RoleName: 'platform-cluster.payments.api', Description: 'reads statements' });
    expect(JSON.stringify(resource.Properties.PermissionsBoundary)).toContain(':iam::111122223333:policy/developers');
    expect(withRole({ identity: identity() }).resource.Properties.Description).toBe('service account payments/api of platform-cluster');
  });

  test('takes the stock grants, and nothing else', () => {
    const { stack, cluster } = scene();
    const role = cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api', identity: identity() });
    new aws.Bucket(stack, 'Statements').grantRead(role);
    const { id, Properties } = resources(stack, 'AWS::IAM::Role').find((one) =>
      one.Properties.RoleName?.endsWith('.payments.api'),
    ) as Resource;
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    const attached = resources(stack, 'AWS::IAM::Policy').filter((policy) => JSON.stringify(policy.Properties.Roles).includes(id));
    expect(attached).toHaveLength(1);
    const [read, key] = attached[0].Properties.PolicyDocument.Statement;
    expect(read.Action).toEqual(['s3:GetObject*', 's3:GetBucket*', 's3:List*']);
    expect(key.Action).toEqual(expect.arrayContaining(['kms:Decrypt']));
    expect(JSON.stringify([read.Resource, key.Resource])).not.toContain('"*"');
  });

  test('is the only one of its service account', () => {
    const { cluster } = withRole({ identity: identity() });
    expect(thrown(() => cluster.podRole('Again', { namespace: 'payments', serviceAccount: 'api' }))).toBe(
      "ServiceAccountTaken: [Platform/Cluster/Again]: the service account 'payments/api' has a role already; grant to that one (ServiceAccountTaken)",
    );
    expect(thrown(() => cluster.podRole('Other', { namespace: 'ledger', serviceAccount: 'api' }))).toBe('nothing');
  });
});

test('both styles give equal permissions: they differ in trust alone', () => {
  const [podIdentity, irsa] = [aws.Identity.podIdentity(), aws.Identity.irsa()].map((identity) => {
    const { stack, cluster } = scene();
    const role = cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api', identity });
    new aws.Bucket(stack, 'Statements').grantReadWrite(role);
    new aws.EncryptionKey(stack, 'Signing').grant(role, 'kms:Sign');
    new aws.Repository(stack, 'Images').grantPull(role);
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: Resource } };
    const trust = ['AWS::EKS::PodIdentityAssociation', 'AWS::IAM::OIDCProvider'];
    const rest = Object.entries(Resources).filter(([, { Type }]) => !trust.includes(Type));
    const own = rest.find(([, { Properties }]) => Properties.RoleName === 'platform-cluster.payments.api')?.[1];
    const { AssumeRolePolicyDocument } = own?.Properties ?? {};
    delete own?.Properties.AssumeRolePolicyDocument;
    return { trust: AssumeRolePolicyDocument, rest: Object.fromEntries(rest) };
  });
  expect(irsa.rest).toEqual(podIdentity.rest);
  expect(irsa.trust).not.toEqual(podIdentity.trust);
});

test.each([[aws.Identity.podIdentity()], [aws.Identity.irsa()]])(
  '$kind: a bucket of another stack is granted without a cycle',
  (identity) => {
    const app = new App();
    const [data, platform] = ['Data', 'Platform'].map((name) => new Stack(app, name, { env: ENV }));
    const bucket = new aws.Bucket(data, 'Statements');
    bucket.grantRead(scene({ stack: platform }).cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api', identity }));
    const policies = resources(platform, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('ClusterApi'));
    const [read, key] = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(JSON.stringify(read.Resource)).toMatch(/"Fn::ImportValue":"Data:ExportsOutputFnGetAttStatements\w+Arn/);
    expect(JSON.stringify(key.Resource)).toMatch(/"Fn::ImportValue":"Data:ExportsOutputFnGetAttStatementsKey\w+Arn/);
    expect(JSON.stringify(resources(data, 'AWS::KMS::Key'))).not.toContain('ImportValue');
  },
);

test('the cluster lists its roles in the order they were made', () => {
  const { cluster } = scene();
  cluster.podRole('Web', { namespace: 'shop', serviceAccount: 'web' });
  cluster.podRole('Api', { namespace: 'payments', serviceAccount: 'api', identity: aws.Identity.irsa() });
  expect(cluster.podRoles.map(({ kind, namespace, serviceAccount }) => [kind, namespace, serviceAccount])).toEqual([
    ['podIdentity', 'shop', 'web'],
    ['irsa', 'payments', 'api'],
  ]);
  expect(thrown(() => cluster.podRole('Bad', { namespace: 'Payments', serviceAccount: 'x' }))).toMatch(/^NamespaceInvalid/);
  expect(cluster.podRoles).toHaveLength(2);
});

describe('names', () => {
  const attempt = (props: Partial<aws.PodRoleProps>) => thrown(() => withRole(props));

  test.each([['aws-node'], ['ebs-csi-controller-sa']])('the add-on has taken kube-system/%s', (serviceAccount) => {
    expect(attempt({ namespace: 'kube-system', serviceAccount })).toBe(
      `ServiceAccountTaken: [Platform/Cluster/Api]: the service account 'kube-system/${serviceAccount}' has a role already; grant to that one (ServiceAccountTaken)`,
    );
  });

  test('what Kubernetes refuses', () => {
    expect(attempt({ namespace: 'Payments' })).toBe(
      "NamespaceInvalid: [Platform/Cluster/Api]: namespace is 'Payments', which Kubernetes refuses; use lower-case letters, digits and dashes (NamespaceInvalid)",
    );
    expect(attempt({ serviceAccount: '*' })).toBe(
      "ServiceAccountInvalid: [Platform/Cluster/Api]: serviceAccount is '*', which Kubernetes refuses; use lower-case letters, digits, dots and dashes (ServiceAccountInvalid)",
    );
    expect(attempt({ serviceAccount: 'a..b' })).toMatch(/^ServiceAccountInvalid/);
    expect(attempt({ serviceAccount: 'api.v2' })).toBe('nothing');
  });

  test('long ones are cut to 64 characters with a digest, so that two stay two', () => {
    const name = (serviceAccount: string) =>
      withRole({ namespace: 'payments-of-the-northern-region', serviceAccount }).resource.Properties.RoleName;
    const [one, two] = ['settlement-batch-of-the-first-shift', 'settlement-batch-of-the-second-shift'].map(name);
    expect(one).toMatch(/^platform-cluster\.payments-of-the-northern-region\.settl.*-[0-9a-f]{8}$/);
    expect(one).toHaveLength(64);
    expect(one.slice(0, 55)).toBe(two.slice(0, 55));
    expect(one).not.toBe(two);
  });
});

describe('partitions', () => {
  test.each([['us-gov-west-1'], ['cn-north-1'], ['eu-west-1']])('%s: no literal partition in an ARN', (region) => {
    const { stack } = withRole({ identity: aws.Identity.irsa() }, stackIn(region));
    const text = JSON.stringify(resources(stack, 'AWS::IAM::Role'));
    expect(text).not.toMatch(/arn:aws[a-z-]*:/);
    const keys = JSON.stringify(resources(stack, 'AWS::KMS::Key')) + JSON.stringify(resources(stack, 'AWS::EC2::VPCEndpoint'));
    expect(keys).not.toMatch(/arn:aws[a-z-]*:/);
  });

  test('an account-agnostic stack has trust by reference', () => {
    const { resource } = withRole({}, new Stack(new App(), 'Platform'));
    expect(resource.Properties.AssumeRolePolicyDocument.Statement[0].Condition.StringEquals['aws:SourceAccount']).toEqual({
      Ref: 'AWS::AccountId',
    });
  });
});
