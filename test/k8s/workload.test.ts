import * as cdk8s from 'cdk8s';
import { Size } from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { Decision, Exemption } from '../../lib/controls/acceptance';
import type { JsonObject } from '../../lib/inventory/value';
import * as k8s from '../../lib/k8s';
import { app, containers, exemption, image, type Loose, objects, podSpec, tenant } from './fixtures';

type Build = (scope: Construct, id: string, more?: Partial<k8s.WorkloadProps>) => Construct;
const kinds: { [kind: string]: Build } = {
  Deployment: (scope, id, more) => new k8s.Deployment(scope, id, { containers, ...more }),
  StatefulSet: (scope, id, more) => new k8s.StatefulSet(scope, id, { containers, ...more }),
  DaemonSet: (scope, id, more) => new k8s.DaemonSet(scope, id, { containers, ...more }),
  Job: (scope, id, more) => new k8s.Job(scope, id, { containers, ...more }),
  CronJob: (scope, id, more) => new k8s.CronJob(scope, id, { containers, schedule: cdk8s.Cron.daily(), ...more }),
  Pod: (scope, id, more) => new k8s.Pod(scope, id, { containers, ...more }),
};
const rendered = (kind: string, more?: Partial<k8s.WorkloadProps>): JsonObject => {
  const scope = app();
  kinds[kind](tenant(scope), 'api', more);
  return objects(scope)[`${kind}/api`];
};

