import type { Cni } from '../../lib/analysis/enforcement';
import type { JsonObject } from '../../lib/inventory';
import { deployment, network, policy } from './scene';

const deny = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const shop = [deployment('web'), deployment('api'), deny];
const cluster = (properties: JsonObject = {}): JsonObject => ({ Type: 'AWS::EKS::Cluster', Properties: { Name: 'shop', ...properties } });
const addOn = (values?: JsonObject | string): JsonObject => ({
  Type: 'AWS::EKS::Addon',
  Properties: {
    AddonName: 'vpc-cni',
    ClusterName: 'shop',
    ...(values === undefined ? {} : { ConfigurationValues: typeof values === 'string' ? values : JSON.stringify(values) }),
  },
});
const template = (resources: JsonObject): JsonObject => ({ Resources: resources });
const reach = (objects: readonly JsonObject[], resources?: JsonObject): string[] =>
  network(objects, template(resources ?? {})).ports('shop/web', 'shop/api');

describe('what enforces policies', () => {
  test.each<[string, JsonObject, Cni | undefined, string[]]>([
    ['the add-on with policies on', { C: cluster(), A: addOn({ enableNetworkPolicy: 'true' }) }, 'vpc-cni', []],
    ['the add-on with policies on, as a boolean', { C: cluster(), A: addOn({ enableNetworkPolicy: true }) }, 'vpc-cni', []],
    ['the add-on without settings', { C: cluster(), A: addOn() }, 'none', ['* unenforced']],
    ['the add-on with policies off', { C: cluster(), A: addOn({ enableNetworkPolicy: 'false' }) }, 'none', ['* unenforced']],
    [
      'settings that are a parameter',
      {
        C: cluster(),
        A: { Type: 'AWS::EKS::Addon', Properties: { AddonName: 'vpc-cni', ClusterName: 'shop', ConfigurationValues: { Ref: 'Settings' } } },
      },
      undefined,
      ['* undecided'],
    ],
    ['a cluster without the add-on', { C: cluster() }, undefined, ['* undecided']],
    ['Auto Mode alone', { C: cluster({ ComputeConfig: { Enabled: true } }) }, undefined, ['* undecided']],
    ['no cluster', {}, undefined, ['* undecided']],
    [
      'two clusters that differ',
      { C: cluster(), A: addOn({ enableNetworkPolicy: 'true' }), D: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'other' } } },
      undefined,
      ['* undecided'],
    ],
  ])('%s', (_, resources, cni, wanted) => {
    expect(network(shop, template(resources)).world.enforcement.cni).toBe(cni);
    expect(reach(shop, resources)).toEqual(wanted);
  });

  test.each([
    ['true', 'auto-mode'],
    ['false', 'none'],
  ])('Auto Mode with its controller %s', (value, cni) => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' },
      data: { 'enable-network-policy-controller': value },
    };
    expect(network([...shop, map], template({ C: cluster({ ComputeConfig: { Enabled: true } }) })).world.enforcement.cni).toBe(cni);
  });

  test.each([
    ['cilium', 'cilium'],
    ['calico-node', 'calico'],
  ])('a daemon %s', (name, cni) => {
    expect(
      network([...shop, deployment(`kube-system/${name}`, { app: name }, {}, 'DaemonSet')], template({ C: cluster(), A: addOn() })).world
        .enforcement.cni,
    ).toBe(cni);
  });

  test('what the caller says comes first', () => {
    expect(network(shop, template({ C: cluster(), A: addOn() }), 'cilium').ports('shop/web', 'shop/api')).toEqual([]);
  });

  test('what policies allow is certain, whoever enforces them', () => {
    const allow = policy({ podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }], egress: [{}] }, 'allow');
    expect(reach([...shop, allow])).toEqual(['* undecided', 'TCP 8080']);
  });
});

