import { container, cronJob, deployment, pod, podOf, secured } from '../../lib/controls/pod-examples';
import type { JsonObject } from '../../lib/inventory/value';
import { verdict } from './judged';

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

describe('malformed pods are judged, not thrown at', () => {
  test.each([
    ['containers that are none', { containers: 'app' }],
    ['a container that is null', { containers: [null, container()] }],
    ['a security context that is text', { containers: [container({ securityContext: 'none' })] }],
    ['volumes that are an object', { volumes: { name: 'v' } }],
    ['a volume that is null', { volumes: [null] }],
    ['capabilities that are a list', { containers: [container({ securityContext: { capabilities: ['ALL'] } })] }],
  ])('%s', (_, spec) => {
    for (const id of ['K-CTR-02', 'K-CTR-03', 'K-CTR-09', 'K-CTR-10', 'K-POD-05', 'K-POD-08', 'K-POD-10', 'K-RES-06', 'K-IMG-01']) {
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