describe.each(Object.keys(kinds))('%s', (kind) => {
  test('has every field the restricted Pod Security Standard asks for', () => {
    const spec = podSpec(rendered(kind, { initContainers: [{ image }] }));
    expect(spec).toMatchObject({ hostNetwork: false, automountServiceAccountToken: false, serviceAccountName: 'api' });
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const field of ['hostPID', 'hostIPC', 'hostUsers']) expect(spec).not.toHaveProperty(field);
    for (const container of [...spec.containers, ...spec.initContainers]) {
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        privileged: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
      });
      expect(container.securityContext.capabilities).not.toHaveProperty('add');
    }
  });

  test('has small resources, memory without overcommitment', () => {
    const [container] = podSpec(rendered(kind)).containers;
    expect(container.resources).toEqual({
      limits: { cpu: '400m', 'ephemeral-storage': '1Gi', memory: '256Mi' },
      requests: { cpu: '100m', 'ephemeral-storage': '256Mi', memory: '256Mi' },
    });
  });

  test('carries the recommended labels, on the pod as well, and none that depends on the tree', () => {
    const object = rendered(kind, { labels: { team: 'payments' } });
    const expected = {
      'app.kubernetes.io/instance': 'api',
      'app.kubernetes.io/managed-by': 'cdk-bulwark',
      'app.kubernetes.io/name': 'api',
      'app.kubernetes.io/part-of': 'payments',
      'app.kubernetes.io/version': '2.0.1',
      team: 'payments',
    };
    const labels = JSON.stringify(object).match(/"labels":\{[^}]*\}/g) ?? [];
    expect(labels.map((text) => JSON.parse(`{${text}}`).labels)).toEqual(Array(kind === 'Pod' ? 1 : 2).fill(expected));
    expect(JSON.stringify(object)).not.toContain('cdk8s.io/metadata.addr');
  });

  test('renders the same in every output mode, and the same twice', () => {
    const scope = app();
    const payments = tenant(scope);
    kinds[kind](payments, 'api');
    const from = (list: Loose[]) => list.find((object) => object.kind === kind);
    const synthesized = from(cdk8s.Testing.synth(payments));
    expect(synthesized).toEqual(objects(scope)[`${kind}/api`]);
    expect(from(cdk8s.Testing.synth(payments))).toEqual(synthesized);
    expect(scope.synthYaml()).toContain(cdk8s.Yaml.stringify(synthesized));
  });

  test('writes keys in cdk8s order', () => {
    const object = rendered(kind, { initContainers: [{ image, writablePaths: ['/tmp'] }] });
    expect(Object.keys(object)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    const unsorted = (value: Loose): boolean =>
      typeof value === 'object' &&
      value !== null &&
      ((!Array.isArray(value) && Object.keys(value).join() !== Object.keys(value).sort().join()) || Object.values(value).some(unsorted));
    expect(unsorted(object.spec)).toBe(false);
  });

  test('keeps the live selector where asked', () => {
    const scope = app();
    const selector = k8s.Selector.keep({ app: 'legacy' });
    kinds[kind](tenant(scope), 'api', { selector });
    const object = objects(scope)[`${kind}/api`];
    const template = kind === 'Pod' ? object : (((object.spec as Loose).jobTemplate?.spec ?? object.spec) as Loose).template;
    expect(template.metadata.labels).toMatchObject({ app: 'legacy' });
    if (['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind))
      expect((object.spec as Loose).selector).toEqual({ matchLabels: { app: 'legacy' } });
    if (kind === 'StatefulSet') expect(objects(scope)['Service/api'].spec).toMatchObject({ selector: { app: 'legacy' } });
  });

  test('has the priority class that was asked for, and none of its own', () => {
    expect(podSpec(rendered(kind, { priorityClassName: 'customer-facing' })).priorityClassName).toBe('customer-facing');
    expect(podSpec(rendered(kind))).not.toHaveProperty('priorityClassName');
    expect(() => rendered(kind, { priorityClassName: 'Customer Facing' })).toThrow(
      /priority class 'Customer Facing' cannot be a name.*\(NameInvalid\)/,
    );
  });

  test('its service account comes before it: the API server refuses a pod without one', () => {
    const scope = app();
    kinds[kind](tenant(scope), 'api');
    const order = [...scope.synthYaml().matchAll(/^kind: (\w+)$/gm)].map(([, name]) => name);
    expect(order.indexOf('ServiceAccount')).toBeLessThan(order.indexOf(kind));
  });
});

test('a token is given for a decision only, which the object carries', () => {
  const decision = new Decision({
    owner: 'platform-team',
    reason: 'operator',
    review: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  });
  const object = rendered('Deployment', { apiAccess: decision });
  expect(podSpec(object).automountServiceAccountToken).toBe(true);
  expect(JSON.parse((object.metadata as Loose).annotations['cdk-bulwark/acceptances'])).toMatchObject([
    { control: 'K-POD-15', kind: 'decision' },
  ]);
});

test('exemptions at or above an object are written on it, sorted and once, on objects of any class', () => {
  const scope = app();
  const payments = tenant(scope);
  const api = new k8s.Deployment(payments, 'api', { containers });
  new plus.ConfigMap(payments, 'settings');
  new cdk8s.ApiObject(new cdk8s.Chart(scope, 'other'), 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'elsewhere' } });
  const { owner, reason, until } = exemption();
  for (const control of ['K-RES-02', 'K-IMG-02', 'K-RES-02']) Exemption.on(api, control, { owner, reason, until });
  Exemption.on(payments, 'K-NSP-05', { owner, reason, until });
  const controls = (key: string) => {
    const text = (objects(scope)[key].metadata as Loose).annotations?.['cdk-bulwark/acceptances'];
    return text === undefined ? [] : JSON.parse(text).map((record: Loose) => record.control);
  };
  expect(controls('Deployment/api')).toEqual(['K-IMG-02', 'K-NSP-05', 'K-RES-02']);
  expect(controls('ServiceAccount/api')).toEqual(['K-IMG-02', 'K-NSP-05', 'K-RES-02']);
  expect(controls('ConfigMap/settings')).toEqual(['K-NSP-05']);
  expect(controls('ConfigMap/elsewhere')).toEqual([]);
  expect((objects(scope)['Deployment/api'].metadata as Loose).annotations['cdk-bulwark/acceptances']).toContain(
    `{"control":"K-IMG-02","kind":"exemption","owner":"${owner}","reason":"${reason}","until":"${until}"}`,
  );
});

test('the user of an image that declares one is left alone, a known one is set', () => {
  const user = (options: k8s.ImageOptions) => {
    const spec = podSpec(
      rendered('Deployment', { containers: [{ image: k8s.Image.semver('registry.example.com/api', '2.0.1', options) }] }),
    );
    return [spec.securityContext.runAsUser, spec.containers[0].securityContext.runAsUser];
  };
  expect(user({})).toContain(10001);
  expect(user({ uid: 20002 })[1]).toBe(20002);
  expect(user({ declaresUser: true })).toEqual([undefined, undefined]);
});

