import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Conversion, convertPsp } from '../../lib/adoption';
import { ANNOTATIONS, FIELDS } from '../../lib/adoption/psp/fields';
import { type JsonObject, readManifests, readObjects } from '../../lib/inventory';
import { failure } from '../inventory/failure';

const fixture = readFileSync(join(__dirname, '../fixtures/psp.yaml'), 'utf8');
const RULES = {
  runAsUser: { rule: 'RunAsAny' },
  seLinux: { rule: 'RunAsAny' },
  supplementalGroups: { rule: 'RunAsAny' },
  fsGroup: { rule: 'RunAsAny' },
};
/** As strict as a policy can be. */
const STRICT: JsonObject = {
  ...RULES,
  allowPrivilegeEscalation: false,
  requiredDropCapabilities: ['ALL'],
  runAsUser: { rule: 'MustRunAsNonRoot' },
  volumes: ['configMap', 'emptyDir', 'secret'],
};
const SECCOMP = 'seccomp.security.alpha.kubernetes.io/allowedProfileNames';
const psp = (spec: JsonObject, annotations: JsonObject = { [SECCOMP]: 'runtime/default' }, name = 'one'): JsonObject => ({
  apiVersion: 'policy/v1beta1',
  kind: 'PodSecurityPolicy',
  metadata: { name, annotations },
  spec,
});
const converted = (objects: readonly JsonObject[], kubernetes = '1.37'): Conversion =>
  convertPsp(readObjects(objects).kubernetes, kubernetes, 'psp.yaml');
const of = ({ objects }: Conversion, kind: string): JsonObject[] => objects.filter((object) => object.kind === kind);
const policySpec = (conversion: Conversion, kind = 'ValidatingAdmissionPolicy'): JsonObject => of(conversion, kind)[0]?.spec as JsonObject;
const messages = (conversion: Conversion): string[] =>
  (policySpec(conversion).validations as { message: string }[]).map(({ message }) => message);

/** The whole of PodSecurityPolicySpec of policy/v1beta1, as its Go type lists it. */
const SPEC = [
  'privileged',
  'defaultAddCapabilities',
  'requiredDropCapabilities',
  'allowedCapabilities',
  'volumes',
  'hostNetwork',
  'hostPorts',
  'hostPID',
  'hostIPC',
  'seLinux',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'fsGroup',
  'readOnlyRootFilesystem',
  'defaultAllowPrivilegeEscalation',
  'allowPrivilegeEscalation',
  'allowedHostPaths',
  'allowedFlexVolumes',
  'allowedCSIDrivers',
  'allowedUnsafeSysctls',
  'forbiddenSysctls',
  'allowedProcMountTypes',
  'runtimeClass',
];

test('every field of the spec and every annotation is mapped, and none besides', () => {
  expect(Object.keys(FIELDS).sort()).toEqual([...SPEC].sort());
  expect(Object.keys(ANNOTATIONS)).toHaveLength(4);
  const { fields } = converted([psp(STRICT)]);
  expect(fields.map(({ field }) => field).sort()).toEqual([...SPEC, ...Object.keys(ANNOTATIONS)].sort());
});

