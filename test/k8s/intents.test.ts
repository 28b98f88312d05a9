import * as cdk8s from 'cdk8s';
import type { JsonObject } from '../../lib/inventory/value';
import * as k8s from '../../lib/k8s';
import { app, containers, exemption, image, type Loose, objects, tenant } from './fixtures';

const labels = (name: string) => ({ matchLabels: { 'app.kubernetes.io/instance': name, 'app.kubernetes.io/name': name } });
const policies = (scope: k8s.App): { [name: string]: JsonObject } =>
  Object.fromEntries(
    scope
      ._rendered()
      .filter(({ json }) => json.kind === 'NetworkPolicy' && !['default-deny', 'allow-dns'].includes((json.metadata as Loose).name))
      .map(({ json }) => [`${(json.metadata as Loose).namespace}/${(json.metadata as Loose).name}`, json.spec as JsonObject]),
  );

test.each(['accept', 'reach'])('%s makes both sides of the policy', (verb) => {
  const scope = app();
  const payments = tenant(scope);
  const gateway = new k8s.Deployment(payments, 'gateway', { containers });
  const api = new k8s.Deployment(payments, 'api', {
    containers: [{ image, portNumber: 8443, ports: [{ number: 9090, name: 'metrics' }] }],
  });
  const batch = new k8s.Deployment(payments, 'batch', { containers });
  const say = () => (verb === 'accept' ? api.accept(gateway, batch) : [gateway, batch].map((peer) => peer.reach(api)));
  say();
  const once = policies(scope);
  say();
  expect(policies(scope)).toEqual(once);
  const ports = [
    { port: 8443, protocol: 'TCP' },
    { port: 9090, protocol: 'TCP' },
  ];
  expect(once).toEqual({
    'payments/api-accept-batch': {
      podSelector: labels('api'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: labels('batch') }], ports }],
    },
    'payments/api-accept-gateway': {
      podSelector: labels('api'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: labels('gateway') }], ports }],
    },
    'payments/batch-reach-api': {
      podSelector: labels('batch'),
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: labels('api') }], ports }],
    },
    'payments/gateway-reach-api': {
      podSelector: labels('gateway'),
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: labels('api') }], ports }],
    },
  });
});

test('across tenants a peer is its namespace and its pods, in one', () => {
  const scope = app();
  const api = new k8s.Deployment(tenant(scope), 'api', { containers });
  const web = new k8s.StatefulSet(tenant(scope, 'shop'), 'web', { containers });
  api.accept(web);
  const space = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
  const ports = [{ port: 8443, protocol: 'TCP' }];
  expect(policies(scope)).toEqual({
    'payments/api-accept-web.shop': {
      podSelector: labels('api'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: space('shop'), podSelector: labels('web') }], ports }],
    },
    'shop/web-reach-api.payments': {
      podSelector: labels('web'),
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector: space('payments'), podSelector: labels('api') }], ports }],
    },
  });
});

test('every kind of workload is a peer', () => {
  const payments = tenant(app());
  const api = new k8s.Deployment(payments, 'api', { containers });
  const portless = [{ image }];
  const peers: k8s.IWorkload[] = [
    new k8s.CronJob(payments, 'cron', { containers: portless, schedule: cdk8s.Cron.daily() }),
    new k8s.DaemonSet(payments, 'daemon', { containers: portless }),
    new k8s.Job(payments, 'job', { containers: portless }),
    new k8s.Pod(payments, 'pod', { containers: portless }),
    new k8s.StatefulSet(payments, 'set', { containers }),
  ];
  for (const peer of peers) peer.reach(api);
  expect(peers.map((peer) => peer.peerName)).toEqual(['cron', 'daemon', 'job', 'pod', 'set']);
  expect(peers.map((peer) => peer.serviceAccountName)).toEqual(['cron', 'daemon', 'job', 'pod', 'set']);
  expect(Object.keys(policies(payments.node.root as k8s.App)).filter((name) => name.includes('-accept-'))).toHaveLength(5);
});

test('a workload without a port accepts nobody', () => {
  const payments = tenant(app());
  const job = new k8s.Job(payments, 'job', { containers: [{ image }] });
  const api = new k8s.Deployment(payments, 'api', { containers });
  const message = "'payments/job' listens on no port, so 'api' cannot reach it; set portNumber on a container (NoPort)";
  expect(() => job.accept(api)).toThrow(message);
  expect(() => api.reach(job)).toThrow(message);
});

