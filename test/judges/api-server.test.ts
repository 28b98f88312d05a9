import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import {
  buildInventory,
  inventoryOf,
  type Json,
  type JsonObject,
  type KubernetesObject,
  podTemplates,
  readManifests,
} from '../../lib/inventory';
import { EXAMPLES, expectExplained, type Finding, work } from './findings';

const running = process.env.CP_BIN !== undefined;
const judge = running ? test : test.skip;

let agent: Agent;
beforeAll(() => {
  if (!running) return;
  const pki = (name: string): Buffer => readFileSync(join(process.env.CP_DIR ?? '', 'pki', name));
  agent = new Agent({ keepAlive: true, maxSockets: 1, ca: pki('ca.crt'), cert: pki('admin.crt'), key: pki('admin.key') });
});
afterAll(() => agent?.destroy());

/** Plural and scope of the kinds that the examples use, asked of the server itself. */
const resources = new Map<string, { readonly name: string; readonly namespaced: boolean }>();

function call(method: string, path: string, body?: Json): Promise<{ status: number; body: JsonObject }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        method,
        host: '127.0.0.1',
        port: Number(process.env.CP_PORT),
        path,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
      },
      (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as JsonObject }));
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const groupPath = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

async function collectionOf({ apiVersion, kind, namespace }: KubernetesObject): Promise<string> {
  const key = `${apiVersion} ${kind}`;
  if (!resources.has(key)) {
    const { body } = await call('GET', groupPath(apiVersion));
    for (const entry of body.resources as { kind: string; name: string; namespaced: boolean }[]) {
      if (!entry.name.includes('/')) resources.set(`${apiVersion} ${entry.kind}`, entry);
    }
  }
  const found = resources.get(key);
  if (found === undefined) throw new Error(`the API server has no ${key}`);
  return `${groupPath(apiVersion)}${found.namespaced ? `/namespaces/${namespace ?? 'default'}` : ''}/${found.name}`;
}

/** A strict dry run: what the server says against an object, undefined when it takes it. */
async function refusal(object: KubernetesObject): Promise<string | undefined> {
  const path = `${await collectionOf(object)}?dryRun=All&fieldValidation=Strict`;
  const { status, body } = await call('POST', path, object.object);
  // A namespace that was made for real is there already, which is no refusal of what it says.
  return status < 300 || (object.kind === 'Namespace' && status === 409) ? undefined : `${status} ${body.message}`;
}

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
        const { status, body } = await call('POST', await collectionOf(object), object.object);
        expect([object.name, status, status < 300 || status === 409 ? '' : body.message]).toEqual([object.name, status, '']);
      }
      const pods = podTemplates(inventory).map(({ object, metadata, spec }) => asPod(object.name, object.namespace, metadata, spec));
      for (const object of [...inventory.kubernetes.filter(({ kind }) => kind !== 'ServiceAccount'), ...pods]) {
        judged += 1;
        const message = await refusal(object);
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
    expect(await refusal(privileged)).toMatch(/403 .*violates PodSecurity "restricted:v1\.35".*privileged/);
    const unknown = asPod('unknown', 'payments', {}, { ...spec, hostPidd: true });
    expect(await refusal(unknown)).toMatch(/400 .*unknown field "spec\.hostPidd"/);
  },
  60_000,
);
