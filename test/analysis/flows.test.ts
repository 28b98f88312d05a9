import { flowsOf } from '../../lib/analysis/flows';
import { meetPorts, onePort, type Ports, type Protocol, portWords, readPorts, unitePorts } from '../../lib/analysis/ports';
import { Reach } from '../../lib/analysis/reach';
import { flowText } from '../../lib/analysis/standing';
import type { JsonObject } from '../../lib/inventory';
import { PROBES, randomWorld } from './random-world';
import { deployment, everybody, flows, namespace, network, pods, policy } from './scene';

const shop = [deployment('web'), deployment('api'), deployment('data')];
const deny = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'deny');

test('what is open to anybody is one line an end', () => {
  expect(flows(shop)).toEqual(['* -> shop/* *', 'shop/* -> * *']);
  expect(flows([...shop, deny])).toEqual([]);
});

test('what all workloads of a namespace have in common is one line', () => {
  const among = policy(
    { podSelector: {}, ingress: [{ from: [everybody] }], egress: [{ to: [everybody], ports: [{ port: 8080 }] }] },
    'among',
  );
  expect(flows([...shop, deny, among])).toEqual(['shop/* -> shop/* TCP 8080']);
  const some = policy({ podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [everybody] }] }, 'some');
  const out = policy({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [everybody], ports: [{ port: 8080 }] }] }, 'out');
  expect(flows([...shop, deny, some, out])).toEqual(['shop/* -> shop/api TCP 8080']);
});

test('between two ends that are named, nobody stands for anybody', () => {
  expect(flows(shop, 'shop/web', 'shop/api')).toEqual(['shop/web -> shop/api *']);
  expect(flows(shop, 'shop/web')).toEqual(['shop/web -> * *']);
  expect(flows(shop, undefined, 'shop/api')).toEqual(['* -> shop/api *']);
});

test('pods that nobody described have the name of what selects them', () => {
  const dns = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  };
  const of = (...to: JsonObject[]): string[] =>
    flows([
      ...shop,
      deny,
      policy({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to, ports: [{ port: 53 }] }] }),
    ]);
  expect(of(dns)).toEqual(['shop/web -> kube-system/*[k8s-app=kube-dns] TCP 53']);
  expect(of({ namespaceSelector: {} })).toEqual(['shop/web -> */* TCP 53']);
  expect(
    of({
      namespaceSelector: { matchLabels: { team: 'red' } },
      podSelector: {
        matchExpressions: [
          { key: 'a', operator: 'In', values: ['y', 'x'] },
          { key: 'b', operator: 'DoesNotExist' },
        ],
      },
    }),
  ).toEqual(['shop/web -> *[team=red]/*[!b,a=(x|y)] TCP 53']);
  // A namespace whose workloads are here holds no others.
  expect(of(pods('nobody'))).toEqual([]);
  expect(of({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } })).toEqual([]);
});

test('two kinds of one name are told apart', () => {
  expect(network([deployment('web'), deployment('web', { app: 'job' }, {}, 'DaemonSet')]).workloads).toEqual([
    'shop/Deployment/web',
    'shop/DaemonSet/web',
  ]);
});

test('neither the order of objects nor that of rules changes a line', () => {
  const rule = { from: [pods('web'), { ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 80 }, { port: 443 }] };
  const turned = { ports: [{ port: 443 }, { port: 80 }], from: [{ ipBlock: { cidr: '10.9.9.9/8' } }, pods('web')] };
  const one = [...shop, deny, namespace('shop'), policy({ podSelector: {}, ingress: [rule] })];
  const other = [policy({ ingress: [turned], podSelector: {} }), namespace('shop'), deny, ...[...shop].reverse()];
  const split = [
    ...shop,
    deny,
    policy({ podSelector: {}, ingress: [{ ...rule, ports: [{ port: 80 }] }] }, 'a'),
    policy({ podSelector: {}, ingress: [{ ...rule, ports: [{ port: 443 }] }] }, 'b'),
  ];
  expect(flows(other)).toEqual(flows(one));
  expect(flows(split)).toEqual(flows(one));
});

test('the lines say what each pair of workloads says, in 300 random worlds', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { world } = randomWorld(seed, { gaps: true, quirks: true });
    const reach = new Reach(world);
    const lines = flowsOf(reach, [], { from: () => true, to: () => true });
    world.workloads.forEach((from, source) => {
      world.workloads.forEach((to, target) => {
        if (source === target && from.single) return;
        const fits = (text: string, name: string, space: string): boolean => text === name || text === `${space}/*`;
        const verdict = reach.between(source, target);
        for (const standing of ['allowed', 'unenforced', 'undecided'] as const) {
          const stated = lines
            .filter(
              (line) => line.standing === standing && fits(line.from, from.name, from.namespace) && fits(line.to, to.name, to.namespace),
            )
            .reduce<Ports>((sum, line) => unitePorts(sum, readPorts(line.ports)), []);
          expect({ seed, standing, ports: portWords(stated) }).toEqual({ seed, standing, ports: portWords(verdict[standing]) });
        }
        for (const { protocol, port } of PROBES.slice(0, 3))
          expect(meetPorts(verdict.allowed, meetPorts(verdict.undecided, onePort(protocol as Protocol, port)))).toEqual([]);
      });
    });
  }
}, 120_000);

test('a connection is told hop by hop', () => {
  const out = policy(
    { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to: [pods('api')], ports: [{ port: 8080 }] }] },
    'out',
  );
  const one = network([...shop, deny, out]);
  const told = (from: string, to: string, cni = one): string[] =>
    cni.explain(cni.ends(from)[0], cni.ends(to)[0], readPorts('8080')).map(({ passes, text }) => `${passes ? '+' : '-'} ${text}`);
  expect(told('shop/web', 'shop/api')).toEqual([
    '+ leaves shop/web: NetworkPolicy shop/out allows TCP 8080 to shop/api',
    '- enters shop/api: NetworkPolicy shop/deny closes ingress, and nothing allows TCP 8080 from shop/web',
  ]);
  expect(told('shop/web', 'shop/api', network([...shop, deny, out], undefined, undefined))[1]).toBe(
    '- enters shop/api: NetworkPolicy shop/deny closes ingress, and nothing allows TCP 8080 from shop/web; undecided: nothing that was read says what enforces policies',
  );
  expect(told('shop/web', 'shop/api', network([...shop, deny, out], undefined, 'none'))[1]).toMatch(
    /^\+ enters .*; unenforced: the profile none was given$/,
  );
  expect(told('shop/web', 'shop/api', network(shop))[0]).toBe(
    '+ leaves shop/web: no NetworkPolicy selects it for egress, so everything passes',
  );
  expect(told('node', 'shop/api')).toEqual([
    '+ leaves node: policies do not hold what uses the network of its node',
    '+ enters shop/api: a node always reaches the pods on it',
  ]);
  const block = policy(
    { podSelector: { matchLabels: { app: 'data' } }, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
    'block',
  );
  expect(told('shop/data', 'shop/api', network([...shop, deny, block]))[0]).toBe(
    '- leaves shop/data: NetworkPolicy shop/block names ranges of addresses that may hold shop/api; undecided: where its pods have their addresses is not known',
  );
  expect(network(shop).flows().map(flowText)).toHaveLength(2);
});
