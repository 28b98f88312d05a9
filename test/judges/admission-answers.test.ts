import { admit, type Rules, readBinding, readPolicy, requestFor } from '../../lib/admission';
import { inventoryOf } from '../../lib/inventory';
import type { Json, JsonObject } from '../../lib/inventory/value';
import { ApiServer } from './api-server';
import { until } from './waiting';

const running = process.env.CP_BIN !== undefined;
const judge = running ? test : test.skip;

const GROUP = 'admissionregistration.k8s.io/v1';
const NAMESPACE = 'answers';
const configMap = (name: string, data: JsonObject, labels: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: NAMESPACE, labels },
  data,
});

/** Objects that the server writes nothing into, so that both see the same. */
const OBJECTS: readonly JsonObject[] = [
  configMap('other', { colour: 'blue' }),
  configMap('small', { size: '1' }),
  configMap('large', { size: '9' }, { tier: 'web' }),
  configMap('odd', { size: 'nine' }, { tier: 'db' }),
  configMap('system-x', { size: '9', owner: 'platform' }),
];
const PARAMS: readonly JsonObject[] = [
  configMap('limits', { most: '5' }, { limits: 'yes' }),
  configMap('tight', { most: '1' }, { limits: 'yes' }),
];
const NAMESPACE_OBJECT: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: { team: 'a' } } };

const fits = 'int(object.data.size) <= 5';
/** Policies and their bindings, by what they show. One whose params are missing and must not be would refuse the others' requests too: it comes before conditions. */
const POLICIES: { readonly [name: string]: { readonly spec?: JsonObject; readonly binding?: JsonObject } } = {
  plain: { spec: { validations: [{ expression: fits, message: 'too large' }] } },
  ignored: { spec: { failurePolicy: 'Ignore', validations: [{ expression: fits }] } },
  message: {
    spec: {
      validations: [
        {
          expression: "object.data.?size.orValue('0') != '9'",
          messageExpression: "'%s is %s'.format([object.metadata.name, object.data.size])",
        },
      ],
    },
  },
  'message-broken': {
    spec: {
      validations: [
        { expression: "object.data.?size.orValue('0') != '9'", message: 'nine', messageExpression: 'string(object.data.missing)' },
      ],
    },
  },
  variables: {
    spec: {
      variables: [
        { name: 'size', expression: "object.data.?size.orValue('0')" },
        { name: 'number', expression: 'int(variables.size)' },
      ],
      validations: [{ expression: "!variables.size.matches('^[0-9]+$') || variables.number < 9", message: 'nine or more' }],
    },
  },
  conditions: {
    spec: {
      matchConditions: [
        { name: 'sized', expression: 'has(object.data) && has(object.data.size)' },
        { name: 'plain', expression: "!object.metadata.name.startsWith('system-')" },
      ],
      validations: [{ expression: fits, message: 'too large' }],
    },
  },
  'condition-broken': {
    spec: {
      matchConditions: [{ name: 'broken', expression: "object.data.size == '9'" }],
      validations: [{ expression: 'false', message: 'never' }],
    },
  },
  namespace: {
    spec: {
      validations: [
        {
          expression:
            "namespaceObject.metadata.labels.team == 'b' || object.metadata.namespace != namespaceObject.metadata.name || object.metadata.name != 'small'",
          message: 'not here',
        },
      ],
    },
  },
  request: {
    spec: {
      validations: [
        {
          expression:
            "request.operation == 'CREATE' && request.resource.resource == 'configmaps' && request.name != 'large' && oldObject == null",
          message: 'large',
        },
      ],
    },
  },
  'selected-object': {
    spec: { validations: [{ expression: 'false', message: 'of the web' }] },
    binding: { matchResources: { objectSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['db', 'web'] }] } } },
  },
  'selected-namespace': {
    spec: { validations: [{ expression: 'false', message: 'of the team' }] },
    binding: { matchResources: { namespaceSelector: { matchLabels: { team: 'a', 'kubernetes.io/metadata.name': NAMESPACE } } } },
  },
  'other-namespace': {
    spec: { validations: [{ expression: 'false', message: 'of the team' }] },
    binding: { matchResources: { namespaceSelector: { matchLabels: { team: 'b' } } } },
  },
  warned: {
    spec: { validations: [{ expression: 'false', message: 'only a warning' }] },
    binding: { validationActions: ['Warn', 'Audit'] },
  },
  excluded: {
    spec: { validations: [{ expression: 'false', message: 'named' }] },
    binding: {
      matchResources: {
        excludeResourceRules: [
          { apiGroups: [''], apiVersions: ['*'], operations: ['*'], resources: ['*'], resourceNames: ['small', 'odd'] },
        ],
      },
    },
  },
  params: {
    spec: {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: "int(object.data.?size.orValue('0')) <= int(params.data.most)", message: 'above the limit' }],
    },
    binding: { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } },
  },
  'params-selected': {
    spec: {
      failurePolicy: 'Ignore',
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'int(object.data.size) < int(params.data.most)', message: 'at the limit' }],
    },
    binding: { paramRef: { selector: { matchLabels: { limits: 'yes' } }, parameterNotFoundAction: 'Deny' } },
  },
  'params-allowed': {
    spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, validations: [{ expression: 'false' }] },
    binding: { paramRef: { name: 'nobody', parameterNotFoundAction: 'Allow' } },
  },
  annotated: { spec: { auditAnnotations: [{ key: 'size', valueExpression: 'string(object.data.size)' }] } },
};

