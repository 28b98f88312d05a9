import { flowText } from '../../lib/analysis/standing';
import type { JsonObject } from '../../lib/inventory';
import { deployment, flows, network, pods, policy } from './scene';

const LB = 'service.beta.kubernetes.io/aws-load-balancer';
const ALB = 'alb.ingress.kubernetes.io';
const service = (spec: JsonObject, annotations: JsonObject = {}, name = 'front'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', annotations },
  spec: { selector: { app: 'web' }, ports: [{ name: 'https', port: 443, targetPort: 'web' }], ...spec },
});
const ingress = (annotations: JsonObject, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'front', namespace: 'shop', annotations },
  spec: {
    ingressClassName: 'alb',
    rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'front', port: { number: 443 } } } }] } }],
    ...spec,
  },
});
const into = (...objects: JsonObject[]): string[] =>
  flows([deployment('web'), deployment('api'), ...objects], 'internet').filter((line) => !line.startsWith('shop/'));
const internetFacing = { [`${LB}-scheme`]: 'internet-facing' };
const deny = policy({ podSelector: {} }, 'deny');
const from = (cidr: string, port: number | string = 8080): JsonObject =>
  policy({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr } }], ports: [{ port }] }] }, 'from');

describe('a Service', () => {
  test('of type LoadBalancer that faces the internet, by the port that clients connect to', () => {
    expect(into(service({ type: 'LoadBalancer' }, internetFacing))).toEqual(['internet -> shop/web TCP 443']);
  });

  test('inside the network, or without a type, is no way in', () => {
    expect(into(service({ type: 'LoadBalancer' }, { [`${LB}-scheme`]: 'internal' }))).toEqual([]);
    expect(into(service({ type: 'LoadBalancer' }, { [`${LB}-internal`]: 'true' }))).toEqual([]);
    expect(into(service({}))).toEqual([]);
    expect(into(service({ clusterIP: 'None' }))).toEqual([]);
    expect(into(service({ type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' }))).toEqual([]);
    expect(into(service({ type: 'LoadBalancer', selector: { app: 'other' } }, internetFacing))).toEqual([]);
  });

  test('without a scheme is undecided: the two controllers differ', () => {
    expect(into(service({ type: 'LoadBalancer' }))).toEqual(['internet -> shop/web TCP 443 undecided']);
  });

  test('is open to its source ranges alone', () => {
    const of = (...ranges: string[]): string[] =>
      flows(
        [deployment('web'), service({ type: 'LoadBalancer', loadBalancerSourceRanges: ranges }, internetFacing)],
        undefined,
        'shop/web',
      );
    expect(of('203.0.113.0/24')).toEqual(['* -> shop/web *', '203.0.113.0/24 -> shop/web TCP 443']);
    expect(of('0.0.0.0/0', '203.0.113.0/24')).toEqual([
      '* -> shop/web *',
      '203.0.113.0/24 -> shop/web TCP 443',
      'internet -> shop/web TCP 443',
    ]);
  });

  test('reaches a pod by number and by name; one that has no such port is not reached', () => {
    expect(
      into(service({ type: 'LoadBalancer', ports: [{ port: 80, targetPort: 9090 }] }, internetFacing), from('0.0.0.0/0', 9090)),
    ).toEqual(['internet -> shop/web TCP 80']);
    expect(into(service({ type: 'LoadBalancer', ports: [{ port: 80, targetPort: 'absent' }] }, internetFacing))).toEqual([]);
    expect(into(service({ type: 'LoadBalancer', ports: [{ port: 53, protocol: 'UDP' }] }, internetFacing))).toEqual([
      'internet -> shop/web UDP 53',
    ]);
  });

  test('of type NodePort is undecided: the network of the nodes has the word', () => {
    expect(into(service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] }))).toEqual([
      'internet -> shop/web TCP 30080 undecided',
    ]);
    expect(into(service({ type: 'NodePort' }))).toEqual(['internet -> shop/web TCP 30000-32767 undecided']);
    expect(into(service({ externalIPs: ['203.0.113.7'] }))).toEqual(['internet -> shop/web TCP 443 undecided']);
  });
});

describe('policies behind a load balancer', () => {
  const byAddress = { ...internetFacing, [`${LB}-nlb-target-type`]: 'ip' };

  test('that sends to the addresses of pods: closed, unless they let it or its clients in', () => {
    const lb = service({ type: 'LoadBalancer' }, byAddress);
    expect(into(lb, deny)).toEqual([]);
    expect(into(lb, deny, from('0.0.0.0/0'))).toEqual(['internet -> shop/web TCP 443']);
    expect(into(lb, deny, from('10.0.0.0/8'))).toEqual(['internet -> shop/web TCP 443 undecided']);
    expect(into(lb, deny, from('10.0.0.0/8', 9090))).toEqual([]);
  });

  test('that sends to nodes: undecided, since a node always reaches its pods; not where the address of the client is kept', () => {
    expect(into(service({ type: 'LoadBalancer' }, internetFacing), deny)).toEqual(['internet -> shop/web TCP 443 undecided']);
    expect(into(service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }, internetFacing), deny)).toEqual([]);
  });

  test('whose subnets are known', () => {
    const template = {
      Resources: {
        S: { Type: 'AWS::EC2::Subnet', Properties: { CidrBlock: '10.0.0.0/20', Tags: [{ Key: 'kubernetes.io/role/elb', Value: '1' }] } },
      },
    };
    const of = (cidr: string): string[] =>
      network([deployment('web'), service({ type: 'LoadBalancer' }, byAddress), deny, from(cidr)], template, 'vpc-cni')
        .flows('internet')
        .map(flowText);
    expect(of('10.0.0.0/20')).toEqual(['internet -> shop/web TCP 443']);
    expect(of('10.0.16.0/20')).toEqual([]);
  });

  test('where nothing enforces them', () => {
    const objects = [deployment('web'), service({ type: 'LoadBalancer' }, byAddress), deny];
    expect(network(objects, undefined, 'none').flows('internet').map(flowText)).toEqual(['internet -> shop/web TCP 443 unenforced']);
    expect(network(objects, undefined, undefined).flows('internet').map(flowText)).toEqual(['internet -> shop/web TCP 443 undecided']);
  });
});