/** Field by field: what is written, what admission then asks (a part of the message), whether something is set, and the level that is left. */
const CASES: readonly [field: string, value: JsonObject[string], level: string, message: string | undefined, sets: boolean][] = [
  ['privileged', false, 'restricted', 'privileged containers', false],
  ['privileged', true, 'privileged', undefined, false],
  ['defaultAddCapabilities', ['NET_BIND_SERVICE'], 'restricted', undefined, true],
  ['defaultAddCapabilities', ['CHOWN'], 'baseline', undefined, true],
  ['requiredDropCapabilities', ['ALL'], 'restricted', 'must be dropped: ALL', true],
  ['requiredDropCapabilities', ['NET_RAW'], 'baseline', 'must be dropped: NET_RAW', true],
  ['requiredDropCapabilities', [], 'baseline', undefined, false],
  ['allowedCapabilities', [], 'restricted', 'no capability may be added', false],
  ['allowedCapabilities', ['SYS_ADMIN'], 'privileged', 'of SYS_ADMIN only', false],
  ['allowedCapabilities', ['*'], 'privileged', undefined, false],
  ['volumes', ['secret'], 'restricted', 'volumes must be of secret', false],
  ['volumes', ['nfs'], 'baseline', 'volumes must be of nfs', false],
  ['volumes', ['hostPath'], 'privileged', 'volumes must be of hostPath', false],
  ['volumes', [], 'restricted', 'no type at all', false],
  ['volumes', ['*'], 'privileged', undefined, false],
  ['hostNetwork', false, 'restricted', 'hostNetwork is not allowed', false],
  ['hostNetwork', true, 'privileged', undefined, false],
  ['hostPID', false, 'restricted', 'hostPID is not allowed', false],
  ['hostPID', true, 'privileged', undefined, false],
  ['hostIPC', false, 'restricted', 'hostIPC is not allowed', false],
  ['hostIPC', true, 'privileged', undefined, false],
  ['hostPorts', [], 'restricted', 'host ports are not allowed', false],
  ['hostPorts', [{ min: 80, max: 90 }], 'privileged', '80-90', false],
  ['seLinux', { rule: 'RunAsAny' }, 'restricted', undefined, false],
  ['seLinux', { rule: 'MustRunAs', seLinuxOptions: { level: 's0' } }, 'restricted', 'level s0', true],
  ['runAsUser', { rule: 'RunAsAny' }, 'baseline', undefined, false],
  ['runAsUser', { rule: 'MustRunAsNonRoot' }, 'restricted', 'another user than root', true],
  ['runAsUser', { rule: 'MustRunAs', ranges: [{ min: 5, max: 9 }] }, 'baseline', '5-9', true],
  ['runAsGroup', { rule: 'RunAsAny' }, 'restricted', undefined, false],
  ['runAsGroup', { rule: 'MustRunAs', ranges: [{ min: 5, max: 9 }] }, 'restricted', 'runAsGroup must lie in 5-9', true],
  ['runAsGroup', { rule: 'MayRunAs', ranges: [{ min: 5, max: 9 }] }, 'restricted', 'runAsGroup must lie in 5-9', false],
  ['supplementalGroups', { rule: 'MustRunAs', ranges: [{ min: 5, max: 9 }] }, 'restricted', 'supplementalGroups must lie in 5-9', true],
  ['supplementalGroups', { rule: 'MayRunAs', ranges: [{ min: 5, max: 9 }] }, 'restricted', 'supplementalGroups must lie in 5-9', false],
  ['fsGroup', { rule: 'MustRunAs', ranges: [{ min: 5, max: 9 }] }, 'restricted', 'fsGroup must lie in 5-9', true],
  ['fsGroup', { rule: 'MayRunAs', ranges: [{ min: 5, max: 9 }] }, 'restricted', 'fsGroup must lie in 5-9', false],
  ['readOnlyRootFilesystem', true, 'restricted', 'must be read-only', true],
  ['readOnlyRootFilesystem', false, 'restricted', undefined, false],
  ['defaultAllowPrivilegeEscalation', false, 'restricted', undefined, true],
  ['allowPrivilegeEscalation', false, 'restricted', 'allowPrivilegeEscalation must be false', true],
  ['allowPrivilegeEscalation', true, 'baseline', undefined, false],
  ['allowedFlexVolumes', [{ driver: 'x/y' }], 'restricted', 'flexVolume drivers must be one of x/y', false],
  ['allowedCSIDrivers', [{ name: 'x' }], 'restricted', 'inline CSI drivers must be one of x', false],
  ['allowedUnsafeSysctls', ['net.*'], 'privileged', 'safe, net.*', false],
  ['allowedUnsafeSysctls', [], 'restricted', 'sysctls must be safe', false],
  ['forbiddenSysctls', ['kernel.*'], 'restricted', 'must not be kernel.*', false],
  ['allowedProcMountTypes', ['Unmasked'], 'privileged', 'procMount must be Unmasked', false],
  ['allowedProcMountTypes', [], 'restricted', 'procMount must be Default', false],
  ['runtimeClass', { allowedRuntimeClassNames: ['gvisor'], defaultRuntimeClassName: 'gvisor' }, 'restricted', 'one of gvisor', true],
  ['runtimeClass', { allowedRuntimeClassNames: ['*'] }, 'restricted', undefined, false],
];

