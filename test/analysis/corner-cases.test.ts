import type { JsonObject } from '../../lib/inventory';
import { deployment, everybody, flows, namespace, network, pods, policy } from './scene';

const three = [deployment('web'), deployment('api'), deployment('data')];
const reach = (from: string, to: string, ...objects: JsonObject[]): string[] => network([...three, ...objects]).ports(from, to);

describe('what a policy holds', () => {
  test('nothing where no policy selects either end', () => {
    expect(reach('shop/web', 'shop/api')).toEqual(['*']);
  });

  test('without policyTypes, ingress; egress only where it has rules for it', () => {
    expect(reach('shop/web', 'shop/api', policy({ podSelector: {} }))).toEqual([]);
    expect(reach('shop/web', 'internet', policy({ podSelector: {} }))).toEqual(['*']);
    expect(reach('shop/web', 'internet', policy({ podSelector: {}, egress: [] }))).toEqual(['*']);
    expect(reach('shop/web', 'internet', policy({ podSelector: {}, egress: [{ to: [pods('api')] }] }))).toEqual([]);
    expect(reach('shop/web', 'internet', policy({ podSelector: {}, policyTypes: [], egress: [{ to: [pods('api')] }] }))).toEqual([]);
  });

  test('with policyTypes, those directions alone: rules of another one mean nothing', () => {
    const one = policy({ podSelector: {}, policyTypes: ['Egress'], ingress: [], egress: [{}] });
    expect(reach('shop/web', 'shop/api', one)).toEqual(['*']);
  });

  test('an empty podSelector selects every pod of the namespace, and none of another', () => {
    const other = deployment('other/web');
    expect(reach('shop/web', 'shop/api', policy({ podSelector: {} }, 'deny', 'other'))).toEqual(['*']);
    expect(network([...three, other, policy({ podSelector: {} })]).ports('other/web', 'shop/data')).toEqual([]);
    expect(network([...three, other, policy({ podSelector: {} })]).ports('shop/web', 'other/web')).toEqual(['*']);
  });

  test('policies add up: what one allows, no other takes away', () => {
    const allow = policy(
      { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [pods('web')], ports: [{ port: 80 }] }] },
      'allow',
    );
    const more = policy(
      { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [pods('web')], ports: [{ port: 443 }] }] },
      'more',
    );
    expect(reach('shop/web', 'shop/api', policy({ podSelector: {} }, 'deny'), allow, more)).toEqual(['TCP 443', 'TCP 80']);
  });
});

