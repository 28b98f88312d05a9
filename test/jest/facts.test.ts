import { Fn } from 'aws-cdk-lib';
import { CfnAccessEntry, CfnCluster, CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { CfnManagedPolicy, CfnRole, Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Decision, Exemption } from '../../lib/controls/acceptance';
import { factsOf, KINDS, PRODUCERS } from '../../lib/jest/facts';
import { bucket, charts, object, postureOf, role, stack } from './platform';

const RBAC = 'rbac.authorization.k8s.io/v1';
const factsOfStack = (build: Parameters<typeof stack>[0]): string[] => postureOf({ cdk: stack(build) }).facts;
const lines = (facts: readonly string[], kind: string): string[] => facts.filter((line) => line.startsWith(`${kind} `));

describe('permissions', () => {
  const facts = factsOfStack((scope) => {
    const reader = role(scope, 'Reader');
    const logs = bucket(scope, 'Logs');
    reader.addToPolicy(new PolicyStatement({ actions: ['s3:PutObject', 's3:GetObject'], resources: [`${logs.attrArn}/*`, logs.attrArn] }));
    reader.addToPolicy(new PolicyStatement({ effect: Effect.DENY, notActions: ['s3:*', 'logs:*'], resources: ['*'] }));
    reader.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:PrincipalTag/team': ['b team', 'a'] }, Bool: { 'aws:SecureTransport': 'true' } },
      }),
    );
    const boundary = new CfnManagedPolicy(scope, 'Boundary', {
      policyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
    });
    new CfnRole(scope, 'Bound', {
      assumeRolePolicyDocument: { Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } },
      permissionsBoundary: boundary.ref,
      managedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess', boundary.ref],
      policies: [
        { policyName: 'own', policyDocument: { Statement: { Effect: 'Allow', Action: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:x' } } },
      ],
    });
    reader.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('SecurityAudit'));
  });

  test('are one line an action and resource, by construct path', () => {
    expect(lines(facts, 'may').filter((line) => line.includes(' s3:'))).toEqual([
      'may Data/Bound s3:* *',
      'may Data/Reader s3:GetObject Data/Logs',
      'may Data/Reader s3:GetObject Data/Logs/*',
      'may Data/Reader s3:PutObject Data/Logs',
      'may Data/Reader s3:PutObject Data/Logs/*',
    ]);
    expect(facts).toContain('may Data/Bound sqs:* all-but(arn:aws:sqs:*:*:x)');
  });

  test('end in their condition', () => {
    expect(facts).toContain(
      'may Data/Reader kms:Decrypt * if Bool aws:SecureTransport=true and StringEquals aws:PrincipalTag/team="a|b team"',
    );
  });

  test('name what is attached, denied and bound', () => {
    expect(lines(facts, 'attach')).toEqual(['attach Data/Bound ReadOnlyAccess', 'attach Data/Reader SecurityAudit']);
    expect(lines(facts, 'deny')).toEqual(['deny Data/Reader all-but(logs:*,s3:*) *']);
    expect(lines(facts, 'bound')).toEqual(['bound Data/Bound Data/Boundary']);
  });

  test('hold no logical id', () => {
    expect(facts.join('\n')).not.toMatch(/[0-9A-F]{8}/);
    expect(lines(facts, 'assume')).toEqual(['assume * => role Data/Bound', 'assume lambda.amazonaws.com => role Data/Reader']);
  });
});

