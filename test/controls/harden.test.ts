import { Testing } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { GENERATED_DEFAULTS, isGenerated } from '../../lib/controls/generated-defaults';
import { type HardenContext, harden } from '../../lib/controls/harden';
import { container, cronJob, deployment, pod, podOf, secured } from '../../lib/controls/pod-examples';
import { podSpecPath } from '../../lib/inventory';
import type { Json, JsonObject } from '../../lib/inventory/value';
import { everyControl, verdicts } from './judged';

const CONTEXT: HardenContext = { kubernetes: '1.35' };
const KINDS = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'ReplicationController', 'PodTemplate'];
const API: { readonly [kind: string]: string } = {
  Pod: 'v1',
  PodTemplate: 'v1',
  ReplicationController: 'v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
};

/** An object of a kind with its pod spec where that kind keeps it. */
function objectOf(kind: string, spec: JsonObject): JsonObject {
  const apiVersion = API[kind] ?? 'apps/v1';
  const steps = podSpecPath(kind, apiVersion) as readonly string[];
  const body = steps.reduceRight<JsonObject>((inner, step) => ({ [step]: inner }), spec);
  return { apiVersion, kind, metadata: { name: 'app', namespace: 'shop' }, ...body };
}
function specOf(object: JsonObject): JsonObject {
  const steps = podSpecPath(object.kind as string, object.apiVersion as string) as readonly string[];
  return steps.reduce<JsonObject>((holder, step) => holder[step] as JsonObject, object);
}
const containerOf = (object: JsonObject, group = 'containers', index = 0): JsonObject => (specOf(object)[group] as JsonObject[])[index];
const frozen = (value: JsonObject): JsonObject => {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) frozen(inner as JsonObject);
  return Object.freeze(value);
};

describe('what is filled in', () => {
  const spec = specOf(harden(deployment(pod()), CONTEXT));
  const [main] = spec.containers as JsonObject[];

  test('the pod: user, groups, seccomp, no token, no service links', () => {
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
        supplementalGroupsPolicy: 'Strict',
      },
    });
  });

  test('the container: sandbox, pull policy, ephemeral storage', () => {
    expect(main).toMatchObject({
      imagePullPolicy: 'Always',
      resources: { requests: { 'ephemeral-storage': '256Mi' }, limits: { 'ephemeral-storage': '1Gi' } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
    });
  });

  test('a pod without volumes gets no file group', () => {
    expect(spec.securityContext).not.toHaveProperty('fsGroup');
    expect(spec.securityContext).not.toHaveProperty('fsGroupChangePolicy');
  });

  test('a pod with a claim gets a file group that changes owners once', () => {
    const hardened = harden(pod({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }), CONTEXT);
    expect(specOf(hardened).securityContext).toMatchObject({ fsGroup: 10001, fsGroupChangePolicy: 'OnRootMismatch' });
  });

  test('an emptyDir gets a size, a small one in memory', () => {
    const volumes: JsonObject[] = [{ name: 'tmp', emptyDir: {} }, { name: 'run', emptyDir: { medium: 'Memory' } }, { name: 'defaulted' }];
    expect(specOf(harden(pod({ volumes }), CONTEXT)).volumes).toEqual([
      { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      { name: 'defaulted', emptyDir: { sizeLimit: '1Gi' } },
    ]);
  });

  test('init containers as well, ephemeral ones not', () => {
    const hardened = harden(
      pod({ initContainers: [container({ name: 'init' })], ephemeralContainers: [container({ name: 'debug' })] }),
      CONTEXT,
    );
    expect(containerOf(hardened, 'initContainers')).toMatchObject({ securityContext: { capabilities: { drop: ['ALL'] } } });
    expect(containerOf(hardened, 'ephemeralContainers')).toEqual(container({ name: 'debug' }));
  });

  test.each([
    ['1.32', undefined],
    ['1.33', 'Strict'],
    ['1.37', 'Strict'],
  ])('Kubernetes %s: supplementalGroupsPolicy %s, the field being on by default from 1.33', (kubernetes, expected) => {
    expect((specOf(harden(pod(), { kubernetes })).securityContext as JsonObject).supplementalGroupsPolicy).toBe(expected);
  });

  test.each(KINDS)('a %s, after which every control with a repair holds', (kind) => {
    const object = harden(objectOf(kind, { containers: [container()], initContainers: [container({ name: 'init' })] }), CONTEXT);
    for (const control of everyControl.filter(({ repair }) => repair !== undefined)) {
      expect([control.id, ...verdicts(control, { manifests: [object] }, '1.35')]).toEqual([control.id, { verdict: 'pass' }]);
    }
  });
});