describe('peers', () => {
  const ingress = (rule: JsonObject): JsonObject => policy({ podSelector: { matchLabels: { app: 'api' } }, ingress: [rule] });

  test('an empty list and a missing one mean everybody; no rule means nobody', () => {
    expect(reach('shop/web', 'shop/api', ingress({ from: [] }))).toEqual(['*']);
    expect(reach('shop/web', 'shop/api', ingress({}))).toEqual(['*']);
    expect(reach('shop/web', 'shop/api', policy({ podSelector: { matchLabels: { app: 'api' } }, ingress: [] }))).toEqual([]);
    expect(flows([...three, ingress({ from: [] })], undefined, 'shop/api')).toEqual(['* -> shop/api *']);
  });

  test('a podSelector alone means the namespace of the policy', () => {
    const objects = [...three, deployment('other/web', { app: 'web' }), ingress({ from: [pods('web')] })];
    expect(network(objects).ports('shop/web', 'shop/api')).toEqual(['*']);
    expect(network(objects).ports('other/web', 'shop/api')).toEqual([]);
  });

  test('a namespaceSelector and a podSelector in one peer both count; in two peers either does', () => {
    const both = { namespaceSelector: { matchLabels: { team: 'red' } }, podSelector: { matchLabels: { app: 'web' } } };
    const either: JsonObject[] = [
      { namespaceSelector: { matchLabels: { team: 'red' } } },
      { podSelector: { matchLabels: { app: 'web' } } },
    ];
    const objects = [
      ...three,
      namespace('red', { team: 'red' }),
      deployment('red/web', { app: 'web' }),
      deployment('red/job', { app: 'job' }),
    ];
    const names = ['red/web', 'red/job', 'shop/web', 'shop/data'];
    const reached = (rule: JsonObject): string[] =>
      names.filter((name) => network([...objects, ingress(rule)]).ports(name, 'shop/api').length > 0);
    expect(reached({ from: [both] })).toEqual(['red/web']);
    expect(reached({ from: either })).toEqual(['red/web', 'red/job', 'shop/web']);
  });

  test('an empty namespaceSelector means every namespace, and every namespace has its name as a label', () => {
    const objects = [...three, deployment('red/web', { app: 'web' })];
    expect(network([...objects, ingress({ from: [{ namespaceSelector: {} }] })]).ports('red/web', 'shop/api')).toEqual(['*']);
    const named = ingress({ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'red' } } }] });
    expect(network([...objects, named]).ports('red/web', 'shop/api')).toEqual(['*']);
    expect(network([...objects, named]).ports('shop/web', 'shop/api')).toEqual([]);
  });

  test.each<[string, JsonObject, string[]]>([
    ['In', { key: 'tier', operator: 'In', values: ['a', 'b'] }, ['shop/a', 'shop/b']],
    ['NotIn, where the key is missing too', { key: 'tier', operator: 'NotIn', values: ['a', 'b'] }, ['shop/none']],
    ['Exists', { key: 'tier', operator: 'Exists' }, ['shop/a', 'shop/b']],
    ['DoesNotExist', { key: 'tier', operator: 'DoesNotExist' }, ['shop/none']],
  ])('matchExpressions: %s', (_, expression, wanted) => {
    const objects = [
      deployment('api'),
      deployment('a', { tier: 'a' }),
      deployment('b', { tier: 'b' }),
      deployment('none', { app: 'none' }),
    ];
    const one = ingress({
      from: [{ podSelector: { matchExpressions: [expression, { key: 'app', operator: 'NotIn', values: ['api'] }] } }],
    });
    expect(['shop/a', 'shop/b', 'shop/none'].filter((name) => network([...objects, one]).ports(name, 'shop/api').length > 0)).toEqual(
      wanted,
    );
  });

  test('both directions have to let it through', () => {
    const out = policy(
      {
        podSelector: { matchLabels: { app: 'web' } },
        policyTypes: ['Egress'],
        egress: [{ to: [pods('api')], ports: [{ port: 80, endPort: 90 }] }],
      },
      'out',
    );
    expect(reach('shop/web', 'shop/api', out, ingress({ from: [pods('web')], ports: [{ port: 85, endPort: 99 }] }))).toEqual(['TCP 85-90']);
    expect(reach('shop/web', 'shop/api', out, ingress({ from: [pods('data')] }))).toEqual([]);
  });
});

describe('ports', () => {
  const ingress = (...ports: JsonObject[]): JsonObject => policy({ podSelector: { matchLabels: { app: 'api' } }, ingress: [{ ports }] });

  test('TCP where no protocol is named; all ports where none is; an empty list is all', () => {
    expect(reach('shop/web', 'shop/api', ingress({ port: 80 }))).toEqual(['TCP 80']);
    expect(reach('shop/web', 'shop/api', ingress({ protocol: 'UDP' }))).toEqual(['UDP *']);
    expect(reach('shop/web', 'shop/api', ingress({ protocol: 'SCTP', port: 7, endPort: 9 }))).toEqual(['SCTP 7-9']);
    expect(reach('shop/web', 'shop/api', ingress())).toEqual(['*']);
  });

  test('a name is what the destination calls so, in ingress and in egress', () => {
    const other = deployment(
      'api',
      { app: 'api' },
      {
        containers: [
          {
            name: 'main',
            ports: [
              { name: 'web', containerPort: 9090 },
              { name: 'dns', protocol: 'UDP', containerPort: 53 },
            ],
          },
        ],
      },
    );
    const objects = [deployment('web'), other, deployment('data')];
    expect(network([...objects, ingress({ port: 'web' })]).ports('shop/web', 'shop/api')).toEqual(['TCP 9090']);
    expect(network([...objects, ingress({ port: 'dns' })]).ports('shop/web', 'shop/api')).toEqual([]);
    expect(network([...objects, ingress({ protocol: 'UDP', port: 'dns' })]).ports('shop/web', 'shop/api')).toEqual(['UDP 53']);
    const out = policy({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'web' }] }] });
    expect(network([...objects, out]).ports('shop/web', 'shop/api')).toEqual(['TCP 9090']);
    expect(network([...objects, out]).ports('shop/web', 'shop/data')).toEqual(['TCP 8080']);
  });

  test('a sidecar has ports; an init container that ends has none', () => {
    const spec = (restartPolicy: JsonObject): JsonObject => ({
      initContainers: [{ name: 'first', ...restartPolicy, ports: [{ name: 'side', containerPort: 7 }] }],
    });
    const of = (restartPolicy: JsonObject): string[] =>
      network([deployment('web'), deployment('api', { app: 'api' }, spec(restartPolicy)), ingress({ port: 'side' })]).ports(
        'shop/web',
        'shop/api',
      );
    expect(of({ restartPolicy: 'Always' })).toEqual(['TCP 7']);
    expect(of({})).toEqual([]);
  });
});