test.each(CASES)('%s %j', (field, value, level, message, sets) => {
  const { fields } = converted([psp({ ...STRICT, [field]: value })]);
  const report = fields.find((one) => one.field === field);
  expect(report).toMatchObject({ value, level, sets });
  expect(report?.checks).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
});

test('the cases above leave out no field', () => {
  const covered = new Set(CASES.map(([field]) => field));
  // Host paths mean something only beside the volumes that they limit.
  expect(SPEC.filter((field) => !covered.has(field))).toEqual(['allowedHostPaths']);
});

test('host paths: step by step, with what must be mounted read-only', () => {
  const conversion = converted([
    psp({ ...STRICT, volumes: ['hostPath'], allowedHostPaths: [{ pathPrefix: '/var/log/', readOnly: true }, { pathPrefix: '/srv' }] }),
  ]);
  const { expression } = (policySpec(conversion).validations as { expression: string; message: string }[]).find(({ message }) =>
    message.startsWith('hostPath'),
  ) as { expression: string };
  expect(expression).toContain('p[0] == "var" && p[1] == "log"');
  expect(expression).toContain('!(".." in p)');
  expect(expression).toContain('m.?readOnly.orValue(false)');
});

test.each([
  [STRICT, {}, 'baseline'],
  [STRICT, { [SECCOMP]: 'runtime/default,localhost/app.json' }, 'restricted'],
  [STRICT, { [SECCOMP]: '*' }, 'privileged'],
  [STRICT, { [SECCOMP]: 'unconfined' }, 'privileged'],
  [{ ...STRICT, allowPrivilegeEscalation: true }, { [SECCOMP]: 'docker/default' }, 'baseline'],
  [{ ...STRICT, hostPID: true }, { [SECCOMP]: 'docker/default' }, 'privileged'],
])('the level that is nearest: %j %j', (spec, annotations, level) => {
  expect(converted([psp(spec as JsonObject, annotations)]).levels).toEqual([{ policy: 'one', level }]);
});

