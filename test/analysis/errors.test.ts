import { dump } from 'js-yaml';
import type { InputError } from '../../lib/error';
import type { JsonObject } from '../../lib/inventory';
import { Posture } from '../../lib/posture';
import { deployment, network, policy } from './scene';

function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as InputError).message;
  }
  return 'nothing was thrown';
}
const rejected = (spec: JsonObject): string => failure(() => network([deployment('web'), policy(spec)]));
const peer = (one: JsonObject): JsonObject => ({ podSelector: {}, ingress: [{ from: [one] }] });
const port = (one: JsonObject): JsonObject => ({ podSelector: {}, egress: [{ ports: [one] }] });

test.each<[string, JsonObject, string]>([
  [
    'an operator',
    { podSelector: { matchExpressions: [{ key: 'a', operator: 'Is', values: ['b'] }] } },
    "there is no operator 'Is'; use In, NotIn, Exists, DoesNotExist (SelectorInvalid)",
  ],
  ['no operator', { podSelector: { matchExpressions: [{ key: 'a' }] } }, 'there is no operator; use In'],
  [
    'In without values',
    { podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
    'In has no values; name at least one, or use Exists',
  ],
  [
    'Exists with values',
    { podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } },
    'Exists takes no values; remove them, or use In',
  ],
  ['a label that YAML made a number', { podSelector: { matchLabels: { a: 1 } } }, '1 is no value of a label; put it in quotes'],
  ['a key', { podSelector: { matchLabels: { 'a b': 'c' } } }, "'a b' is no key of a label"],
  [
    'a misspelt field',
    peer({ podSelector: { matchLabel: { a: 'b' } } }),
    "a selector has no 'matchLabel'; use matchLabels or matchExpressions",
  ],
  ['a selector that is text', { podSelector: 'web' }, 'the selector is "web"; give it matchLabels'],
  [
    'a CIDR without length',
    peer({ ipBlock: { cidr: '10.0.0.0' } }),
    "'10.0.0.0' is no range of addresses; write it as 10.0.0.0/8 (CidrInvalid)",
  ],
  ['an address out of range', peer({ ipBlock: { cidr: '10.0.0.256/24' } }), "'10.0.0.256/24' is no range of addresses"],
  [
    'an exception outside',
    peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['192.168.0.0/16'] } }),
    "'192.168.0.0/16' is no part of '10.0.0.0/8'",
  ],
  [
    'an exception that leaves nothing',
    peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }),
    "'10.0.0.0/8' is no part of '10.0.0.0/8'",
  ],
  [
    'a peer of two kinds',
    peer({ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }),
    'a peer has both an ipBlock and a selector; make two peers of it (PolicyInvalid)',
  ],
  ['a peer of none', peer({}), 'a peer names nobody'],
  ['a misspelt rule', { podSelector: {}, ingress: [{ form: [] }] }, "a rule of ingress has no 'form'; use from and ports"],
  ['a protocol', port({ protocol: 'ICMP', port: 1 }), "there is no protocol 'ICMP'; use TCP, UDP, SCTP"],
  ['a port out of range', port({ port: 70_000 }), 'port 70000 is not between 1 and 65535'],
  ['a port in quotes', port({ port: '8080' }), "'8080' is no name of a port; give a number without quotes"],
  ['a range that starts at a name', port({ port: 'web', endPort: 90 }), "a range cannot start at the name 'web'"],
  ['a range without a start', port({ endPort: 90 }), 'endPort 90 has no port to start at'],
  ['a range that goes down', port({ port: 90, endPort: 80 }), 'endPort 80 is not between 90 and 65535'],
  ['a policy type', { podSelector: {}, policyTypes: ['ingress'] }, "there is no policy type 'ingress'; use Ingress and Egress"],
  ['a list that is none', { podSelector: {}, ingress: {} }, 'ingress is no list'],
])('a policy with %s', (_, spec, message) => {
  expect(rejected(spec)).toContain(message);
  expect(rejected(spec)).toMatch(/^NetworkPolicy shop\/policy: /);
});

test('two ports of one name and protocol, in one container or in two', () => {
  const named = (...numbers: number[]): JsonObject =>
    deployment(
      'web',
      { app: 'web' },
      { containers: numbers.map((containerPort, at) => ({ name: `c${at}`, ports: [{ name: 'web', containerPort }] })) },
    );
  expect(failure(() => network([named(8080, 9090)]))).toBe(
    "Deployment shop/web has two ports 'web', 8080 and 9090, so a policy that names it means either; rename one (PortNameTaken)",
  );
  expect(failure(() => network([named(8080, 8080)]))).toBe('nothing was thrown');
});

test('what is wrong is told with file and line', () => {
  const text = [
    'apiVersion: v1',
    'kind: Namespace',
    'metadata: { name: shop }',
    '---',
    dump(policy(peer({ ipBlock: { cidr: '10.0.0.0/33' } }))),
  ].join('\n');
  const posture = Posture.of({ manifests: [text], controls: [] });
  expect(failure(() => posture.flows())).toMatch(/^manifest 1:1[0-9]: NetworkPolicy shop\/policy: '10\.0\.0\.0\/33' is no range/);
});

test('names that nothing has, ports and profiles that are none', () => {
  const one = network([deployment('web'), deployment('api')]);
  expect(failure(() => one.ports('web', 'shop/api'))).toBe(
    "no workload has the name 'web'; did you mean shop/web; internet, node and ranges of addresses are names too (WorkloadUnknown)",
  );
  expect(failure(() => one.flows('shop/wbe'))).toContain('there are shop/web, shop/api; ');
  expect(failure(() => network([]).ports('a/b', 'a/c'))).toContain('the manifests hold no pods');
  expect(
    failure(() => Posture.of({ manifests: ['{apiVersion: v1, kind: Namespace, metadata: {name: shop}}'], cni: 'weave' as never })),
  ).toBe("there is no enforcement profile 'weave'; choose one of vpc-cni, auto-mode, cilium, calico, none (CniUnknown)");
});
