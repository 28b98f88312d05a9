import { harden } from '../../lib/controls/harden';
import { container, cronJob, deployment, pod, podOf, secured } from '../../lib/controls/pod-examples';
import type { JsonObject } from '../../lib/inventory/value';
import { everyControl, find, verdict } from './judged';

const WINDOWS = { os: { name: 'windows' } };

describe('versions of the Pod Security Standards', () => {
  test.each(['K-CTR-03', 'K-CTR-09', 'K-CTR-10', 'K-CTR-16'])('%s exempts Windows pods from 1.25 on', (id) => {
    const bad = secured({ capabilities: { add: ['NET_ADMIN'] } }, WINDOWS);
    expect(verdict(id, bad, '1.24').verdict).toBe('fail');
    expect(verdict(id, bad, '1.25').verdict).toBe('pass');
  });

  test('K-CTR-04 has no exemption for Windows pods', () => {
    expect(verdict('K-CTR-04', pod(WINDOWS), '1.37').verdict).toBe('fail');
  });

  test.each([
    ['K-CTR-04', secured({ runAsNonRoot: false })],
    ['K-CTR-05', secured({ runAsUser: 0 })],
  ])('%s is relaxed in a user namespace from 1.35 on', (id, root) => {
    const own: JsonObject = { ...root, spec: { ...(root.spec as JsonObject), hostUsers: false } };
    expect(verdict(id, own, '1.34').verdict).toBe('fail');
    expect(verdict(id, own, '1.35').verdict).toBe('pass');
    expect(verdict(id, { ...root, spec: { ...(root.spec as JsonObject), hostUsers: true } }, '1.35').verdict).toBe('fail');
    expect(verdict(id, root, '1.35').verdict).toBe('fail');
  });
});

describe('what a container inherits', () => {
  test.each([
    ['the pod alone', { runAsNonRoot: true }, undefined, 'pass'],
    ['the container alone', undefined, { runAsNonRoot: true }, 'pass'],
    ['a container that undoes the pod', { runAsNonRoot: true }, { runAsNonRoot: false }, 'fail'],
    ['a pod that says false over a container that says true', { runAsNonRoot: false }, { runAsNonRoot: true }, 'fail'],
    ['null, which the API server reads as missing', { runAsNonRoot: true }, { runAsNonRoot: null }, 'pass'],
    ['nobody', undefined, undefined, 'fail'],
  ])('runAsNonRoot by %s', (_, whole, own, expected) => {
    const spec: JsonObject = whole === undefined ? {} : { securityContext: whole };
    expect(verdict('K-CTR-04', own === undefined ? pod(spec) : secured(own, spec)).verdict).toBe(expected);
  });

  test.each([
    ['the pod alone', 'RuntimeDefault', undefined, 'pass'],
    ['the container alone', undefined, 'Localhost', 'pass'],
    ['a container that undoes the pod', 'RuntimeDefault', 'Unconfined', 'fail'],
    ['a pod that is unconfined over a container that is not', 'Unconfined', 'RuntimeDefault', 'fail'],
    ['nobody', undefined, undefined, 'fail'],
  ])('seccompProfile by %s', (_, whole, own, expected) => {
    const profile = (type: string | undefined): JsonObject => (type === undefined ? {} : { securityContext: { seccompProfile: { type } } });
    expect(verdict('K-CTR-16', pod({ ...profile(whole), containers: [container(profile(own))] })).verdict).toBe(expected);
  });

  test('a seccomp profile without a type is none', () => {
    expect(
      verdict('K-CTR-16', secured({ seccompProfile: {} }, { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } })).verdict,
    ).toBe('fail');
  });
});

