import type { AnyControl } from '../../lib/controls/control';
import { podSpecPath } from '../../lib/inventory';
import { isJsonObject, type Json, type JsonObject } from '../../lib/inventory/value';
import { LIBRARY } from '../cel/library';
import { examplesOf, mutants, vocabulary } from '../cel/mutations';
import { byCode, VERSION } from '../cel/verdicts';
import { everyControl } from '../controls/judged';
import { ApiServer, DRY_RUN } from './api-server';
import { each, until } from './waiting';

/** Type checking of policies is the controller manager's. */
const running = process.env.CP_BIN !== undefined && process.env.CP_KCM === '1';
const judge = running ? test : test.skip;

/** Enough for a hundred of each control that the server takes: it refuses about half of them for reasons of its own. */
const MUTANTS = 240;
const JUDGED = 100;
const NAMESPACE = 'shop';
const GROUP = 'admissionregistration.k8s.io/v1';
const POLICIES = `/apis/${GROUP}/validatingadmissionpolicies`;

const withText = everyControl.filter(({ cel }) => cel !== undefined);
const words = vocabulary(everyControl);
const nameOf = ({ id }: AnyControl): string => `bulwark-${id.toLowerCase()}`;
/** Each policy sees the requests of one user, so that none answers for another. */
const userOf = (control: AnyControl): string => `judge:${nameOf(control)}`;

const TEMPLATES: readonly (readonly [string, string])[] = [
  ...['Pod', 'PodTemplate', 'ReplicationController'].map((kind) => ['v1', kind] as const),
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind) => ['apps/v1', kind] as const),
  ...['Job', 'CronJob'].map((kind) => ['batch/v1', kind] as const),
];

/** The manifests of a control's examples that it judges. */
function subjectsOf(control: AnyControl): JsonObject[] {
  return examplesOf(control)
    .flatMap(({ manifests }) => manifests ?? [])
    .filter((manifest) => byCode(control, manifest) !== undefined);
}

/** The kinds that a control judges; of pod templates all. */
function kindsOf(subjects: readonly JsonObject[]): (readonly [string, string])[] {
  const own = subjects.map(({ apiVersion, kind }) => [apiVersion as string, kind as string] as const);
  const kinds = own.some(([apiVersion, kind]) => podSpecPath(kind, apiVersion) !== undefined) ? [...own, ...TEMPLATES] : own;
  return [...new Map(kinds.map((entry) => [entry.join(' '), entry])).values()];
}

let server: ApiServer;
beforeAll(() => {
  if (running) server = new ApiServer(8);
});
afterAll(() => server?.close());

async function policyOf(control: AnyControl): Promise<JsonObject> {
  const resourceRules = await Promise.all(
    kindsOf(subjectsOf(control)).map(async ([apiVersion, kind]): Promise<JsonObject> => {
      const [version, group = ''] = apiVersion.split('/').reverse();
      return {
        apiGroups: [group],
        apiVersions: [version],
        operations: ['CREATE', 'UPDATE'],
        resources: [(await server.resourceOf(apiVersion, kind)).name],
      };
    }),
  );
  return {
    apiVersion: GROUP,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: nameOf(control) },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules },
      matchConditions: [{ name: 'own-user', expression: `request.userInfo.username == '${userOf(control)}'` }],
      validations: [{ expression: control.cel as string, message: `${control.id}: ${control.title}` }],
    },
  };
}

function bindingOf(control: AnyControl): JsonObject {
  const name = nameOf(control);
  return {
    apiVersion: GROUP,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
}

type Said = 'pass' | 'fail' | 'refused' | string;

/** What the policy says of an object in a dry run; `refused` where the server has something of its own against it. */
async function byServer(control: AnyControl, object: JsonObject): Promise<Said> {
  const path = `${await server.collectionOf(object, NAMESPACE)}${DRY_RUN}`;
  const { status, body } = await server.call('POST', path, object, userOf(control));
  // What exists is looked for after admission.
  if (status < 300 || status === 409) return 'pass';
  const message = String(body.message);
  if (!message.includes(`ValidatingAdmissionPolicy '${nameOf(control)}'`)) return 'refused';
  return message.includes(`denied request: ${control.id}: ${control.title}`) ? 'fail' : `error: ${message}`;
}

/** AlwaysPullImages, which this server runs, rewrites pods before any policy sees them. */
function rewritten(object: JsonObject): JsonObject {
  if (object.kind !== 'Pod' || !isJsonObject(object.spec)) return object;
  const always = (list: Json | undefined): Json =>
    Array.isArray(list) ? list.map((item) => (isJsonObject(item) ? { ...item, imagePullPolicy: 'Always' } : item)) : [];
  const { spec } = object;
  const groups = ['containers', 'initContainers', 'ephemeralContainers'].filter((group) => spec[group] !== undefined);
  return { ...object, spec: { ...spec, ...Object.fromEntries(groups.map((group) => [group, always(spec[group])])) } };
}

/** Ephemeral containers come into a pod later, by another request. */
function isCreatable(object: JsonObject): boolean {
  return !JSON.stringify(object).includes('"ephemeralContainers":[{');
}

judge(
  'the API server takes every CEL text as a policy, and its types hold',
  async () => {
    const labels = Object.fromEntries(['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'privileged']));
    await server.make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } });
    const accounts = new Set([
      ...(words.get('pod')?.get('serviceAccountName') ?? []),
      ...(words.get('pod')?.get('serviceAccount') ?? []),
      'default',
    ]);
    for (const namespace of [NAMESPACE, 'default'])
      for (const name of accounts)
        if (name !== '') await server.make({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: name as string, namespace } });

    const refused: string[] = [];
    for (const control of withText) {
      const { status, body } = await server.call('POST', POLICIES, await policyOf(control));
      if (status >= 300) refused.push(`${control.id}: ${status} ${body.message}`);
      else await server.make(bindingOf(control));
    }
    expect(refused).toEqual([]);

    const warnings: string[] = [];
    await each(server.sockets, withText, async (control) => {
      await until(async () => {
        const { body } = await server.call('GET', `${POLICIES}/${nameOf(control)}`);
        const { typeChecking, observedGeneration } = (body.status ?? {}) as {
          typeChecking?: { expressionWarnings?: Json[] };
          observedGeneration?: number;
        };
        if (observedGeneration === undefined || typeChecking === undefined) return `the types of ${control.id} were not checked`;
        for (const warning of typeChecking.expressionWarnings ?? []) warnings.push(`${control.id}: ${JSON.stringify(warning)}`);
        return undefined;
      }, 60);
    });
    expect(warnings).toEqual([]);
  },
  180_000,
);

