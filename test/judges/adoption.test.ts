import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as adopted } from '../../examples/adopt-existing/adopted';
import { build as hardened } from '../../examples/adopt-existing/hardened';
import { convertPsp, hardenText } from '../../lib/adoption';
import type { Risk } from '../../lib/controls/control';
import { buildInventory, type JsonObject, readManifests, readObjects } from '../../lib/inventory';
import { HardeningLevel } from '../../lib/k8s';
import { ROOT } from '../laws/sources';
import { ApiServer, DRY_RUN } from './api-server';

const judge = process.env.CP_BIN !== undefined ? test : test.skip;
let api: ApiServer;
beforeAll(() => {
  if (process.env.CP_BIN !== undefined) api = new ApiServer();
});
afterAll(() => api?.close());

const psp = readFileSync(join(ROOT, 'test/fixtures/psp.yaml'), 'utf8');
const IMAGE = 'registry.example.com/app:1.0.0';

/** What the fixture's policies become, each in a namespace of its own: the other judges use the same server. */
function alone(policy: string, namespace: string) {
  const { kubernetes } = buildInventory([readManifests(psp)]);
  const objects = kubernetes.filter(({ kind, name }) => kind === 'PodSecurityPolicy' && name === policy).map(({ object }) => object);
  const role: JsonObject = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'use' },
    rules: [{ apiGroups: ['policy'], resources: ['podsecuritypolicies'], verbs: ['use'], resourceNames: [policy] }],
  };
  const binding: JsonObject = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'use', namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'use' },
    subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: `system:serviceaccounts:${namespace}` }],
  };
  return convertPsp(readObjects([...objects, role, binding]).kubernetes, '1.37', 'psp.yaml');
}

const pod = (namespace: string, spec: JsonObject, container: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'judged', namespace },
  spec: { containers: [{ name: 'app', image: IMAGE, ...container }], ...spec },
});

/** Applies what replaces a policy, and waits until the server has heard of it. */
async function enforce(namespace: string, objects: readonly JsonObject[], refused: JsonObject): Promise<void> {
  // Without the labels, which would refuse most of it first.
  await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, '?fieldValidation=Strict');
  for (const object of objects) {
    await api.remove(object);
    const { status, body } = await api.create(object, '?fieldValidation=Strict');
    expect([object.kind, status, status < 300 || status === 409 ? '' : body.message]).toEqual([object.kind, status, '']);
  }
  await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }, '?fieldValidation=Strict');
  for (let tries = 0; tries < 60; tries += 1) {
    const { status, body } = await api.create(refused, DRY_RUN);
    // What sets defaults is heard of by itself, and a pod without them would not pass.
    const plain = await api.create(pod(namespace, {}), DRY_RUN);
    if (status === 422 && /ValidatingAdmissionPolicy/.test(String(body.message)) && plain.status === 201) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`the policies of '${namespace}' do not come into force`);
}

judge(
  'the API server takes all that a PodSecurityPolicy becomes, without a word against its expressions',
  async () => {
    const { objects } = convertPsp(readManifests(psp).kubernetes, '1.37', 'psp.yaml');
    expect(objects.map(({ kind }) => kind)).toContain('MutatingAdmissionPolicy');
    for (const object of objects) {
      if (object.kind !== 'Namespace') await api.remove(object);
      const { status, body } = await api.create(object, DRY_RUN);
      const there = object.kind === 'Namespace' && status === 409;
      expect([object.kind, (object.metadata as JsonObject).name, status < 300 || there ? '' : body.message]).toEqual([
        object.kind,
        (object.metadata as JsonObject).name,
        '',
      ]);
    }
  },
  120_000,
);