describe('which container and which value a finding names', () => {
  test('each offender once, in order, with the path of the first', () => {
    const object = deployment(
      pod({
        initContainers: [container({ name: 'init', securityContext: { privileged: true } })],
        containers: [container(), container({ name: 'side', securityContext: { privileged: true } })],
      }),
    );
    expect(verdict('K-CTR-02', object)).toEqual({
      verdict: 'fail',
      message:
        "init container 'init' has privileged true, it must be false or missing; container 'side' has privileged true, it must be false or missing",
      at: 'spec.template.spec.initContainers[0].securityContext.privileged',
    });
  });

  test('ephemeral containers count, in the sandbox and not for resources', () => {
    const object = pod({
      containers: [container({ resources: { requests: { cpu: '1' } } })],
      ephemeralContainers: [container({ name: 'debug', securityContext: { privileged: true } })],
    });
    expect(verdict('K-CTR-02', object)).toMatchObject({ at: 'spec.ephemeralContainers[0].securityContext.privileged' });
    expect(verdict('K-RES-01', object).verdict).toBe('pass');
  });

  test('a CronJob by its own path', () => {
    expect(verdict('K-POD-01', cronJob(pod({ hostNetwork: true })))).toEqual({
      verdict: 'fail',
      message: 'the pod has hostNetwork true, it must be false or missing',
      at: 'spec.jobTemplate.spec.template.spec.hostNetwork',
    });
  });

  test('a container without a name by its position', () => {
    expect(verdict('K-CTR-03', pod({ containers: [{ image: 'app:1.0.0' }] }))).toMatchObject({
      message: "container '0' has allowPrivilegeEscalation missing, it must be false",
    });
  });
});

describe('volumes', () => {
  test.each(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'])(
    '%s is allowed',
    (type) => {
      expect(verdict('K-POD-08', pod({ volumes: [{ name: 'v', [type]: {} }] })).verdict).toBe('pass');
    },
  );
  test.each(['hostPath', 'nfs', 'iscsi', 'gitRepo', 'flexVolume', 'awsElasticBlockStore', 'cephfs', 'somethingNew'])(
    '%s is not',
    (type) => {
      expect(verdict('K-POD-08', pod({ volumes: [{ name: 'ok' }, { name: 'v', [type]: {} }] }))).toMatchObject({
        verdict: 'fail',
        message: expect.stringContaining(`volume 'v' is of type ${type}`),
        at: 'spec.volumes[1]',
      });
    },
  );
  test('a source that is null is none', () => {
    expect(verdict('K-POD-08', pod({ volumes: [{ name: 'v', hostPath: null, emptyDir: {} }] })).verdict).toBe('pass');
    expect(verdict('K-POD-05', pod({ volumes: [{ name: 'v', hostPath: null }] })).verdict).toBe('pass');
  });
});

/** Every kind with a pod template, around one pod. */
const KINDS: { readonly [kind: string]: (of: JsonObject) => JsonObject } = {
  Pod: (of) => of,
  PodTemplate: (of) => ({
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 'app', namespace: 'shop' },
    template: { spec: of.spec },
  }),
  CronJob: cronJob,
  ...Object.fromEntries(
    ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController'].map((kind) => [
      kind,
      (of: JsonObject) => ({
        ...deployment(of),
        kind,
        apiVersion: kind === 'Job' ? 'batch/v1' : kind === 'ReplicationController' ? 'v1' : 'apps/v1',
      }),
    ]),
  ),
};