judge(
  'a policy and the code of its control have one verdict',
  async () => {
    const wrong: { control: string; code: Said | undefined; server: Said; object: JsonObject }[] = [];
    const counts = { examples: 0, mutations: 0, passed: 0, failed: 0, refused: 0 };
    const little: string[] = [];
    for (const control of withText) {
      const subjects = subjectsOf(control).filter((object) => byCode(control, rewritten(object)) !== 'undecided');
      // A new policy takes effect a moment after it was made. Examples that the server refuses by itself do not tell.
      const broken = subjects.filter((object) => byCode(control, rewritten(object)) === 'fail');
      await until(async () => {
        for (const object of broken) if ((await byServer(control, object)) === 'fail') return undefined;
        return `the policy of ${control.id} refuses none of its examples that break`;
      }, 30);
      const cases = subjects.flatMap((object, index) => [
        { object, example: true },
        ...mutants(object, words, Math.ceil(MUTANTS / subjects.length), index + 1, isCreatable).map((mutant) => ({
          object: mutant,
          example: false,
        })),
      ]);
      const verdicts = new Set<Said>();
      let judged = 0;
      await each(server.sockets, cases, async ({ object, example }) => {
        const code = byCode(control, rewritten(object));
        if (code === 'undecided') return;
        const said = await byServer(control, object);
        if (said === 'refused') {
          counts.refused += 1;
          return;
        }
        counts[example ? 'examples' : 'mutations'] += 1;
        counts[said === 'pass' ? 'passed' : 'failed'] += 1;
        verdicts.add(said);
        judged += 1;
        if (said !== code) wrong.push({ control: control.id, code, server: said, object });
      });
      if (judged < JUDGED || !verdicts.has('pass') || !verdicts.has('fail'))
        little.push(`${control.id}: ${judged} judged, ${[...verdicts].join(' and ')}`);
    }
    const { examples, mutations, passed, failed, refused } = counts;
    process.stdout.write(
      `admission: ${withText.length} policies; ${examples} examples and ${mutations} mutations judged, ${passed} admitted and ${failed} denied, ` +
        `${wrong.length} with another verdict than the code for ${VERSION}; ${refused} refused by the server itself\n`,
    );
    expect(wrong.slice(0, 5)).toEqual([]);
    // A policy of which few or like verdicts were seen proves little.
    expect(little).toEqual([]);
  },
  600_000,
);

/** A value as CEL writes it. */
function literal(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, inner]) => `${literal(key)}: ${literal(inner)}`).join(', ')}}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

judge(
  'the API server knows every function of the library, and answers the same',
  async () => {
    const name = 'bulwark-library';
    const user = `judge:${name}`;
    // A policy takes at most a hundred validations.
    const wrong: string[] = [];
    for (let from = 0; from < LIBRARY.length; from += 40) {
      const part = `${name}-${from}`;
      const validations = LIBRARY.slice(from, from + 40).map(([text, value]) => ({
        expression: `(${text}) == ${literal(value)}`,
        message: `differs: ${text}`,
      }));
      const policy: JsonObject = {
        apiVersion: GROUP,
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: part },
        spec: {
          matchConstraints: {
            resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
          },
          matchConditions: [{ name: 'own-user', expression: `request.userInfo.username == '${user}-${from}'` }],
          validations,
        },
      };
      const { status, body } = await server.call('POST', POLICIES, policy);
      if (status >= 300) {
        wrong.push(String(body.message));
        continue;
      }
      const binding = {
        apiVersion: GROUP,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: part },
        spec: { policyName: part, validationActions: ['Deny'] },
      };
      await server.make(binding);
      // One more policy that refuses says when both are in effect: bindings are read together.
      const marker: JsonObject = {
        ...policy,
        metadata: { name: `${part}-marker` },
        spec: { ...(policy.spec as JsonObject), validations: [{ expression: "object.metadata.name != 'marker'" }] },
      };
      await server.make(marker);
      await server.make({ ...binding, metadata: { name: `${part}-marker` }, spec: { ...binding.spec, policyName: `${part}-marker` } });
      const post = (of: string) =>
        server.call(
          'POST',
          '/api/v1/namespaces/default/configmaps?dryRun=All',
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: of } },
          `${user}-${from}`,
        );
      await until(async () => ((await post('marker')).status >= 300 ? undefined : 'the policy does not take effect'), 30);
      const said = await post('library');
      if (said.status >= 300) wrong.push(String(said.body.message));
    }
    expect(wrong).toEqual([]);
    process.stdout.write(`admission: ${LIBRARY.length} calls of library functions answered alike\n`);
  },
  180_000,
);