describe('probes', () => {
  test('of a port are three, and liveness is slower than readiness', () => {
    const [{ livenessProbe, readinessProbe, startupProbe }] = podSpec(rendered('Deployment')).containers;
    for (const probe of [livenessProbe, readinessProbe, startupProbe]) expect(probe.tcpSocket).toEqual({ port: 8443 });
    expect(livenessProbe.periodSeconds * livenessProbe.failureThreshold).toBeGreaterThan(
      readinessProbe.periodSeconds * readinessProbe.failureThreshold,
    );
  });
  test('of the user are kept', () => {
    const [{ livenessProbe, readinessProbe }] = podSpec(
      rendered('Deployment', { containers: [{ image, portNumber: 80, readiness: plus.Probe.fromHttpGet('/ready') }] }),
    ).containers;
    expect(readinessProbe.httpGet.path).toBe('/ready');
    expect(livenessProbe.tcpSocket).toEqual({ port: 80 });
  });
  test('are not invented for what runs to an end, nor without a port', () => {
    for (const spec of [podSpec(rendered('Job')), podSpec(rendered('Deployment', { containers: [{ image }] }))]) {
      for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) expect(spec.containers[0]).not.toHaveProperty(probe);
    }
    expect(podSpec(rendered('Job')).containers[0].ports).toEqual([{ containerPort: 8443 }]);
  });
});

describe('resources', () => {
  const of = (resources: k8s.Resources) => podSpec(rendered('Deployment', { containers: [{ image, resources }] })).containers[0].resources;
  // Trap: cdk8s-plus throws on ephemeral storage that is not whole GiB, and on memory that is not whole MiB.
  test('take any size', () => {
    const given = {
      cpu: Cpu.units(0.5),
      memory: Size.kibibytes(1536),
      ephemeralStorage: Size.mebibytes(512),
      ephemeralStorageLimit: Size.gibibytes(2),
    };
    expect(of(given)).toEqual({
      limits: { cpu: '2', 'ephemeral-storage': '2Gi', memory: '1536Ki' },
      requests: { cpu: '500m', 'ephemeral-storage': '512Mi', memory: '1536Ki' },
    });
  });
  test('raise the default limit above a large request', () => {
    expect(of({ ephemeralStorage: Size.gibibytes(3) }).limits['ephemeral-storage']).toBe('3Gi');
  });
  test.each([
    [{ cpu: Cpu.units(1), cpuLimit: Cpu.millis(500) }, "cpuLimit '500m' is below the request '1'; raise it (LimitBelowRequest)"],
    [
      { ephemeralStorageLimit: Size.mebibytes(1) },
      "ephemeralStorageLimit '1Mi' is below the request '256Mi'; raise it (LimitBelowRequest)",
    ],
  ])('fail where a limit is below its request: %j', (resources, message) => {
    expect(() => of(resources)).toThrow(message);
  });
});

describe('containers', () => {
  test('have to be there and to have names of their own', () => {
    expect(() => rendered('Deployment', { containers: [] })).toThrow("'payments/api' has no container; name at least one (NoContainer)");
    expect(() => rendered('Deployment', { containers: [{ image }, { image }] })).toThrow(
      "two containers of 'payments/api' are called 'main'; give each its own name (ContainerNameTaken)",
    );
  });
  test('write to empty volumes with an end', () => {
    const spec = podSpec(
      rendered('Deployment', { containers: [{ image, writablePaths: ['/tmp', '/var/cache'], writableSize: Size.mebibytes(10) }] }),
    );
    expect(spec.volumes).toEqual([
      { emptyDir: { sizeLimit: '10Mi' }, name: 'main-tmp' },
      { emptyDir: { sizeLimit: '10Mi' }, name: 'main-var-cache' },
    ]);
    expect(spec.containers[0].volumeMounts).toEqual([
      { mountPath: '/tmp', name: 'main-tmp' },
      { mountPath: '/var/cache', name: 'main-var-cache' },
    ]);
  });
  test.each(['tmp', '/', '/a/../b', '//x'])("refuse the path '%s'", (path) => {
    expect(() => rendered('Deployment', { containers: [{ image, writablePaths: [path] }] })).toThrow(
      /is no absolute path of a folder; .* \(PathInvalid\)$/,
    );
  });
});