judge(
  'a restricted policy: what it set is set, what it refused is refused',
  async () => {
    const namespace = 'psp-restricted';
    const { objects, levels } = alone('restricted', namespace);
    expect(levels).toEqual([{ policy: 'restricted', level: 'restricted' }]);
    await enforce(namespace, objects.slice(1), pod(namespace, { hostNetwork: true }));
    const plain = await api.create(pod(namespace, {}), DRY_RUN);
    expect([plain.status, plain.body.message]).toEqual([201, undefined]);
    expect(plain.body.spec).toMatchObject({
      securityContext: {
        runAsNonRoot: true,
        fsGroup: 1,
        supplementalGroups: [1],
        seccompProfile: { type: 'RuntimeDefault' },
        appArmorProfile: { type: 'RuntimeDefault' },
      },
      containers: [{ securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } }],
    });
    const refusals: [JsonObject, RegExp][] = [
      [
        pod(namespace, {}, { securityContext: { privileged: true, allowPrivilegeEscalation: true } }),
        /privileged containers are not allowed/,
      ],
      [pod(namespace, {}, { securityContext: { runAsUser: 0 } }), /another user than root/],
      [pod(namespace, { securityContext: { runAsNonRoot: false } }), /another user than root/],
      [pod(namespace, {}, { securityContext: { readOnlyRootFilesystem: false } }), /must be read-only/],
      [pod(namespace, {}, { securityContext: { allowPrivilegeEscalation: true } }), /allowPrivilegeEscalation must be false/],
      [pod(namespace, {}, { securityContext: { capabilities: { drop: ['NET_RAW'] } } }), /capabilities must be dropped: ALL/],
      [pod(namespace, {}, { securityContext: { capabilities: { add: ['NET_ADMIN'] } } }), /no capability may be added/],
      [pod(namespace, {}, { ports: [{ containerPort: 80, hostPort: 80 }] }), /host ports are not allowed/],
      [pod(namespace, { securityContext: { fsGroup: 0 } }), /fsGroup must lie in 1-65535/],
      [pod(namespace, { securityContext: { supplementalGroups: [0] } }), /supplementalGroups must lie in 1-65535/],
      [pod(namespace, { securityContext: { seccompProfile: { type: 'Unconfined' } } }), /seccompProfile must be one of/],
      [pod(namespace, { securityContext: { appArmorProfile: { type: 'Unconfined' } } }), /appArmorProfile must be one of/],
      [pod(namespace, { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] }), /volumes must be of/],
      [pod(namespace, { volumes: [{ name: 'share', nfs: { server: 'files', path: '/' } }] }), /volumes must be of/],
      [pod(namespace, { securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '1' }] } }), /sysctls must be safe/],
      [
        pod(namespace, {
          initContainers: [{ name: 'init', image: IMAGE, securityContext: { privileged: true, allowPrivilegeEscalation: true } }],
        }),
        /privileged containers are not allowed/,
      ],
    ];
    for (const [object, message] of refusals) {
      const { status, body } = await api.create(object, DRY_RUN);
      expect([status, String(body.message)]).toEqual([422, expect.stringMatching(message)]);
    }
    for (const object of objects.slice(1)) await api.remove(object);
  },
  180_000,
);