describe('address ranges', () => {
  test('in and out, on named ports', () => {
    const scope = app();
    const api = new k8s.Deployment(tenant(scope), 'api', { containers });
    api.accept(k8s.Peer.cidr('10.0.128.0/20'));
    api.reach(k8s.Peer.cidr('10.0.64.0/24', { ports: [5432, 443, 443] }));
    expect(policies(scope)).toEqual({
      'payments/api-accept-10-0-128-0-20': {
        podSelector: labels('api'),
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ ipBlock: { cidr: '10.0.128.0/20' } }], ports: [{ port: 8443, protocol: 'TCP' }] }],
      },
      'payments/api-reach-10-0-64-0-24': {
        podSelector: labels('api'),
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ ipBlock: { cidr: '10.0.64.0/24' } }],
            ports: [
              { port: 443, protocol: 'TCP' },
              { port: 5432, protocol: 'TCP' },
            ],
          },
        ],
      },
    });
  });

  test('a second intent for a range adds to the first', () => {
    const scope = app();
    const api = new k8s.Deployment(tenant(scope), 'api', { containers });
    for (const port of [443, 5432, 443]) api.reach(k8s.Peer.cidr('10.0.64.0/24', { ports: [port] }));
    const [spec] = Object.values(policies(scope)) as Loose[];
    expect(spec.egress.map((rule: Loose) => rule.ports)).toEqual([[{ port: 443, protocol: 'TCP' }], [{ port: 5432, protocol: 'TCP' }]]);
  });

  test.each(['0.0.0.0/0', '::/0'])('%s needs an exemption, and never opens instance metadata', (cidr) => {
    expect(() => k8s.Peer.cidr(cidr, { ports: [443] })).toThrow(
      `'${cidr}' is every address there is; name the ranges that are meant, or pass an exemption (CidrTooWide)`,
    );
    const scope = app();
    const api = new k8s.Deployment(tenant(scope), 'api', { containers });
    api.reach(k8s.Peer.cidr(cidr, { ports: [443], exemption: exemption() }));
    const [spec] = Object.values(policies(scope)) as Loose[];
    expect(spec.egress[0].to).toEqual([{ ipBlock: { cidr, except: [cidr.includes(':') ? 'fd00:ec2::254/128' : '169.254.169.254/32'] } }]);
    const { annotations } = objects(scope)['Deployment/api'].metadata as Loose;
    expect(JSON.parse(annotations['cdk-bulwark/acceptances'])).toMatchObject([{ control: 'K-NET-05' }]);
  });

  test.each(['169.254.0.0/16', '128.0.0.0/1', 'fd00::/8'])('%s leaves out instance metadata', (cidr) => {
    expect((k8s.Peer.cidr(cidr)._end() as Loose).except).toHaveLength(1);
  });
  test.each(['10.0.0.0/8', '169.254.170.23/32', '2001:db8::/32', '::ffff:10.0.0.0/104'])('%s holds none', (cidr) => {
    expect((k8s.Peer.cidr(cidr)._end() as Loose).except).toEqual([]);
  });
  test.each(['169.254.169.254/32', 'fd00:ec2::254/128'])('%s is instance metadata and refused', (cidr) => {
    expect(() => k8s.Peer.cidr(cidr, { ports: [80] })).toThrow(/is the instance metadata service, .* \(MetadataAddress\)$/);
  });
  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0/8', 'example.com/8', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1'])('%s is none', (cidr) => {
    expect(() => k8s.Peer.cidr(cidr)).toThrow(`'${cidr}' is no address range; write it as '10.0.0.0/16' (CidrInvalid)`);
  });
  test('an address behind the prefix is an error', () => {
    expect(() => k8s.Peer.cidr('10.0.0.1/8')).toThrow(/has address bits behind its prefix; .* \(CidrInvalid\)$/);
  });
  test.each([[[0]], [[65536]], [[1.5]], [[]]])('the ports %j are refused', (ports) => {
    expect(() => k8s.Peer.cidr('10.0.0.0/8', { ports })).toThrow(/\(PortInvalid\)$/);
  });
  test('ports have to be named to go out, and listened on to come in', () => {
    const api = new k8s.Deployment(tenant(app()), 'api', { containers });
    expect(() => api.reach(k8s.Peer.cidr('10.0.0.0/8'))).toThrow(
      /reaching '10\.0\.0\.0\/8' without ports would open all of them; .* \(NoPort\)$/,
    );
    expect(() => api.accept(k8s.Peer.cidr('10.0.0.0/8', { ports: [80] }))).toThrow(
      "'payments/api' does not listen on port 80; name one of 8443 (NoPort)",
    );
  });
});

describe('outside a tenant', () => {
  test('the first egress policy brings name resolution with it', () => {
    const scope = app();
    const chart = new cdk8s.Chart(scope, 'chart', { namespace: 'legacy', disableResourceNameHashes: true });
    const [web, api] = ['web', 'api'].map((id) => new k8s.Deployment(chart, id, { containers }));
    web.reach(api);
    expect(Object.keys(policies(scope))).toEqual([
      'legacy/chart-web-reach-chart-api',
      'legacy/chart-web-dns',
      'legacy/chart-api-accept-chart-web',
    ]);
  });

  test('pods without a namespace cannot be named from another', () => {
    const scope = app();
    const api = new k8s.Deployment(tenant(scope), 'api', { containers });
    const web = new k8s.Deployment(new cdk8s.Chart(scope, 'chart'), 'web', { containers });
    expect(() => api.accept(web)).toThrow(
      /'chart\/web' has no namespace, so 'payments\/api' cannot name its pods; place it in a Tenant \(NamespaceUnknown\)/,
    );
  });
});