describe('a pod and itself', () => {
  const deny = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

  test('a pod always reaches itself, whatever policies say', () => {
    const { reach: all } = network([deployment('lone', { app: 'lone' }, {}, 'Pod'), deny]);
    expect(all.between(0, 0).allowed).toHaveLength(6);
    expect(network([deployment('lone', { app: 'lone' }, {}, 'Pod'), deny]).flows()).toEqual([]);
  });

  test('two pods of one workload are two', () => {
    expect(network([deployment('api'), deny]).reach.between(0, 0).allowed).toEqual([]);
    expect(
      flows([deployment('api'), policy({ podSelector: {}, ingress: [{ from: [everybody] }], egress: [{ to: [everybody] }] })]),
    ).toContain('shop/api -> shop/api *');
  });

  test('an answer needs no rule of its own: who may connect is answered', () => {
    const one = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const out = policy({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to: [pods('api')] }] }, 'out');
    const into = policy({ podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [pods('web')] }] }, 'into');
    // Nothing allows api to open a connection to web, and nothing has to.
    expect(reach('shop/web', 'shop/api', one, out, into)).toEqual(['*']);
    expect(reach('shop/api', 'shop/web', one, out, into)).toEqual([]);
  });
});

describe('the network of the node', () => {
  const agent = deployment('agent', { app: 'web' }, { hostNetwork: true });
  const deny = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

  test('no policy selects a pod on it, as target or as peer', () => {
    const objects = [
      deployment('api'),
      agent,
      deny,
      policy({ podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Egress'], egress: [{ to: [pods('web')] }] }, 'out'),
    ];
    expect(network(objects).ports('shop/api', 'shop/agent')).toEqual([]);
    expect(network(objects).ports('shop/agent', 'internet')).toEqual(['*']);
  });

  test('a node reaches the pods on it, so probes need no rule', () => {
    expect(network([deployment('api'), agent, deny]).ports('node', 'shop/api')).toEqual(['*']);
    expect(network([deployment('api'), agent, deny]).ports('shop/agent', 'shop/api')).toEqual(['*']);
  });
});

describe('ranges of addresses', () => {
  const egress = (...to: JsonObject[]): JsonObject =>
    policy({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to, ports: [{ port: 443 }] }] });
  const block = (cidr: string, ...except: string[]): JsonObject => ({ ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } });

  test('what is excepted is closed', () => {
    const one = egress(block('0.0.0.0/0', '169.254.0.0/16', '10.0.0.0/8'));
    expect(reach('shop/web', '8.8.8.8/32', one)).toEqual(['TCP 443']);
    expect(reach('shop/web', '169.254.169.254/32', one)).toEqual([]);
    expect(reach('shop/web', '10.1.0.0/16', one)).toEqual([]);
    expect(reach('shop/web', '2001:4860::/32', one)).toEqual([]);
    expect(reach('shop/web', 'internet', one)).toEqual(['TCP 443']);
    expect(reach('shop/web', 'internet', egress(block('10.0.0.0/8')))).toEqual([]);
  });

  test('two blocks of a rule add up, exceptions are of one block', () => {
    const one = egress(block('10.0.0.0/8', '10.1.0.0/16'), block('10.1.2.0/24'));
    expect(reach('shop/web', '10.1.2.3/32', one)).toEqual(['TCP 443']);
    expect(reach('shop/web', '10.1.3.3/32', one)).toEqual([]);
  });

  test('IPv6', () => {
    const one = egress(block('fd00::/8', 'fd00:1::/32'));
    expect(reach('shop/web', 'fd00:2::1/128', one)).toEqual(['TCP 443']);
    expect(reach('shop/web', 'fd00:1::1/128', one)).toEqual([]);
    expect(flows([...three, one], 'shop/web')).toContain('shop/web -> fd00::/8 except fd00:1::/32 TCP 443');
  });

  test('whether one holds a pod is undecided where addresses are not known, and certain where it holds all', () => {
    expect(reach('shop/web', 'shop/api', egress(block('10.0.0.0/8')))).toEqual(['TCP 443 undecided']);
    expect(reach('shop/web', 'shop/api', egress(block('169.254.170.23/32')))).toEqual([]);
    expect(reach('shop/web', 'shop/api', egress(block('0.0.0.0/0', '169.254.169.254/32')))).toEqual(['TCP 443']);
    expect(reach('shop/web', 'shop/api', egress(block('0.0.0.0/1'), block('128.0.0.0/1')))).toEqual(['TCP 443']);
    expect(reach('shop/web', 'shop/api', egress(block('::/0')))).toEqual([]);
  });

  test('in Cilium one never holds a pod', () => {
    expect(network([...three, egress(block('0.0.0.0/0'))], undefined, 'cilium').ports('shop/web', 'shop/api')).toEqual([]);
  });

  test('ingress from one is a way in from there, not from elsewhere', () => {
    const one = policy({
      podSelector: { matchLabels: { app: 'api' } },
      ingress: [{ from: [block('192.168.0.0/16')], ports: [{ port: 8080 }] }],
    });
    expect(reach('192.168.7.0/24', 'shop/api', one)).toEqual(['TCP 8080']);
    expect(reach('172.16.0.0/16', 'shop/api', one)).toEqual([]);
    expect(flows([...three, one], undefined, 'shop/api')).toContain('192.168.0.0/16 -> shop/api TCP 8080');
  });
});