describe('who may use a policy', () => {
  const role = (names: string[]): JsonObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'use' },
    rules: [{ apiGroups: ['policy'], resources: ['podsecuritypolicies'], verbs: ['use'], resourceNames: names }],
  });
  const binding = (kind: string, subjects: JsonObject[], namespace?: string): JsonObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: 'use', ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'use' },
    subjects,
  });
  const group = (name: string): JsonObject => ({ kind: 'Group', name });
  const selector = (conversion: Conversion): JsonObject[string] =>
    ((of(conversion, 'ValidatingAdmissionPolicyBinding')[0].spec as JsonObject).matchResources as JsonObject).namespaceSelector;

  test('nobody in the files: a label decides, and it is said', () => {
    const conversion = converted([psp(STRICT)]);
    expect(selector(conversion)).toEqual({ matchLabels: { 'cdk-bulwark/psp': 'one' } });
    expect(conversion.notes.join('\n')).toContain('cdk-bulwark/psp=one');
  });

  test('everybody', () => {
    const conversion = converted([psp(STRICT), role(['one']), binding('ClusterRoleBinding', [group('system:authenticated')])]);
    expect(selector(conversion)).toEqual({});
    expect(of(conversion, 'Namespace')).toEqual([]);
    expect(conversion.notes.join('\n')).toContain('pod-security.kubernetes.io/enforce=restricted');
  });

  test.each([
    ['RoleBinding', group('system:serviceaccounts:shop'), 'shop', false],
    ['ClusterRoleBinding', group('system:serviceaccounts:shop'), undefined, false],
    ['ClusterRoleBinding', { kind: 'ServiceAccount', name: 'a', namespace: 'shop' }, undefined, true],
    ['RoleBinding', { kind: 'User', name: 'jane' }, 'shop', true],
  ])('a %s of %j', (kind, subject, namespace, narrower) => {
    const conversion = converted([psp(STRICT), role(['one']), binding(kind, [subject], namespace)]);
    expect(selector(conversion)).toEqual({ matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['shop'] }] });
    expect((of(conversion, 'Namespace')[0].metadata as JsonObject).labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'v1.37',
    });
    expect(conversion.notes.some((note) => note.includes('whoever makes it'))).toBe(narrower);
  });

  test('a role that names none lets all be used; one of another verb lets none', () => {
    const open = { ...role([]), rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] };
    const all = converted([
      psp(STRICT),
      psp(STRICT, {}, 'two'),
      open,
      binding('RoleBinding', [group('system:serviceaccounts:shop')], 'shop'),
    ]);
    // Pods may use either, so one policy lets pass what either let pass, at the weaker level.
    expect(of(all, 'ValidatingAdmissionPolicy').map(({ metadata }) => (metadata as JsonObject).name)).toEqual(['psp-one-or-two']);
    expect((of(all, 'Namespace')[0].metadata as JsonObject).labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'baseline' });
    expect(of(all, 'MutatingAdmissionPolicy')).toEqual([]);
    const get = { ...role([]), rules: [{ apiGroups: ['policy'], resources: ['podsecuritypolicies'], verbs: ['get'] }] };
    expect(selector(converted([psp(STRICT), get, binding('ClusterRoleBinding', [group('system:authenticated')])]))).toEqual({
      matchLabels: { 'cdk-bulwark/psp': 'one' },
    });
  });
});

test('defaults need an API server that sets them: before 1.36 they are only said', () => {
  expect(of(converted([psp(STRICT)], '1.36'), 'MutatingAdmissionPolicy')).toHaveLength(1);
  const before = converted([psp(STRICT)], '1.35');
  expect(of(before, 'MutatingAdmissionPolicy')).toEqual([]);
  expect(before.notes.join('\n')).toContain('needs Kubernetes 1.36');
  expect(messages(before).length).toBeGreaterThan(5);
});

test('an expression names no field that the API server of that version does not know', () => {
  const expressions = (kubernetes: string): string => JSON.stringify(converted([psp(STRICT)], kubernetes).objects);
  expect([expressions('1.30').includes('has(v.image)'), expressions('1.31').includes('has(v.image)')]).toEqual([false, true]);
  expect(failure(() => converted([psp(STRICT)], '1.29')).code).toBe('AdmissionMissing');
});

test('a field that no policy has is said, and does nothing', () => {
  expect(converted([psp({ ...STRICT, hostPid: true })]).notes.join('\n')).toContain('spec.hostPid is no field');
});

test('the fixture: both API groups, three policies, the same objects each time', () => {
  const run = () => convertPsp(readManifests(fixture).kubernetes, '1.37', 'psp.yaml');
  expect(run().levels).toEqual([
    { policy: 'restricted', level: 'restricted' },
    { policy: 'team', level: 'privileged' },
    { policy: 'agents', level: 'privileged' },
  ]);
  expect(run()).toEqual(run());
});

test('a file without a policy', () => {
  const missing = failure(() => converted([{ apiVersion: 'example.com/v1', kind: 'PodSecurityPolicy', metadata: { name: 'x' } }]));
  expect([missing.code, missing.place.file]).toEqual(['PspMissing', 'psp.yaml']);
});