describe('what is left alone', () => {
  test('objects without a pod template, and kinds of others with the same name', () => {
    for (const object of [
      { apiVersion: 'v1', kind: 'ConfigMap', data: {} },
      { apiVersion: 'example.com/v1', kind: 'Deployment', spec: { template: { spec: { containers: [] } } } },
      { apiVersion: 'apps/v1', kind: 'Deployment' },
      { apiVersion: 'v1', kind: 'Pod', spec: null },
      {},
    ]) {
      expect(harden(object as JsonObject, CONTEXT)).toBe(object);
    }
  });

  test('the input, even where it is changed', () => {
    const object = frozen(deployment(pod({ securityContext: {}, volumes: [{ name: 'tmp', emptyDir: {} }] })));
    expect(harden(object, CONTEXT)).not.toBe(object);
  });

  test('what is hardened already: the same reference comes back', () => {
    for (const kind of KINDS) {
      const once = harden(objectOf(kind, { containers: [container()], volumes: [{ name: 'tmp', emptyDir: {} }] }), CONTEXT);
      expect(harden(once, CONTEXT)).toBe(once);
      expect(harden(once, { ...CONTEXT, generated: true })).toBe(once);
    }
  });

  test("the user's weaker values", () => {
    const user = {
      automountServiceAccountToken: true,
      enableServiceLinks: true,
      securityContext: {
        runAsUser: 1000,
        runAsGroup: 1000,
        runAsNonRoot: false,
        seccompProfile: { type: 'Unconfined' },
        supplementalGroupsPolicy: 'Merge',
      },
      containers: [
        container({
          imagePullPolicy: 'IfNotPresent',
          resources: { requests: { cpu: '2' }, limits: { cpu: '3', memory: '4Gi', 'ephemeral-storage': '5Gi' } },
          securityContext: {
            allowPrivilegeEscalation: true,
            readOnlyRootFilesystem: false,
            capabilities: { drop: ['NET_RAW'], add: ['CHOWN'] },
          },
        }),
      ],
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '9Gi' } }],
    };
    expect(specOf(harden(pod(user), CONTEXT))).toMatchObject(user);
    expect(specOf(harden(pod(user), { ...CONTEXT, generated: true }))).toMatchObject(user);
  });

  test('uid 0 that the user asked for: nothing is added that keeps the container from starting', () => {
    const object = harden(pod({ containers: [container({ securityContext: { runAsUser: 0 } }), container({ name: 'side' })] }), CONTEXT);
    expect(specOf(object).securityContext).not.toHaveProperty('runAsNonRoot');
    expect(containerOf(object).securityContext).not.toHaveProperty('runAsNonRoot');
    expect(containerOf(object, 'containers', 1).securityContext).toMatchObject({ runAsNonRoot: true });
    expect(specOf(harden(pod({ securityContext: { runAsUser: 0 } }), CONTEXT)).securityContext).not.toHaveProperty('runAsNonRoot');
  });

  test.each([[{ privileged: true }], [{ capabilities: { add: ['SYS_ADMIN'] } }], [{ capabilities: { add: ['CAP_SYS_ADMIN'] } }]])(
    'allowPrivilegeEscalation beside %j, which the API server refuses together',
    (securityContext) => {
      expect(containerOf(harden(secured(securityContext), CONTEXT)).securityContext).not.toHaveProperty('allowPrivilegeEscalation');
    },
  );

  test('Linux-only fields of a Windows pod', () => {
    const object = harden(pod({ os: { name: 'windows' } }), CONTEXT);
    expect(specOf(object).securityContext).toEqual({ runAsNonRoot: true });
    expect(containerOf(object).securityContext).toBeUndefined();
    expect(specOf(object)).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  });

  test('the user of an image that declares one', () => {
    const two = pod({ containers: [container(), container({ name: 'side' })] });
    const object = harden(two, { ...CONTEXT, imageUserDeclared: (name) => name === 'side' });
    expect(specOf(object).securityContext).not.toHaveProperty('runAsUser');
    expect(containerOf(object).securityContext).toMatchObject({ runAsUser: 10001, runAsGroup: 10001 });
    expect(containerOf(object, 'containers', 1).securityContext).not.toHaveProperty('runAsUser');
  });

  test.each([
    [['none', 'restart'] as const, { automountServiceAccountToken: undefined, enableServiceLinks: false }],
    [['mayBreak'] as const, { automountServiceAccountToken: false, enableServiceLinks: undefined }],
  ])('repairs of other risks than %j', (risks, expected) => {
    const spec = specOf(harden(pod(), { ...CONTEXT, risks }));
    for (const [key, value] of Object.entries(expected)) expect([key, spec[key]]).toEqual([key, value]);
  });

  test('everything when no risk is allowed', () => {
    const object = pod();
    expect(harden(object, { ...CONTEXT, risks: [] })).toBe(object);
  });
});