describe('kinds of policies that are not evaluated', () => {
  // Their Deny would be final and their Pass would leave the word to NetworkPolicies; of two with one priority, nobody says which comes first.
  test.each([
    ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy'],
    ['networking.k8s.aws/v1alpha1', 'ClusterNetworkPolicy'],
    ['networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy'],
    ['cilium.io/v2', 'CiliumNetworkPolicy'],
    ['crd.projectcalico.org/v1', 'NetworkPolicy'],
  ])('%s %s leaves nothing certain', (apiVersion, kind) => {
    const other = { apiVersion, kind, metadata: { name: 'tier' }, spec: { tier: 'Admin', priority: 1, ingress: [{ action: 'Deny' }] } };
    const one = network([...three, policy({ podSelector: {} }), other]);
    expect(one.ports('shop/web', 'shop/api')).toEqual(['* undecided']);
    expect(one.flows().map(({ standing }) => standing)).not.toContain('allowed');
    expect(one.world.doubts).toEqual([`${kind} tier of ${apiVersion} decides too and is not evaluated`]);
  });

  test('neither does an object that was read twice and differs', () => {
    const other = policy({ podSelector: { matchLabels: { app: 'api' } } });
    expect(network([...three, policy({ podSelector: {} }), other]).world.doubts).toEqual([
      'NetworkPolicy shop/policy was read twice and differs; give the manifests of one cluster at a time',
    ]);
    expect(network([...three, other, other]).world.doubts).toEqual([]);
  });
});