describe('what is not held under a CNI that enforces', () => {
  const of = (spec: JsonObject, kind: string, cni: Cni): string[] =>
    network([deployment('web'), deployment('api', { app: 'api' }, spec, kind), policy({ podSelector: {} })], undefined, cni).ports(
      'shop/web',
      'shop/api',
    );

  test.each<[Cni, string[]]>([
    ['vpc-cni', ['* unenforced']],
    ['auto-mode', ['* unenforced']],
    ['cilium', []],
    ['calico', []],
  ])('a pod that no controller owns, under %s', (cni, wanted) => {
    expect(of({}, 'Pod', cni)).toEqual(wanted);
    expect(of({}, 'Deployment', cni)).toEqual([]);
  });

  test.each<[Cni, string[]]>([
    ['vpc-cni', ['* unenforced']],
    ['cilium', ['* unenforced']],
    ['calico', []],
  ])('a Windows pod, under %s', (cni, wanted) => {
    expect(of({ os: { name: 'windows' } }, 'Deployment', cni)).toEqual(wanted);
    expect(of({ nodeSelector: { 'kubernetes.io/os': 'windows' } }, 'Deployment', cni)).toEqual(wanted);
  });

  test('a pod on Fargate, by namespace and labels, under any CNI', () => {
    const profile = (selectors: JsonObject[] | JsonObject): JsonObject => ({
      C: cluster(),
      A: addOn({ enableNetworkPolicy: 'true' }),
      F: { Type: 'AWS::EKS::FargateProfile', Properties: { ClusterName: 'shop', Selectors: selectors } },
    });
    expect(reach(shop, profile([{ Namespace: 'shop' }]))).toEqual(['* unenforced']);
    expect(reach(shop, profile([{ Namespace: 'sh*' }]))).toEqual(['* unenforced']);
    expect(reach(shop, profile([{ Namespace: 'other' }]))).toEqual([]);
    expect(reach(shop, profile([{ Namespace: 'shop', Labels: [{ Key: 'app', Value: 'api' }] }]))).toEqual([]);
    expect(
      network(shop, template(profile([{ Namespace: 'shop', Labels: [{ Key: 'app', Value: 'api' }] }])))
        .flows()
        .map(({ to, standing }) => `${to} ${standing}`),
    ).toContain('shop/api unenforced');
    expect(reach(shop, profile({ Ref: 'Selectors' }))).toEqual(['* undecided']);
  });

  test('an end that is held still counts: only what nothing closes for certain passes', () => {
    const objects = [
      deployment('web'),
      deployment('api', { app: 'api' }, {}, 'Pod'),
      policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    ];
    expect(network(objects, undefined, 'vpc-cni').ports('shop/web', 'shop/api')).toEqual([]);
    expect(network(objects, undefined, 'vpc-cni').ports('shop/api', 'shop/web')).toEqual([]);
    expect(network(objects, undefined, 'vpc-cni').ports('shop/api', 'internet')).toEqual(['* unenforced']);
  });
});

describe('where pods have their addresses', () => {
  const egress = policy({
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '10.0.64.0/18' } }] }],
  });
  const nodes = (cidr: string, more: JsonObject = {}): JsonObject => ({
    C: cluster(),
    A: addOn({ enableNetworkPolicy: 'true' }),
    S: { Type: 'AWS::EC2::Subnet', Properties: { CidrBlock: cidr } },
    N: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: 'shop', Subnets: [{ Ref: 'S' }] } },
    ...more,
  });
  const objects = [deployment('web'), deployment('api'), egress];

  test('the subnets of the nodes, under the VPC CNI', () => {
    expect(reach(objects, nodes('10.0.64.0/20'))).toEqual(['*']);
    expect(reach(objects, nodes('10.0.0.0/20'))).toEqual([]);
    expect(reach(objects, nodes('10.0.0.0/16'))).toEqual(['* undecided']);
  });

  test('not known where a subnet is not, where nodes come of themselves, and where pods have subnets of their own', () => {
    expect(
      reach(objects, { ...nodes('10.0.0.0/20'), S: { Type: 'AWS::EC2::Subnet', Properties: { CidrBlock: { Ref: 'Cidr' } } } }),
    ).toEqual(['* undecided']);
    expect(
      reach([...objects, { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name: 'pool' } }], nodes('10.0.0.0/20')),
    ).toEqual(['* undecided']);
    expect(
      reach(
        objects,
        nodes('10.0.0.0/20', { A: addOn({ enableNetworkPolicy: 'true', env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' } }) }),
      ),
    ).toEqual(['* undecided']);
  });
});