describe('an Ingress', () => {
  const backend = service({});

  test('of the load balancer controller that faces the internet', () => {
    expect(into(backend, ingress({ [`${ALB}/scheme`]: 'internet-facing' }))).toEqual(['internet -> shop/web TCP 80']);
    expect(into(backend, ingress({ [`${ALB}/scheme`]: 'internet-facing', [`${ALB}/certificate-arn`]: 'arn' }))).toEqual([
      'internet -> shop/web TCP 443',
    ]);
    expect(
      into(backend, ingress({ [`${ALB}/scheme`]: 'internet-facing', [`${ALB}/listen-ports`]: '[{"HTTP": 80}, {"HTTPS": 8443}]' })),
    ).toEqual(['internet -> shop/web TCP 80', 'internet -> shop/web TCP 8443']);
  });

  test('is open to its ranges alone', () => {
    const one = ingress({ [`${ALB}/scheme`]: 'internet-facing', [`${ALB}/inbound-cidrs`]: '203.0.113.0/24, 198.51.100.0/24' });
    expect(flows([deployment('web'), backend, one], '203.0.113.0/24')).toEqual(['203.0.113.0/24 -> shop/web TCP 80']);
    expect(into(backend, one)).toEqual([]);
  });

  test('is internal where it says so or says nothing', () => {
    expect(into(backend, ingress({ [`${ALB}/scheme`]: 'internal' }))).toEqual([]);
    expect(into(backend, ingress({}))).toEqual([]);
  });

  test('of a class that may say more, or of another controller, is undecided', () => {
    const params = {
      apiVersion: 'elbv2.k8s.aws/v1beta1',
      kind: 'IngressClassParams',
      metadata: { name: 'alb' },
      spec: { scheme: 'internet-facing' },
    };
    expect(into(backend, ingress({}), params)).toEqual(['internet -> shop/web TCP 80 undecided']);
    expect(into(backend, ingress({}, { ingressClassName: 'nginx', tls: [{}] }))).toEqual([
      'internet -> shop/web TCP 443 undecided',
      'internet -> shop/web TCP 80 undecided',
    ]);
  });

  test('has the default backend too, and finds a port by its name', () => {
    const one = ingress(
      { [`${ALB}/scheme`]: 'internet-facing' },
      { rules: [], defaultBackend: { service: { name: 'front', port: { name: 'https' } } } },
    );
    expect(into(backend, one)).toEqual(['internet -> shop/web TCP 80']);
    const other = ingress(
      { [`${ALB}/scheme`]: 'internet-facing' },
      { rules: [], defaultBackend: { service: { name: 'front', port: { name: 'admin' } } } },
    );
    expect(into(backend, other)).toEqual([]);
  });
});

test('routes of the Gateway API and target groups are undecided', () => {
  const gateway = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge', namespace: 'shop' },
    spec: {
      listeners: [
        { name: 'a', port: 443 },
        { name: 'b', port: 8443 },
      ],
    },
  };
  const route = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'r', namespace: 'shop' },
    spec: { parentRefs: [{ name: 'edge', sectionName: 'a' }], rules: [{ backendRefs: [{ name: 'front', port: 443 }] }] },
  };
  expect(into(service({}), gateway, route)).toEqual(['internet -> shop/web TCP 443 undecided']);
  const binding = {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { name: 't', namespace: 'shop' },
    spec: { serviceRef: { name: 'front', port: 443 } },
  };
  expect(into(service({}), binding)).toEqual(['internet -> shop/web TCP * undecided']);
});

test('what is exposed is told hop by hop', () => {
  const one = network([
    deployment('web'),
    service({ type: 'LoadBalancer' }, internetFacing),
    policy({ podSelector: {}, ingress: [{ from: [pods('api')] }] }),
  ]);
  expect(one.explain(one.ends('internet')[0], one.ends('shop/web')[0], [1, 65_535]).map(({ text }) => text)).toEqual([
    'Service shop/front leads from internet on TCP 443: the scheme of its load balancer is internet-facing',
    'enters shop/web: NetworkPolicy shop/policy closes ingress, and nothing allows TCP * from internet',
  ]);
});
