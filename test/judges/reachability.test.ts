import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRange } from '../../lib/analysis/addresses';
import { meetPorts, onePort, type Protocol } from '../../lib/analysis/ports';
import { Reach } from '../../lib/analysis/reach';
import { type World, worldOf } from '../../lib/analysis/world';
import { inventoryOf, type JsonObject } from '../../lib/inventory';
import { compareWorlds } from '../analysis/agreement';
import { randomWorld } from '../analysis/random-world';
import { EXAMPLES, work } from './findings';

test('an evaluator that asks every policy anew gives the same answers in 10,000 worlds', () => {
  const { wrong, seen } = compareWorlds(1, 10_000);
  console.log(
    `10,000 random worlds: ${Object.entries(seen)
      .map(([answer, count]) => `${count} ${answer}`)
      .join(', ')}, ${wrong.length} answers differ`,
  );
  expect(wrong.slice(0, 10)).toEqual([]);
}, 600_000);

interface Judged {
  readonly world: World;
  readonly policies: readonly JsonObject[];
  /** Ports that a pod has: cyclonus asks for no other. */
  readonly ports: (workload: number) => readonly { readonly name?: string; readonly protocol: string; readonly containerPort: number }[];
}

const cyclonus = process.env.CYCLONUS;

/** Compares with what cyclonus simulates: for every pair of pods, the ports that the destination has. */
function compare(
  folder: string,
  { world, policies, ports }: Judged,
): { readonly wrong: string[]; readonly allowed: number; readonly denied: number } {
  const reach = new Reach(world);
  const asked = new Map<string, { protocol: string; port: number }>();
  const pods = world.workloads.map(({ name, namespace, labels, addresses }, number) => {
    const containers = ports(number).map(({ name: port = `none-${number}`, protocol, containerPort }) => {
      asked.set(`${protocol} ${containerPort}`, { protocol, port: containerPort });
      return { Name: `c-${containerPort}`, Port: containerPort, Protocol: protocol, PortName: port };
    });
    // A pod without any port takes part as a source; the port is never asked for.
    const listening = containers.length > 0 ? containers : [{ Name: 'none', Port: 1, Protocol: 'TCP', PortName: 'none' }];
    return {
      Namespace: namespace,
      Name: name.slice(name.indexOf('/') + 1),
      Labels: labels,
      IP: textOf(addresses[0]),
      Containers: listening,
    };
  });
  const probes = [...asked.values()];
  const model = {
    Probes: probes.map(({ protocol, port }) => ({ Protocol: protocol, Port: port })),
    Resources: { Namespaces: Object.fromEntries(world.namespaces), Pods: pods },
  };
  writeFileSync(
    join(folder, 'policies.json'),
    JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicyList', items: policies.map(stored) }),
  );
  writeFileSync(join(folder, 'model.json'), JSON.stringify(model));
  const args = ['analyze', '--mode', 'probe', '--policy-path', join(folder, 'policies.json'), '--probe-path', join(folder, 'model.json')];
  const { status, stdout, stderr } = spawnSync(cyclonus ?? '', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.slice(0, 2_000));
  const tables = stdout
    .split('Combined:\n')
    .slice(1, probes.length + 1)
    .map(tableOf);
  const result = { wrong: [] as string[], allowed: 0, denied: 0 };
  probes.forEach(({ protocol, port }, at) => {
    world.workloads.forEach((from, source) => {
      world.workloads.forEach((to, target) => {
        if (!ports(target).some((one) => one.protocol === protocol && one.containerPort === port)) return;
        const theirs = tables[at].get(from.name)?.get(to.name.toLowerCase());
        const mine = meetPorts(reach.between(source, target).allowed, onePort(protocol as Protocol, port)).length > 0 ? '.' : 'X';
        result[mine === '.' ? 'allowed' : 'denied'] += 1;
        if (mine !== theirs) result.wrong.push(`${from.name} -> ${to.name} ${protocol} ${port}: ${mine}, by cyclonus ${theirs}`);
      });
    });
  });
  return result;
}

/** A policy with the types that the API server writes where there are none: cyclonus reads what a cluster gives out. */
function stored(policy: JsonObject): JsonObject {
  const spec = policy.spec as JsonObject;
  if (Array.isArray(spec.policyTypes) && spec.policyTypes.length > 0) return policy;
  const isEgress = Array.isArray(spec.egress) && spec.egress.length > 0;
  return { ...policy, spec: { ...spec, policyTypes: isEgress ? ['Ingress', 'Egress'] : ['Ingress'] } };
}

/** Rows by source and destination; cyclonus writes the heads of columns in capitals. */
function tableOf(text: string): Map<string, Map<string, string>> {
  const [head, ...rows] = text
    .split('\n\n', 1)[0]
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return new Map(rows.map(([from, ...cells]) => [from, new Map(cells.map((cell, at) => [head[at + 1].toLowerCase(), cell]))]));
}

function textOf(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
}

(cyclonus === undefined ? test.skip : test)(
  'cyclonus simulates the same connections, on both examples and 1,000 random sets of policies',
  () => {
    const folder = mkdtempSync(work('cyclonus-'));
    let [allowed, denied] = [0, 0];
    const agree = (name: string, judged: Judged): void => {
      const result = compare(folder, judged);
      expect({ name, wrong: result.wrong.slice(0, 3) }).toEqual({ name, wrong: [] });
      allowed += result.allowed;
      denied += result.denied;
    };
    try {
      for (const example of EXAMPLES) {
        const dist = work(example, 'dist');
        const manifests = readdirSync(dist)
          .filter((name) => name.endsWith('.yaml'))
          .map((name) => readFileSync(join(dist, name), 'utf8'))
          .join('---\n');
        const inventory = inventoryOf({ manifests });
        const read = worldOf(inventory, 'calico');
        const workloads = read.workloads.map((workload, number) => {
          const range = readRange(`10.9.0.${number + 1}/32`)!;
          return { ...workload, addresses: [range.first, range.last] };
        });
        const ports = workloads.map(({ object }) =>
          [...JSON.stringify(object?.object).matchAll(/"containerPort":(\d+)/g)].map(([, port]) => ({
            protocol: 'TCP',
            containerPort: Number(port),
          })),
        );
        const policies = inventory.ofKind('NetworkPolicy').map(({ object }) => object);
        agree(example, { world: { ...read, workloads }, policies, ports: (number) => ports[number] });
      }
      expect([allowed > 0, denied > 0]).toEqual([true, true]);
      for (let seed = 1; seed <= 1_000; seed += 1) {
        const { world, brute } = randomWorld(seed, { gaps: false, quirks: false });
        agree(`world ${seed}`, { world, policies: brute.policies, ports: (number) => brute.pods[number].ports });
      }
      console.log(`cyclonus agrees on ${allowed} allowed and ${denied} denied connections`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  600_000,
);