describe('every field of a container counts wherever the container stands', () => {
  const bad: readonly (readonly [id: string, fields: JsonObject])[] = [
    ['K-CTR-01', { ports: [{ containerPort: 80, hostPort: 80 }] }],
    ['K-CTR-02', { securityContext: { privileged: true } }],
    ['K-CTR-03', { securityContext: { allowPrivilegeEscalation: true } }],
    ['K-CTR-04', { securityContext: { runAsNonRoot: false } }],
    ['K-CTR-05', { securityContext: { runAsUser: 0 } }],
    ['K-CTR-09', { securityContext: { capabilities: { drop: ['NET_RAW'] } } }],
    ['K-CTR-10', { securityContext: { capabilities: { drop: ['ALL'], add: ['CHOWN'] } } }],
    ['K-CTR-11', { securityContext: { capabilities: { add: ['BPF'] } } }],
    ['K-CTR-12', { securityContext: { capabilities: { add: ['sys_admin'] } } }],
    ['K-CTR-13', { securityContext: { capabilities: { add: ['NET_RAW'] } } }],
    ['K-CTR-14', { securityContext: { capabilities: { add: ['CAP_SYS_MODULE'] } } }],
    ['K-CTR-15', { securityContext: { capabilities: { add: ['ALL'] } } }],
    ['K-CTR-16', { securityContext: { seccompProfile: { type: 'Unconfined' } } }],
    ['K-CTR-17', { securityContext: { seccompProfile: {} } }],
    ['K-CTR-18', { securityContext: { appArmorProfile: { type: 'Unconfined' } } }],
    ['K-CTR-19', { securityContext: { seLinuxOptions: { type: 'spc_t' } } }],
    ['K-CTR-20', { securityContext: { procMount: 'Unmasked' } }],
    ['K-CTR-21', { livenessProbe: { httpGet: { port: 80, host: '10.0.0.1' } } }],
    ['K-CTR-22', { securityContext: {} }],
    ['K-POD-06', { volumeMounts: [{ name: 'logs', mountPath: '/logs' }] }],
    ['K-POD-12', { securityContext: { windowsOptions: { hostProcess: true } } }],
  ];
  const sound = {
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
  const of = (group: string, fields: JsonObject): JsonObject =>
    pod({
      containers: [container(sound)],
      volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }],
      [group]: [container({ name: 'first', ...sound }), container({ name: 'second', ...fields })],
    });

  test.each(bad)('%s', (id, fields) => {
    for (const [kind, wrap] of Object.entries(KINDS)) {
      expect([kind, verdict(id, wrap(of('containers', sound))).verdict]).toEqual([kind, 'pass']);
      for (const group of ['containers', 'initContainers', 'ephemeralContainers']) {
        const said = verdict(id, wrap(of(group, fields)));
        expect([kind, group, said.verdict]).toEqual([kind, group, 'fail']);
        expect(said).toMatchObject({
          at: expect.stringMatching(`(^|\\.)${group}\\[1\\]\\.`),
          message: expect.stringContaining("container 'second'"),
        });
      }
    }
  });
});

describe('fields whose rule moves with the version', () => {
  const sysctl = (name: string): JsonObject => pod({ securityContext: { sysctls: [{ name, value: '1' }] } });
  test.each([
    ['net.ipv4.ip_local_reserved_ports', 27],
    ['net.ipv4.tcp_keepalive_probes', 29],
    ['net.ipv4.tcp_rmem', 32],
    ['net.ipv4.tcp_notsent_lowat', 37],
  ])('the sysctl %s is safe from 1.%d on', (name, since) => {
    expect(verdict('K-POD-11', sysctl(name), `1.${since - 1}`).verdict).toBe('fail');
    expect(verdict('K-POD-11', sysctl(name), `1.${since}`).verdict).toBe('pass');
  });
  test('container_engine_t is an SELinux type for containers from 1.31 on', () => {
    const own = secured({ seLinuxOptions: { type: 'container_engine_t' } });
    expect(verdict('K-CTR-19', own, '1.30').verdict).toBe('fail');
    expect(verdict('K-CTR-19', own, '1.31').verdict).toBe('pass');
  });
  test('a user namespace is asked for from 1.33 on, when its field is there by default', () => {
    expect(verdict('K-POD-04', pod(), '1.32').verdict).toBe('pass');
    expect(verdict('K-POD-04', pod(), '1.33').verdict).toBe('fail');
  });
});