describe('who gets in', () => {
  const facts = postureOf({
    cdk: stack((scope) => {
      const cluster = new CfnCluster(scope, 'Cluster', {
        roleArn: 'arn:aws:iam::111122223333:role/eks',
        resourcesVpcConfig: { subnetIds: [] },
      });
      const api = role(scope, 'Api');
      new CfnPodIdentityAssociation(scope, 'Association', {
        clusterName: cluster.ref,
        namespace: 'shop',
        serviceAccount: 'api',
        roleArn: api.roleArn,
      });
      const policy = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
      new CfnAccessEntry(scope, 'Admins', {
        clusterName: cluster.ref,
        principalArn: 'arn:aws:iam::111122223333:role/admins',
        accessPolicies: [{ policyArn: policy('AmazonEKSClusterAdminPolicy'), accessScope: { type: 'cluster' } }],
      });
      new CfnAccessEntry(scope, 'Developers', {
        clusterName: cluster.ref,
        principalArn: 'arn:aws:iam::111122223333:role/developers',
        kubernetesGroups: ['viewers'],
        accessPolicies: [{ policyArn: policy('AmazonEKSEditPolicy'), accessScope: { type: 'namespace', namespaces: ['web', 'shop'] } }],
      });
    }),
    cdk8s: charts(object('v1', 'ServiceAccount', 'legacy', {}, 'shop'), {
      ...object('v1', 'ServiceAccount', 'batch'),
      metadata: { name: 'batch', namespace: 'shop', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/batch' } },
    }),
  }).facts;

  test('is told of clusters', () => {
    expect([...lines(facts, 'admin'), ...lines(facts, 'access')]).toEqual([
      'admin arn:aws:iam::111122223333:role/admins => Data/Cluster',
      'admin creator => Data/Cluster',
      'access arn:aws:iam::111122223333:role/developers => Data/Cluster AmazonEKSEditPolicy in shop,web',
      'access arn:aws:iam::111122223333:role/developers => Data/Cluster group viewers',
    ]);
  });

  test('is told of roles, by Pod Identity and by annotation', () => {
    expect(lines(facts, 'assume').filter((line) => line.includes('shop/'))).toEqual([
      'assume shop/api => role Data/Api',
      'assume shop/batch => role arn:aws:iam::1:role/batch',
    ]);
  });
});

test('RBAC is one line a verb and resource, for whom and where', () => {
  const rule = (rest: object) => ({ apiGroups: [''], verbs: ['get'], ...rest });
  const { facts } = postureOf({
    cdk8s: charts(
      object(RBAC, 'Role', 'reader', { rules: [rule({ resources: ['secrets'], resourceNames: ['db'], verbs: ['get', 'watch'] })] }, 'shop'),
      object(
        RBAC,
        'RoleBinding',
        'reader',
        {
          roleRef: { kind: 'Role', name: 'reader' },
          subjects: [
            { kind: 'ServiceAccount', name: 'api' },
            { kind: 'ServiceAccount', name: 'ci', namespace: 'build' },
          ],
        },
        'shop',
      ),
      {
        ...object(RBAC, 'ClusterRole', 'part', { rules: [rule({ apiGroups: ['apps'], resources: ['deployments'] })] }),
        metadata: { name: 'part', labels: { join: 'yes' } },
      },
      object(RBAC, 'ClusterRole', 'whole', {
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { join: 'yes' } }] },
        rules: [rule({ resources: ['ignored'] })],
      }),
      object(RBAC, 'ClusterRoleBinding', 'whole', {
        roleRef: { kind: 'ClusterRole', name: 'whole' },
        subjects: [{ kind: 'Group', name: 'on call' }],
      }),
      object(RBAC, 'ClusterRoleBinding', 'root', {
        roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'User', name: 'eve' }],
      }),
      object(RBAC, 'ClusterRoleBinding', 'health', {
        roleRef: { kind: 'ClusterRole', name: 'health' },
        subjects: [{ kind: 'User', name: 'bob' }],
      }),
      object(RBAC, 'ClusterRole', 'health', { rules: [{ nonResourceURLs: ['/healthz'], verbs: ['get'] }] }),
    ),
  });
  expect(lines(facts, 'can')).toEqual([
    'can "group/on call" get deployments.apps everywhere',
    'can build/ci get secrets/db in shop',
    'can build/ci watch secrets/db in shop',
    'can shop/api get secrets/db in shop',
    'can shop/api watch secrets/db in shop',
    'can user/bob get /healthz everywhere',
    'can user/eve as ClusterRole/cluster-admin everywhere',
  ]);
});

test('acceptances and what is undecided are facts, whatever the day', () => {
  const build = () =>
    stack((scope) => {
      Exemption.on(bucket(scope, 'Open'), 'A-S3-01', { owner: 'web team', reason: 'public pages', until: '2026-12-01' });
      Decision.on(scope, 'A-KMS-01', { owner: 'keys', reason: 'imported', review: '2027-01-31' });
    });
  const now = postureOf({ cdk: build(), asOf: '2026-11-01' }).facts;
  expect(lines(now, 'exempt')).toEqual(['exempt A-S3-01 Data/Open owner="web team" until=2026-12-01']);
  expect(lines(now, 'decide')).toEqual(['decide A-KMS-01 Data owner=keys review=2027-01-31']);
  expect(lines(postureOf({ cdk: build(), asOf: '2027-03-01' }).facts, 'exempt')).toEqual(lines(now, 'exempt'));
});