judge(
  'a policy of ranges and host paths: step by step, and no way around',
  async () => {
    const namespace = 'psp-team';
    const { objects } = alone('team', namespace);
    const user = { runAsUser: 1000, seLinuxOptions: { level: 's0:c123,c456' } };
    const mine = (spec: JsonObject = {}, container: JsonObject = {}): JsonObject =>
      pod(namespace, { securityContext: user, ...spec }, { securityContext: { capabilities: { drop: ['NET_RAW'] } }, ...container });
    const hostPath = (path: string, readOnly: boolean): JsonObject =>
      mine({ volumes: [{ name: 'v', hostPath: { path } }] }, { volumeMounts: [{ name: 'v', mountPath: '/v', readOnly }] });
    await api.create(
      { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'gvisor' }, handler: 'runsc' },
      '?fieldValidation=Strict',
    );
    await enforce(namespace, objects.slice(1), pod(namespace, { securityContext: { runAsUser: 7 } }));

    const plain = await api.create(pod(namespace, {}), DRY_RUN);
    expect([plain.status, plain.body.message]).toEqual([201, undefined]);
    expect(plain.body.spec).toMatchObject({
      runtimeClassName: 'gvisor',
      securityContext: { runAsUser: 1000, seLinuxOptions: { level: 's0:c123,c456' } },
      containers: [{ securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['CHOWN'], drop: ['NET_RAW'] } } }],
    });
    const allowed = [
      mine(),
      mine({ securityContext: { ...user, runAsUser: 5999 } }),
      hostPath('/var/log', true),
      hostPath('/var/log/pods', true),
      hostPath('/var//log/./pods/', true),
      hostPath('/srv/shared/x', false),
      mine({}, { ports: [{ containerPort: 8080, hostPort: 8080 }] }),
      mine({ volumes: [{ name: 'v', csi: { driver: 'secrets-store.csi.k8s.io' } }] }),
      mine({ securityContext: { ...user, sysctls: [{ name: 'net.core.somaxconn', value: '1' }] } }),
    ];
    for (const object of allowed) {
      const { status, body } = await api.create(object, DRY_RUN);
      expect([JSON.stringify(object.spec), status, body.message]).toEqual([JSON.stringify(object.spec), 201, undefined]);
    }
    const refusals: [JsonObject, RegExp][] = [
      [hostPath('/var/log', false), /hostPath volumes must lie below/],
      [hostPath('/var/logs', true), /hostPath volumes must lie below/],
      [hostPath('/var', true), /hostPath volumes must lie below/],
      [hostPath('/', false), /hostPath volumes must lie below/],
      [hostPath('/var/log/../lib', true), /\.\./],
      [hostPath('/srv/shared/../../etc', false), /\.\./],
      [mine({ securityContext: { ...user, runAsUser: 999 } }), /runAsUser must lie in 1000-1999, 5000-5999/],
      [mine({ securityContext: { ...user, runAsUser: 2000 } }), /runAsUser must lie in/],
      [mine({}, { securityContext: { runAsUser: 0 } }), /runAsUser must lie in/],
      [mine({ securityContext: { ...user, runAsGroup: 0 } }), /runAsGroup must lie in/],
      [mine({ securityContext: { ...user, supplementalGroups: [0] } }), /supplementalGroups must lie in/],
      [mine({ securityContext: { ...user, seLinuxOptions: { level: 's0' } } }), /seLinuxOptions must be/],
      [mine({}, { ports: [{ containerPort: 9000, hostPort: 9000 }] }), /host ports must lie in 8000-8100/],
      [mine({ volumes: [{ name: 'v', csi: { driver: 'other.example.com' } }] }), /inline CSI drivers must be one of/],
      [mine({ volumes: [{ name: 'v', flexVolume: { driver: 'example.com/other' } }] }), /flexVolume drivers must be one of/],
      [mine({ securityContext: { ...user, sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }), /sysctls must/],
      [mine({}, { securityContext: { capabilities: { add: ['SYS_ADMIN'], drop: ['NET_RAW'] } } }), /capabilities may be added of/],
      [
        mine({ hostUsers: false }, { securityContext: { procMount: 'Unmasked', capabilities: { drop: ['NET_RAW'] } } }),
        /procMount must be Default/,
      ],
    ];
    for (const [object, message] of refusals) {
      const { status, body } = await api.create(object, DRY_RUN);
      expect([status, String(body.message)]).toEqual([422, expect.stringMatching(message)]);
    }
    for (const object of objects.slice(1)) await api.remove(object);
  },
  180_000,
);

const LEVELS: readonly (readonly [string, readonly Risk[]])[] = [
  ['default', ['none', 'restart']],
  ['strict', ['none', 'restart', 'mayBreak']],
];
judge(
  'the API server takes the manifests that harden writes, at both levels, and those of each step of the example',
  async () => {
    const folder = join(ROOT, 'examples/adopt-existing/before');
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(existsSync(folder) && texts.length > 0).toBe(true);
    const steps = [
      ...LEVELS.map(([, risks]) => texts.map((text) => hardenText(text, { kubernetes: '1.35', risks, overwrite: false }).text)),
      ...[HardeningLevel.SAFE, HardeningLevel.STRICT].map((level) => [hardened(level).synthYaml()]),
      [adopted().synthYaml()],
    ];
    for (const step of steps) {
      const objects = step.flatMap((text) => readManifests(text).kubernetes);
      for (const { namespace } of objects) {
        if (namespace !== undefined)
          await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, '?fieldValidation=Strict');
      }
      for (const { object } of objects) {
        const { status, body } = await api.create(object, DRY_RUN);
        const there = object.kind === 'Namespace' && status === 409;
        expect([object.kind, status < 300 || there ? '' : body.message]).toEqual([object.kind, '']);
      }
    }
  },
  120_000,
);