describe('host paths', () => {
  const agent = (hostPaths: k8s.HostPath[], podSecurity?: k8s.PodSecurity) => {
    const scope = app();
    new k8s.DaemonSet(tenant(scope, 'agents', { podSecurity }), 'agent', { containers: [{ image, hostPaths }] });
    return objects(scope)['DaemonSet/agent'];
  };
  test('are read-only and carry their exemption', () => {
    const object = agent([{ path: '/var/log', exemption: exemption() }], k8s.PodSecurity.privileged(exemption()));
    expect(podSpec(object).volumes).toEqual([{ hostPath: { path: '/var/log', type: '' }, name: 'main-var-log' }]);
    expect(podSpec(object).containers[0].volumeMounts).toEqual([{ mountPath: '/var/log', name: 'main-var-log', readOnly: true }]);
    const records = JSON.parse((object.metadata as Loose).annotations['cdk-bulwark/acceptances']);
    expect(records.map((record: Loose) => record.control)).toEqual(['K-NSP-03', 'K-POD-05', 'K-POD-08']);
  });
  test('are writable by a second exemption', () => {
    const paths = [{ path: '/var/lib/agent', mountPath: '/state', exemption: exemption(), writable: exemption() }];
    const object = agent(paths, k8s.PodSecurity.privileged(exemption()));
    expect(podSpec(object).containers[0].volumeMounts).toEqual([{ mountPath: '/state', name: 'main-var-lib-agent', readOnly: false }]);
    expect((object.metadata as Loose).annotations['cdk-bulwark/acceptances']).toContain('K-POD-06');
  });
  test('are an error where the namespace would refuse them', () => {
    expect(() => agent([{ path: '/var/log', exemption: exemption() }])).toThrow(
      "the namespace 'agents' enforces 'restricted', which refuses the host path '/var/log'; give the tenant podSecurity: PodSecurity.privileged(exemption) (PodSecurityLevel)",
    );
  });
  test.each(['/run/containerd/containerd.sock', '/var/run/docker.sock', '/var/run', '/run/containerd/', '/run'])(
    'never hold a runtime socket: %s',
    (path) => {
      expect(() => agent([{ path, exemption: exemption() }], k8s.PodSecurity.privileged(exemption()))).toThrow(/\(RuntimeSocket\)$/);
    },
  );
});

describe('Deployment', () => {
  test('runs twice, spreads without blocking, and is drained one by one', () => {
    const scope = app();
    new k8s.Deployment(tenant(scope), 'api', { containers });
    const found = objects(scope);
    const labelSelector = { matchLabels: { 'app.kubernetes.io/instance': 'api', 'app.kubernetes.io/name': 'api' } };
    expect(found['Deployment/api'].spec).toMatchObject({ replicas: 2, selector: labelSelector });
    const spec = podSpec(found['Deployment/api']);
    expect(spec.topologySpreadConstraints).toEqual([
      { labelSelector, maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
    ]);
    expect(Object.keys(spec.affinity.podAntiAffinity)).toEqual(['preferredDuringSchedulingIgnoredDuringExecution']);
    expect(found['PodDisruptionBudget/api'].spec).toEqual({
      maxUnavailable: 1,
      selector: labelSelector,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
  });
  test('of one pod has neither', () => {
    const scope = app();
    new k8s.Deployment(tenant(scope), 'api', { containers, replicas: 1 });
    expect(objects(scope)).not.toHaveProperty('PodDisruptionBudget/api');
    expect(podSpec(objects(scope)['Deployment/api'])).not.toHaveProperty('topologySpreadConstraints');
  });
  test('keeps the affinity the user asked for', () => {
    const scope = app();
    const api = new k8s.Deployment(tenant(scope), 'api', { containers });
    api.scheduling.spread({ topology: plus.Topology.ZONE });
    const { podAntiAffinity } = podSpec(objects(scope)['Deployment/api']).affinity;
    expect(podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]).toMatchObject({
      labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'api' } },
      topologyKey: 'topology.kubernetes.io/zone',
    });
  });
  // Trap: the VPC CNI enforces policies on the pod's port only, so the service's port has to be the same.
  test('is exposed by a service with its name, on its own ports', () => {
    const scope = app();
    new k8s.Deployment(tenant(scope), 'api', { containers }).exposeViaService();
    expect(objects(scope)['Service/api'].spec).toMatchObject({
      ports: [{ port: 8443, targetPort: 8443 }],
      selector: { 'app.kubernetes.io/instance': 'api', 'app.kubernetes.io/name': 'api' },
      type: 'ClusterIP',
    });
  });
  test('refuses a service port that is not its own', () => {
    const api = new k8s.Deployment(tenant(app()), 'api', { containers });
    expect(() => api.exposeViaService({ ports: [{ port: 443, targetPort: 8443 }] })).toThrow(
      'service port 443 leads to port 8443, which network policies do not follow; let the service listen on 8443 (ServicePortMapped)',
    );
  });
  test('in a chart that is no tenant belongs to the chart, as to a Helm release', () => {
    const scope = app();
    const chart = new cdk8s.Chart(scope, 'release', { namespace: 'legacy' });
    const api = new k8s.Deployment(chart, 'api', { containers });
    expect(objects(scope)[`Deployment/${api.name}`].spec).toMatchObject({
      selector: { matchLabels: { 'app.kubernetes.io/instance': 'release', 'app.kubernetes.io/name': 'api' } },
    });
    expect(() => new k8s.Deployment(new Construct(chart, 'again'), 'api', { containers })).toThrow(/\(NameTaken\)$/);
  });
});

