import { stripVTControlCharacters } from 'node:util';
import { CfnAddon, CfnCluster } from 'aws-cdk-lib/aws-eks';
import { deployment, pods, policy } from '../analysis/scene';
import { charts, postureOf, stack } from './platform';

const deny = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'deny');
const out = policy(
  { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to: [pods('api')], ports: [{ port: 8080 }] }] },
  'out',
);
const into = policy({ podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [pods('web')], ports: [{ port: 8080 }] }] }, 'into');
const objects = [deployment('web'), deployment('api'), deployment('data'), deny, out, into];
const posture = postureOf({ cdk8s: charts(...objects), cni: 'calico' });

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return stripVTControlCharacters((error as Error).message);
  }
  return 'it passed';
}

test('flows and reach say who reaches whom', () => {
  expect(posture.flows({ to: 'shop/*' })).toEqual(['shop/web -> shop/api TCP 8080']);
  expect(posture.flows()).toEqual(['shop/web -> shop/api TCP 8080']);
  expect(posture.reach('shop/web', 'shop/api')).toEqual(['TCP 8080']);
  expect(posture.reach('shop/api', 'shop/web')).toEqual([]);
  expect(posture.reach('shop/*', 'shop/*')).toEqual(['TCP 8080']);
});

test('toReach passes when all of the one reach all of the other on all ports', () => {
  expect(posture).toReach('shop/web', 'shop/api');
  expect(posture).toReach('shop/web', 'shop/api', 'TCP 8080');
  expect(charts(deployment('web'), deployment('api'))).toReach('shop/*', 'shop/*');
  expect(messageOf(() => expect(posture).toReach('shop/*', 'shop/api', 'TCP 8080'))).toMatch(
    /shop\/data -> shop\/api is closed on TCP 8080/,
  );
  expect(messageOf(() => expect(posture).toReach('shop/web', 'shop/api', 'TCP 8080-8081'))).toContain('shop/web -> shop/api TCP 8080\n');
});

test('not.toReach passes when none of the one reaches any of the other', () => {
  expect(posture).not.toReach('shop/data', 'shop/*');
  expect(posture).not.toReach('shop/web', 'shop/api', 'TCP 443');
  expect(posture).not.toReach('shop/*', 'internet');
  expect(messageOf(() => expect(posture).not.toReach('shop/*', 'shop/api'))).toContain('shop/web -> shop/api TCP 8080');
});

test('a message tells the way hop by hop, with the construct of each policy', () => {
  expect(messageOf(() => expect(posture).not.toReach('shop/web', 'shop/api', 'TCP 8080'))).toBe(
    [
      "expect(posture).not.toReach('shop/web', 'shop/api', 'TCP 8080')",
      '',
      'shop/web -> shop/api TCP 8080',
      '  leaves shop/web: NetworkPolicy shop/out allows TCP 8080 to shop/api',
      '    NetworkPolicy out: shop/object4',
      '  enters shop/api: NetworkPolicy shop/into allows TCP 8080 from shop/web',
      '    NetworkPolicy into: shop/object5',
    ].join('\n'),
  );
});

test('what is undecided satisfies neither, and what is unenforced passes', () => {
  const unknown = postureOf({ cdk8s: charts(...objects) });
  expect(messageOf(() => expect(unknown).not.toReach('shop/data', 'shop/api'))).toContain(
    'undecided: nothing that was read says what enforces policies',
  );
  expect(messageOf(() => expect(unknown).toReach('shop/data', 'shop/api', 'TCP 80'))).toContain('shop/data -> shop/api TCP 80 undecided');
  const open = postureOf({ cdk8s: charts(...objects), cni: 'none' });
  expect(open).toReach('shop/data', 'shop/api', 'TCP 80');
  expect(open.reach('shop/data', 'shop/api')).toEqual(['* unenforced']);
});

test('the cluster says what enforces policies', () => {
  const cdk = (enableNetworkPolicy: string) =>
    stack((scope) => {
      const cluster = new CfnCluster(scope, 'Cluster', {
        roleArn: 'arn:aws:iam::111122223333:role/eks',
        resourcesVpcConfig: { subnetIds: [] },
      });
      new CfnAddon(scope, 'Cni', {
        addonName: 'vpc-cni',
        clusterName: cluster.ref,
        configurationValues: JSON.stringify({ enableNetworkPolicy }),
      });
    });
  expect(postureOf({ cdk: cdk('true'), cdk8s: charts(...objects) })).not.toReach('shop/data', 'shop/api');
  expect(postureOf({ cdk: cdk('false'), cdk8s: charts(...objects) }).reach('shop/data', 'shop/api')).toEqual(['* unenforced']);
});

test('every flow is a fact, and what opens is a new line', () => {
  const lines = (...more: ReturnType<typeof policy>[]): string[] =>
    postureOf({ cdk8s: charts(...objects, ...more), cni: 'calico' }).facts.filter((line) => line.startsWith('reach '));
  const before = lines();
  expect(before).toEqual(['reach shop/web -> shop/api TCP 8080']);
  const wide = lines(policy({ podSelector: { matchLabels: { app: 'data' } }, ingress: [{}] }, 'wide'));
  expect(wide).toEqual(['reach * -> shop/data *', ...before]);
  expect(posture._facts().get('reach shop/web -> shop/api TCP 8080')?.resource).toMatchObject({ kind: 'Deployment', name: 'api' });
});

test('a misspelt name, port or profile is an error, also behind not', () => {
  expect(() => expect(posture).not.toReach('shop/wbe', 'shop/api')).toThrow(/WorkloadUnknown/);
  expect(() => expect(posture).not.toReach('shop/web', 'shop/api', 'HTTP')).toThrow(/PortInvalid/);
  expect(() => postureOf({ cdk8s: charts(...objects), cni: 'weave' as 'none' })).toThrow(/CniUnknown/);
  expect(() => expect(undefined).toReach('a', 'b')).toThrow(/NotAPosture/);
});

test('a posture with a policy that cannot be read says so when its flows are asked', () => {
  const broken = postureOf({
    cdk8s: charts(deployment('web'), policy({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } })),
  });
  expect(() => broken.facts).toThrow(/^\[shop\/object1\]: NetworkPolicy shop\/policy: there is no operator 'Is'/);
});