describe('requests and limits that meet', () => {
  test.each([
    [{ limits: { cpu: '50m' } }, { requests: { cpu: '50m' } }],
    [{ limits: { memory: '64Mi' } }, { requests: { memory: '64Mi' } }],
    [{ requests: { cpu: '4' } }, { limits: { cpu: '4' } }],
    [{ requests: { memory: '2Gi' } }, { limits: { memory: '2Gi' } }],
    [{ requests: { memory: '256Mi' } }, { limits: { memory: '512Mi' } }],
    [{ requests: { 'ephemeral-storage': '2e9' } }, { limits: { 'ephemeral-storage': '2e9' } }],
  ])('%j gets %j: a request never exceeds its limit', (given, filled) => {
    expect(containerOf(harden(podOf({ resources: given }), CONTEXT)).resources).toMatchObject({ ...given, ...filled });
  });
});

describe('values that cdk8s-plus generates', () => {
  const generated = deployment(
    pod({
      automountServiceAccountToken: false,
      securityContext: { fsGroupChangePolicy: 'Always', runAsNonRoot: true },
    }),
  );
  const policy = (context: Partial<HardenContext>): unknown =>
    (specOf(harden(generated, { ...CONTEXT, ...context })).securityContext as JsonObject).fsGroupChangePolicy;

  test('are replaced where the caller says that they may be', () => {
    expect(policy({ generated: true })).toBe('OnRootMismatch');
  });
  test('stay where they may be somebody`s choice', () => {
    expect(policy({})).toBe('Always');
    expect(policy({ generated: true, userSet: (path) => path === 'securityContext.fsGroupChangePolicy' })).toBe('Always');
  });
  test('are all that cdk8s-plus writes beside what it was told', () => {
    const chart = Testing.chart();
    new Deployment(chart, 'web', { containers: [{ image: 'registry.example.com/web:1.0.0' }] });
    const [object] = Testing.synth(chart) as JsonObject[];
    const unlisted: string[] = [];
    const walk = (value: Json, path: string): void => {
      if (typeof value === 'object' && value !== null) {
        for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
      } else if (!isGenerated(path, value)) unlisted.push(path);
    };
    walk(specOf(object), '');
    expect(unlisted).toEqual(['containers.0.image']);
  });
  test('are listed by path, wherever the container stands', () => {
    expect(isGenerated('containers.3.resources.requests.cpu', '1000m')).toBe(true);
    expect(isGenerated('initContainers.0.resources.requests.cpu', '1000m')).toBe(true);
    expect(isGenerated('containers.3.resources.requests.cpu', '100m')).toBe(false);
    expect(isGenerated('containers.0.securityContext.capabilities', 'x')).toBe(false);
    expect(Object.keys(GENERATED_DEFAULTS).length).toBeGreaterThan(10);
  });
});

test('a CronJob keeps everything around its pod', () => {
  const object = cronJob(pod());
  const hardened = harden(object, CONTEXT);
  expect(hardened).toMatchObject(object);
  expect(Object.keys(hardened)).toEqual(Object.keys(object));
});