describe('StatefulSet', () => {
  test('has a headless service with its name and its pods', () => {
    const scope = app();
    new k8s.StatefulSet(tenant(scope), 'db', { containers: [{ image, portNumber: 5432 }], replicas: 3 });
    const found = objects(scope);
    expect(found['StatefulSet/db'].spec).toMatchObject({ serviceName: 'db', replicas: 3 });
    expect(found['Service/db'].spec).toMatchObject({
      clusterIP: 'None',
      ports: [{ port: 5432, targetPort: 5432 }],
      selector: { 'app.kubernetes.io/instance': 'db', 'app.kubernetes.io/name': 'db' },
    });
    expect(found).toHaveProperty('PodDisruptionBudget/db');
  });
  test('claims disks, which cdk8s-plus cannot say', () => {
    const scope = app();
    const volumeClaims = [{ name: 'data', path: '/var/lib/data', size: Size.gibibytes(20), storageClassName: 'encrypted' }];
    new k8s.StatefulSet(tenant(scope), 'db', { containers, volumeClaims });
    const object = objects(scope)['StatefulSet/db'];
    expect((object.spec as Loose).volumeClaimTemplates).toEqual([
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } }, storageClassName: 'encrypted' },
      },
    ]);
    expect(podSpec(object).containers[0].volumeMounts).toEqual([{ mountPath: '/var/lib/data', name: 'data' }]);
  });
  test('needs a port for its names', () => {
    expect(() => rendered('StatefulSet', { containers: [{ image }] })).toThrow(
      "the stateful set 'payments/api' listens on no port, so its pods get no names; set portNumber on a container (NoPort)",
    );
  });
});

test('jobs are cleaned up, cron jobs start on time and do not overlap', () => {
  expect(rendered('Job').spec).toMatchObject({ ttlSecondsAfterFinished: 86_400 });
  expect(rendered('CronJob').spec).toMatchObject({ concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 300, timeZone: 'Etc/UTC' });
  expect([podSpec(rendered('Job')).restartPolicy, podSpec(rendered('CronJob')).restartPolicy]).toEqual(['Never', 'Never']);
});

test('a service account may be shared, and is then announced with its role', () => {
  const role = 'arn:aws:iam::111122223333:role/shared';
  const scope = app({ handoff: { 'identity/payments/shared': role, 'network/endpoints': '10.0.200.0/24' } });
  const payments = tenant(scope);
  const serviceAccount = new plus.ServiceAccount(payments, 'shared');
  for (const id of ['one', 'two']) new k8s.Deployment(payments, id, { containers, serviceAccount });
  const found = objects(scope);
  expect([podSpec(found['Deployment/one']).serviceAccountName, podSpec(found['Deployment/two']).serviceAccountName]).toEqual([
    'shared',
    'shared',
  ]);
  expect(found).not.toHaveProperty('ServiceAccount/one');
  expect((found['ServiceAccount/shared'].metadata as Loose).annotations['eks.amazonaws.com/role-arn']).toBe(role);
  expect(found).toHaveProperty('NetworkPolicy/two-credentials');
});

test('an empty selector is refused', () => {
  expect(() => k8s.Selector.keep({})).toThrow(
    'a selector without labels selects every pod; name the labels of the live workload (SelectorEmpty)',
  );
});