test('an undecided finding is a line', () => {
  const { facts } = postureOf({
    cdk: stack(
      (scope) => void new CfnKey(scope, 'Key', { keyPolicy: {}, enableKeyRotation: Fn.importValue('rotation') as unknown as boolean }),
    ),
  });
  expect(lines(facts, 'undecided')).toEqual(['undecided A-KMS-01 Data/Key']);
});

test('kinds are unique, in order, and every line has one of them', () => {
  expect([...KINDS.keys()]).toEqual([...new Set(PRODUCERS.flatMap(({ kinds }) => kinds.map(({ word }) => word)))].sort());
});

test('a producer of another module is one entry of the list', () => {
  const posture = postureOf({ cdk: stack((scope) => void bucket(scope, 'Logs')) });
  const reach = {
    kinds: [{ word: 'reach', widens: 'added' as const }],
    produce: () => [{ line: 'reach internet\n  -> web' }, { line: 'reach internet -> web' }],
  };
  expect([...factsOf(posture._examination.audit, () => posture._examination.network, [reach]).keys()]).toEqual(['reach internet -> web']);
});

describe('exposure', () => {
  const cluster = (config: object) =>
    lines(
      factsOfStack((scope) => {
        new CfnCluster(scope, 'Cluster', {
          roleArn: 'arn:aws:iam::111122223333:role/r',
          resourcesVpcConfig: { subnetIds: ['a', 'b'], ...config },
        });
      }),
      'expose',
    );
  test('is one line a range, and everybody where nothing is said', () => {
    expect(cluster({ endpointPublicAccess: false })).toEqual([]);
    expect(cluster({})).toEqual(['expose Data/Cluster to 0.0.0.0/0']);
    expect(cluster({ endpointPublicAccess: true })).toEqual(['expose Data/Cluster to 0.0.0.0/0']);
    expect(cluster({ endpointPublicAccess: true, publicAccessCidrs: ['203.0.113.0/24', '198.51.100.0/24'] })).toEqual([
      'expose Data/Cluster to 198.51.100.0/24',
      'expose Data/Cluster to 203.0.113.0/24',
    ]);
  });
  test('holds where nobody knows whether it is closed', () => {
    const open = Fn.importValue('open') as unknown as boolean;
    expect(cluster({ endpointPublicAccess: open, publicAccessCidrs: ['203.0.113.0/24'] })).toEqual([
      'expose Data/Cluster to 203.0.113.0/24',
    ]);
  });
});

describe('policies of resources', () => {
  const facts = factsOfStack((scope) => {
    const logs = bucket(scope, 'Logs');
    const statement = (Effect: string, Action: string | string[], Principal: unknown, rest: object = {}) => ({
      Effect,
      Action,
      Principal,
      Resource: '*',
      ...rest,
    });
    new CfnBucketPolicy(scope, 'Policy', {
      bucket: logs.ref,
      policyDocument: {
        Statement: [
          statement('Allow', ['s3:PutObject', 's3:GetObject'], { AWS: ['arn:aws:iam::999988887777:root', '*'] }),
          statement('Deny', 's3:*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          { Effect: 'Deny', Action: 's3:DeleteObject', NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/admin' }, Resource: '*' },
        ],
      },
    });
    new CfnKey(scope, 'Key', {
      enableKeyRotation: true,
      keyPolicy: {
        Statement: [
          statement('Allow', 'kms:*', { AWS: 'arn:aws:iam::111122223333:root' }),
          statement('Allow', 'kms:*', { AWS: Fn.sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') }),
          statement(
            'Allow',
            'kms:Decrypt',
            { Service: 'logs.amazonaws.com' },
            { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } },
          ),
        ],
      },
    });
  });

  test('are one line an action and principal; the own account is what its IAM policies say', () => {
    expect(lines(facts, 'permit')).toEqual([
      'permit Data/Key kms:Decrypt logs.amazonaws.com if StringEquals aws:SourceAccount=111122223333',
      'permit Data/Logs s3:GetObject *',
      'permit Data/Logs s3:GetObject arn:aws:iam::999988887777:root',
      'permit Data/Logs s3:PutObject *',
      'permit Data/Logs s3:PutObject arn:aws:iam::999988887777:root',
    ]);
    expect(lines(facts, 'forbid')).toEqual([
      'forbid Data/Logs s3:* * if Bool aws:SecureTransport=false',
      'forbid Data/Logs s3:DeleteObject all-but(arn:aws:iam::111122223333:role/admin)',
    ]);
  });
});
