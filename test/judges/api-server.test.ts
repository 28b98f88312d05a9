import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildInventory, inventoryOf, type JsonObject, type KubernetesObject, podTemplates, readManifests } from '../../lib/inventory';
import { ApiServer } from './api-server';
import { EXAMPLES, expectExplained, type Finding, wanted, work } from './findings';

const running = process.env.CP_BIN !== undefined && wanted('kube-apiserver');
const judge = running ? test : test.skip;

let server: ApiServer;
beforeAll(() => {
  if (running) server = new ApiServer();
});
afterAll(() => server?.close());

/** A pod template as the Pod that its controller would make. */
function asPod(name: string, namespace: string | undefined, metadata: JsonObject, spec: JsonObject): KubernetesObject {
  const object: JsonObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${name}-judged`, namespace: namespace ?? 'default' },
    spec,
  };
  return inventoryOf({ manifests: [object] }).kubernetes[0];
}

judge(
  'the API server takes every object, and every pod template under the restricted standard',
  async () => {
    const findings: Finding[] = [];
    let judged = 0;
    for (const example of EXAMPLES) {
      const folder = work(example, 'dist');
      const inventory = buildInventory(
        readdirSync(folder).map((name) => readManifests(readFileSync(join(folder, name), 'utf8'), { file: name })),
      );
      // Namespaces and accounts for real, so that admission finds the labels and the accounts it decides by.
      for (const object of [...inventory.ofKind('Namespace'), ...inventory.ofKind('ServiceAccount')]) {
        const { status, body } = await server.create(object.object);
        expect([object.name, status, status < 300 || status === 409 ? '' : body.message]).toEqual([object.name, status, '']);
      }
      const pods = podTemplates(inventory).map(({ object, metadata, spec }) => asPod(object.name, object.namespace, metadata, spec));
      for (const object of [...inventory.kubernetes.filter(({ kind }) => kind !== 'ServiceAccount'), ...pods]) {
        judged += 1;
        const message = await server.refusal(object);
        if (message !== undefined)
          findings.push({
            judge: 'kube-apiserver',
            example,
            rule: 'refused',
            resource: `${object.kind} ${object.namespace ?? ''}/${object.name}`,
            message,
          });
      }
    }
    expect(judged).toBeGreaterThan(50);
    expectExplained('kube-apiserver', findings);
  },
  300_000,
);

judge(
  'the API server refuses a privileged pod in the same namespace, and a field that it does not know',
  async () => {
    const spec: JsonObject = { serviceAccountName: 'gateway', containers: [{ name: 'app', image: 'registry.example.com/app:1.0.0' }] };
    const privileged = asPod(
      'privileged',
      'payments',
      {},
      {
        ...spec,
        hostPID: true,
        containers: [{ name: 'app', image: 'registry.example.com/app:1.0.0', securityContext: { privileged: true } }],
      },
    );
    expect(await server.refusal(privileged)).toMatch(/403 .*violates PodSecurity "restricted:v1\.35".*privileged/);
    const unknown = asPod('unknown', 'payments', {}, { ...spec, hostPidd: true });
    expect(await server.refusal(unknown)).toMatch(/400 .*unknown field "spec\.hostPidd"/);
  },
  60_000,
);