describe('what the API server fills in before anybody judges', () => {
  test('ports of a pod on the network of its node are ports of the node, but for those of ephemeral containers', () => {
    const ports: JsonObject = { ports: [{ containerPort: 8080 }, { containerPort: 9090, hostPort: 0 }] };
    expect(verdict('K-CTR-01', podOf(ports)).verdict).toBe('pass');
    expect(verdict('K-CTR-01', podOf(ports, { hostNetwork: true }))).toMatchObject({
      message: "container 'app' opens 8080, 9090 on its node, it must have no host port",
    });
    expect(verdict('K-CTR-01', pod({ hostNetwork: true, ephemeralContainers: [container({ name: 'debug', ...ports })] })).verdict).toBe(
      'pass',
    );
  });
  test('null is nothing said', () => {
    for (const field of ['seccompProfile', 'appArmorProfile', 'seLinuxOptions', 'windowsOptions', 'procMount']) {
      for (const id of ['K-CTR-17', 'K-CTR-18', 'K-CTR-19', 'K-CTR-20', 'K-POD-12'])
        expect([field, id, verdict(id, secured({ [field]: null }, { securityContext: { [field]: null } })).verdict]).toEqual([
          field,
          id,
          'pass',
        ]);
    }
    expect(verdict('K-CTR-01', podOf({ ports: null })).verdict).toBe('pass');
    expect(verdict('K-POD-11', pod({ securityContext: { sysctls: null } })).verdict).toBe('pass');
  });
  test('tokens that the API server and EKS project are left alone', () => {
    const token = (name: string, fields: JsonObject): JsonObject =>
      pod({
        volumes: [{ name, projected: { sources: [{ configMap: { name: 'ca' } }, { serviceAccountToken: { path: 'token', ...fields } }] } }],
      });
    expect(verdict('K-POD-20', token('kube-api-access-x7k2p', { expirationSeconds: 3607 })).verdict).toBe('pass');
    expect(verdict('K-POD-20', token('aws-iam-token', { audience: 'sts.amazonaws.com', expirationSeconds: 86400 })).verdict).toBe('pass');
    expect(verdict('K-POD-20', token('token', { audience: 'vault', expirationSeconds: 3600 })).verdict).toBe('pass');
    expect(verdict('K-POD-20', token('token', { audience: 'vault', expirationSeconds: 3601 })).verdict).toBe('fail');
    expect(verdict('K-POD-20', token('token', { audience: '' })).verdict).toBe('fail');
  });
});

describe('AppArmor annotations', () => {
  const annotated = (profile: string, wrap: (of: JsonObject) => JsonObject): JsonObject => {
    const annotations = { 'container.apparmor.security.beta.kubernetes.io/app': profile };
    return wrap(pod({}, { annotations }));
  };
  test.each(['', 'runtime/default', 'localhost/mine'])("'%s' is allowed", (profile) => {
    expect(
      verdict(
        'K-CTR-18',
        annotated(profile, (of) => of),
      ).verdict,
    ).toBe('pass');
  });
  test('count on the pod and on the template, not on what makes it', () => {
    expect(
      verdict(
        'K-CTR-18',
        annotated('unconfined', (of) => of),
      ),
    ).toMatchObject({
      verdict: 'fail',
      at: 'metadata.annotations["container.apparmor.security.beta.kubernetes.io/app"]',
    });
    const inner = (of: JsonObject): JsonObject => {
      const made = deployment(of);
      const template = (made.spec as JsonObject).template as JsonObject;
      return { ...made, spec: { ...(made.spec as JsonObject), template: { ...template, metadata: of.metadata } } };
    };
    expect(verdict('K-CTR-18', annotated('unconfined', inner))).toMatchObject({
      verdict: 'fail',
      at: 'spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/app"]',
    });
    const outer = (of: JsonObject): JsonObject => ({ ...deployment(pod()), metadata: of.metadata });
    expect(verdict('K-CTR-18', annotated('unconfined', outer)).verdict).toBe('pass');
  });
});

describe('the socket of the container runtime', () => {
  const mounting = (path: string): JsonObject => pod({ volumes: [{ name: 'host', hostPath: { path } }] });
  test.each([
    '/',
    '//',
    '/run',
    '/var/run/',
    '/run/containerd',
    '/run/./containerd//containerd.sock',
    '/var/run/docker.sock',
    '/run/k3s',
    '/run/crio/crio.sock/',
  ])('%s is or holds one', (path) => {
    expect(verdict('K-POD-07', mounting(path)).verdict).toBe('fail');
  });
  test.each([
    '/var',
    '/var/log',
    '/run/docker',
    '/run/docker.sock.bak',
    '/runs',
    '/run/containerd/io.containerd.runtime',
    '/srv/run/docker.sock',
  ])('%s is and holds none', (path) => {
    expect(verdict('K-POD-07', mounting(path)).verdict).toBe('pass');
  });
  test('no exemption covers it', () => {
    expect(find('K-POD-07').fatal).toBe(true);
  });
});