const userOf = (name: string): string => `answers:${name}`;
function policyOf(name: string): JsonObject {
  const { spec = {} } = POLICIES[name];
  return {
    apiVersion: GROUP,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: `answers-${name}` },
    spec: {
      ...spec,
      matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }] },
      matchConditions: [
        { name: 'own-user', expression: `request.userInfo.username == '${userOf(name)}'` },
        ...((spec.matchConditions as Json[] | undefined) ?? []),
      ],
    },
  };
}
/** Params are looked for before any condition, so a policy that lacks them refuses whoever asks: each stays in the namespace of these tests. */
function bindingOf(name: string): JsonObject {
  const policyName = `answers-${name}`;
  const { matchResources, ...binding } = POLICIES[name].binding ?? {};
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': NAMESPACE } };
  return {
    apiVersion: GROUP,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: policyName },
    spec: {
      policyName,
      validationActions: ['Deny'],
      ...binding,
      matchResources: { namespaceSelector, ...(matchResources as JsonObject | undefined) },
    },
  };
}

let server: ApiServer;
beforeAll(() => {
  if (running) server = new ApiServer(8);
});
afterAll(() => server?.close());

judge(
  'bulwark admit answers what the API server answers',
  async () => {
    const names = Object.keys(POLICIES);
    for (const object of [NAMESPACE_OBJECT, ...PARAMS, ...names.flatMap((name) => [policyOf(name), bindingOf(name)])])
      await server.make(object);
    const post = async (name: string, object: JsonObject) =>
      server.call('POST', `${await server.collectionOf(object)}?dryRun=All`, object, userOf(name));
    const [policies, bindings] = [names.map(policyOf), names.map(bindingOf)].map((manifests) => inventoryOf({ manifests }).kubernetes);
    const place = () => ({});
    const ours = (name: string, object: JsonObject): string | undefined => {
      const at = names.indexOf(name);
      const rules: Rules = {
        policies: [readPolicy(policies[at], place)],
        bindings: [readBinding(bindings[at], place)],
        params: inventoryOf({ manifests: [...PARAMS] }).kubernetes,
        namespace: NAMESPACE,
      };
      const world = {
        namespace: NAMESPACE,
        namespaces: new Map([[NAMESPACE, NAMESPACE_OBJECT]]),
        old: new Map(),
        user: { name: userOf(name), groups: ['system:masters'] },
      };
      const { admitted, objections } = admit(requestFor(inventoryOf({ manifests: [object] }).kubernetes[0], world), rules);
      return admitted ? undefined : objections[0].message;
    };
    const wrong: unknown[] = [];
    let [denied, admitted] = [0, 0];
    for (const name of names) {
      const refused = OBJECTS.find((object) => ours(name, object) !== undefined);
      // A policy that denies none of them is in effect when the others, which were made before or after it, are: it has had as long.
      if (refused !== undefined)
        await until(async () => ((await post(name, refused)).status >= 300 ? undefined : `${name} does not take effect`), 30);
    }
    for (const name of names) {
      for (const object of OBJECTS) {
        const { status, body } = await post(name, object);
        const message = ours(name, object);
        if (message === undefined) admitted += 1;
        else denied += 1;
        // Errors are worded by each engine for itself; what policies say is theirs.
        const same =
          message === undefined
            ? status < 300
            : status >= 300 &&
              (/resulted in error|no params|neither text/.test(message) || String(body.message).includes(`denied request: ${message}`));
        if (!same)
          wrong.push({ name, object: (object.metadata as JsonObject).name as string, ours: message, server: `${status} ${body.message}` });
      }
    }
    process.stdout.write(
      `admission: bulwark admit and the API server agree on ${names.length} policies and ${OBJECTS.length} objects each: ${admitted} admitted, ${denied} denied\n`,
    );
    expect(wrong).toEqual([]);
  },
  180_000,
);