describe('the service account of a pod', () => {
  const account = (name: string, namespace?: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  });
  const shop: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  test('is declared, in the namespace of the pod', () => {
    const named = pod({ serviceAccountName: 'app' });
    expect(verdict('K-POD-17', named, '1.35', shop, account('app', 'shop')).verdict).toBe('pass');
    expect(verdict('K-POD-17', named, '1.35', shop, account('app')).verdict).toBe('fail');
    expect(verdict('K-POD-17', named, '1.35', account('app', 'other')).verdict).toBe('undecided');
    expect(verdict('K-POD-17', pod({ serviceAccountName: 'default' }), '1.35', shop).verdict).toBe('pass');
  });
  test('may be left to the context of whoever applies it, as the pod', () => {
    const named = pod({ serviceAccountName: 'app' });
    delete (named.metadata as JsonObject).namespace;
    expect(verdict('K-POD-17', named, '1.35', account('app')).verdict).toBe('pass');
  });
  test('in the deprecated field alone becomes one in the other field, and two that differ stay', () => {
    const hardened = (spec: JsonObject) => harden(pod(spec), { kubernetes: '1.35', risks: ['none'] }).spec;
    expect(hardened({ serviceAccount: 'app' })).toMatchObject({ serviceAccount: 'app', serviceAccountName: 'app' });
    expect(hardened({ serviceAccount: 'old', serviceAccountName: 'app' })).toMatchObject({
      serviceAccount: 'old',
      serviceAccountName: 'app',
    });
  });
});

describe('malformed pods are judged, not thrown at', () => {
  test.each([
    ['containers that are none', { containers: 'app' }],
    ['a container that is null', { containers: [null, container()] }],
    ['a security context that is text', { containers: [container({ securityContext: 'none' })] }],
    ['volumes that are an object', { volumes: { name: 'v' } }],
    ['a volume that is null', { volumes: [null] }],
    ['capabilities that are a list', { containers: [container({ securityContext: { capabilities: ['ALL'] } })] }],
    [
      'lists of nothing',
      { containers: [container({ ports: [null], volumeMounts: [null], securityContext: { capabilities: { add: [null] } } })] },
    ],
    [
      'profiles that are text',
      { securityContext: { seccompProfile: 'none', appArmorProfile: 'none', seLinuxOptions: 'none', sysctls: [null] } },
    ],
    ['a probe that is text', { containers: [container({ livenessProbe: 'none', lifecycle: { preStop: 7 } })] }],
    [
      'a host path that is text',
      {
        volumes: [
          { name: 'v', hostPath: '/' },
          { name: 't', projected: { sources: [null] } },
        ],
        hostAliases: 'a',
      },
    ],
  ])('%s', (_, spec) => {
    for (const { id } of everyControl.filter((control) => control.subjects.description === 'pod templates')) {
      expect(['pass', 'fail']).toContain(verdict(id, pod(spec as JsonObject)).verdict);
    }
  });
  test('a boolean written as text is no permission', () => {
    expect(verdict('K-CTR-04', secured({ runAsNonRoot: 'true' })).verdict).toBe('fail');
    expect(verdict('K-CTR-03', secured({ allowPrivilegeEscalation: 'false' })).verdict).toBe('fail');
    expect(verdict('K-POD-01', pod({ hostNetwork: 'true' })).verdict).toBe('fail');
  });
  test('and so is a privileged flag that is anything but false', () => {
    expect(verdict('K-CTR-02', secured({ privileged: 'true' })).verdict).toBe('fail');
    expect(verdict('K-CTR-02', podOf({ securityContext: { privileged: null } })).verdict).toBe('pass');
  });
});
