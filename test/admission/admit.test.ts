import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { run } from '../../lib/hosts/cli/run';

const folder = mkdtempSync(join(tmpdir(), 'bulwark-admit-'));
let files = 0;
const put = (text: string): string => {
  files += 1;
  const path = join(folder, `${files}.yaml`);
  writeFileSync(path, text);
  return path;
};

async function bulwark(...args: string[]) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    stdin: async () => deployment({ replicas: 9 }),
    columns: 100,
    color: false,
    env: {},
  };
  const status = await run(['admit', ...args], io);
  return { status, out, err: err.replaceAll(`${folder}/`, '') };
}

/** One document of a file; fields that are undefined are left out. */
const document = (object: object): string => `---\n${dump(JSON.parse(JSON.stringify(object)))}`;

/** A policy of Deployments; `spec` is merged over what most tests share. */
function policy(spec: { readonly [field: string]: unknown } = {}, name = 'replicas'): string {
  return document({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] }],
      },
      validations: [{ expression: 'object.spec.replicas <= 5', message: 'at most five replicas' }],
      ...spec,
    },
  });
}
function binding(spec: { readonly [field: string]: unknown } = {}, name = 'all'): string {
  return document({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: 'replicas', validationActions: ['Deny'], ...spec },
  });
}
function deployment(spec: { readonly [field: string]: unknown }, metadata: { readonly [field: string]: unknown } = {}): string {
  return document({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec });
}
const configMap = (name: string, data: object, namespace = 'shop', labels: object = {}): string =>
  document({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data });
const namespace = (name: string, labels: object = {}): string =>
  document({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

/** What the policy file has against the objects, as `policy: message`. */
async function objections(policies: string, objects: string, ...more: string[]): Promise<string[]> {
  const { out, err } = await bulwark('--policy', put(policies), '--format', 'json', ...more, put(objects));
  expect(err).toBe('');
  const { answers } = JSON.parse(out) as { answers: { objections: { policy: string; message: string }[] }[] };
  return answers.flatMap((answer) => answer.objections.map(({ policy: name, message }) => `${name}: ${message}`));
}

test('says which objects are denied, by what, and gives 1', async () => {
  const { status, out } = await bulwark(
    '--policy',
    put(policy()),
    put(deployment({ replicas: 2 }) + deployment({ replicas: 9 }, { name: 'api' }) + configMap('c', {})),
  );
  expect(status).toBe(1);
  expect(out).toBe(
    [
      'admitted  Deployment shop/web  1 policy',
      'denied  Deployment shop/api  1 policy',
      '    replicas',
      '        at most five replicas',
      'admitted  ConfigMap shop/c  no policy is for it',
      '',
      '3 objects, 1 denied',
      '',
    ].join('\n'),
  );
});

test('gives 0 when all are admitted, and reads standard input', async () => {
  expect((await bulwark('--policy', put(policy()), put(deployment({ replicas: 5 })))).status).toBe(0);
  expect((await bulwark('--policy', put(policy()), '-')).status).toBe(1);
});

describe('messages', () => {
  const denied = (validation: object) =>
    objections(policy({ validations: [{ expression: 'object.spec.replicas <= 5', ...validation }] }), deployment({ replicas: 9 }));
  test('are those of messageExpression, else of message, else the expression', async () => {
    const messageExpression = "'%d replicas are too many'.format([object.spec.replicas])";
    expect(await denied({ message: 'too many', messageExpression })).toEqual(['replicas: 9 replicas are too many']);
    expect(await denied({ message: 'too many' })).toEqual(['replicas: too many']);
    expect(await denied({})).toEqual(['replicas: failed expression: object.spec.replicas <= 5']);
  });
  test.each(['object.spec.missing', '1 + 1', "'  '", "'two\\nlines'"])(
    'a messageExpression that gives no line falls back: %s',
    async (messageExpression) => {
      expect(await denied({ message: 'too many', messageExpression })).toEqual(['replicas: too many']);
    },
  );
});

describe('an expression that fails', () => {
  const failing = { validations: [{ expression: 'object.spec.missing > 1' }] };
  test('denies', async () => {
    expect(await objections(policy(failing), deployment({}))).toEqual([
      "replicas: expression 'object.spec.missing > 1' resulted in error: no such key: missing",
    ]);
  });
  test('is passed over where failurePolicy says so', async () => {
    expect(await objections(policy({ ...failing, failurePolicy: 'Ignore' }), deployment({}))).toEqual([]);
  });
  test('in a match condition denies, unless another one says that the policy does not apply', async () => {
    const broken = { name: 'broken', expression: 'object.spec.missing' };
    expect(await objections(policy({ matchConditions: [broken] }), deployment({ replicas: 1 }))).toEqual([
      "replicas: the match condition 'broken' resulted in error: no such key: missing",
    ]);
    expect(
      await objections(policy({ matchConditions: [broken, { name: 'not', expression: 'false' }] }), deployment({ replicas: 1 })),
    ).toEqual([]);
  });
  test('in an audit annotation denies too', async () => {
    const annotations = (valueExpression: string) => policy({ validations: [], auditAnnotations: [{ key: 'k', valueExpression }] });
    expect(await objections(annotations('object.spec.missing'), deployment({}))).toEqual([
      "replicas: valueExpression 'object.spec.missing' resulted in error: no such key: missing",
    ]);
    expect(await objections(annotations('1'), deployment({}))).toEqual(["replicas: valueExpression '1' is neither text nor null"]);
    expect(await objections(annotations("'fine'"), deployment({}))).toEqual([]);
  });
});

test('a match condition that is false passes an object over', async () => {
  const conditions = [{ name: 'not-system', expression: "!object.metadata.name.startsWith('system-')" }];
  const objects = deployment({ replicas: 9 }, { name: 'system-x' }) + deployment({ replicas: 9 });
  expect(await objections(policy({ matchConditions: conditions }), objects)).toEqual(['replicas: at most five replicas']);
});

test('variables build on each other, and an unused one that fails does no harm', async () => {
  const variables = [
    { name: 'replicas', expression: 'object.spec.replicas' },
    { name: 'double', expression: 'variables.replicas * 2' },
    { name: 'broken', expression: 'object.spec.missing' },
  ];
  const of = (expression: string) => policy({ variables, validations: [{ expression }] });
  expect(await objections(of('variables.double < 10'), deployment({ replicas: 4 }))).toEqual([]);
  expect(await objections(of('variables.double < 10'), deployment({ replicas: 5 }))).toEqual([
    'replicas: failed expression: variables.double < 10',
  ]);
  expect(await objections(of('variables.broken == 1'), deployment({ replicas: 5 }))).toEqual([
    "replicas: expression 'variables.broken == 1' resulted in error: the variable 'broken' resulted in error: no such key: missing",
  ]);
});

describe('which requests a policy is for', () => {
  const rule = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['*'], resources: ['deployments'] };
  const denies = async (matchConstraints: object, objects = deployment({ replicas: 9 }), ...more: string[]) =>
    (await objections(policy({ matchConstraints }), objects, ...more)).length > 0;
  test.each<[string, object, boolean]>([
    ['its resource', { resourceRules: [rule] }, true],
    ['any resource', { resourceRules: [{ ...rule, resources: ['*'] }] }, true],
    ['any resource with its subresources', { resourceRules: [{ ...rule, resources: ['*/*'] }] }, true],
    ['another resource', { resourceRules: [{ ...rule, resources: ['statefulsets'] }] }, false],
    ['a subresource', { resourceRules: [{ ...rule, resources: ['deployments/scale'] }] }, false],
    ['another group', { resourceRules: [{ ...rule, apiGroups: [''] }] }, false],
    ['another version', { resourceRules: [{ ...rule, apiVersions: ['v1beta1'] }] }, false],
    ['another operation', { resourceRules: [{ ...rule, operations: ['DELETE'] }] }, false],
    ['its name', { resourceRules: [{ ...rule, resourceNames: ['web'] }] }, true],
    ['another name', { resourceRules: [{ ...rule, resourceNames: ['api'] }] }, false],
    ['namespaced objects', { resourceRules: [{ ...rule, scope: 'Namespaced' }] }, true],
    ['objects of the cluster', { resourceRules: [{ ...rule, scope: 'Cluster' }] }, false],
    ['all but its resource', { resourceRules: [rule], excludeResourceRules: [rule] }, false],
    ['labels it has', { resourceRules: [rule], objectSelector: { matchLabels: { tier: 'web' } } }, true],
    ['labels it lacks', { resourceRules: [rule], objectSelector: { matchLabels: { tier: 'db' } } }, false],
  ])('%s', async (_, constraints, expected) => {
    expect(await denies(constraints, deployment({ replicas: 9 }, { labels: { tier: 'web' } }))).toBe(expected);
  });

  const selector = (labels: object) => ({ resourceRules: [rule], namespaceSelector: { matchLabels: labels } });
  test('by labels of the namespace, which has its name as one', async () => {
    const objects = deployment({ replicas: 9 }) + namespace('shop', { team: 'a' });
    expect(await denies(selector({ team: 'a' }), objects)).toBe(true);
    expect(await denies(selector({ team: 'b' }), objects)).toBe(false);
    expect(await denies(selector({ 'kubernetes.io/metadata.name': 'shop' }), objects)).toBe(true);
  });
  test('objects of the cluster have no namespace to select by', async () => {
    const roles = { ...rule, apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'] };
    const role = document({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'r' }, rules: [] });
    expect(await denies({ ...selector({ team: 'a' }), resourceRules: [roles] }, role)).toBe(true);
  });
  test('a namespace that nobody knows is an error', async () => {
    const { status, err } = await bulwark(
      '--policy',
      put(policy({ matchConstraints: selector({ team: 'a' }) })),
      put(deployment({ replicas: 9 })),
    );
    expect([status, err]).toEqual([
      2,
      "bulwark: the policy 'replicas' looks at the namespace 'shop', which no file defines; add its manifest (NamespaceUnknown)\n",
    ]);
  });
});

test('namespaceObject and --namespace', async () => {
  const of = policy({
    validations: [{ expression: "namespaceObject.metadata.labels.team == 'a' && object.metadata.namespace == 'shop'" }],
  });
  const lost = deployment({}, { namespace: undefined });
  expect(await objections(of, lost + namespace('shop', { team: 'a' }), '--namespace', 'shop')).toEqual([]);
  expect(await objections(of, lost + namespace('shop', { team: 'b' }), '--namespace', 'shop')).toHaveLength(1);
});

describe('bindings', () => {
  test('that warn or audit let an object through', async () => {
    const { status, out } = await bulwark(
      '--policy',
      put(policy() + binding({ validationActions: ['Warn', 'Audit'] })),
      put(deployment({ replicas: 9 })),
    );
    expect(status).toBe(0);
    expect(out).toContain('admitted  Deployment shop/web  1 policy\n    replicas warn and audit only\n        at most five replicas\n');
  });
  test('have conditions of their own', async () => {
    const text = policy() + binding({ matchResources: { objectSelector: { matchLabels: { tier: 'web' } } } });
    expect(await objections(text, deployment({ replicas: 9 }))).toEqual([]);
    expect(await objections(text, deployment({ replicas: 9 }, { labels: { tier: 'web' } }))).toHaveLength(1);
  });
  test('of other policies do not bind', async () => {
    expect(await objections(policy() + binding({ policyName: 'other' }), deployment({ replicas: 9 }))).toHaveLength(1);
  });
});

describe('params', () => {
  const taking = policy({
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    validations: [{ expression: 'object.spec.replicas <= int(params.data.max)', messageExpression: "'at most ' + params.data.max" }],
  });
  const params = put(
    configMap('limits', { max: '3' }) +
      configMap('tight', { max: '1' }, 'shop', { kind: 'tight' }) +
      configMap('limits', { max: '9' }, 'other'),
  );
  test('by name, in the namespace of the object unless another is named', async () => {
    expect(
      await objections(
        taking + binding({ paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } }),
        deployment({ replicas: 4 }),
        '--params',
        params,
      ),
    ).toEqual(['replicas: at most 3']);
    const other = binding({ paramRef: { name: 'limits', namespace: 'other', parameterNotFoundAction: 'Deny' } });
    expect(await objections(taking + other, deployment({ replicas: 4 }), '--params', params)).toEqual([]);
  });
  test('by selector, each one evaluated', async () => {
    const selected = binding({ paramRef: { selector: { matchLabels: { kind: 'tight' } }, parameterNotFoundAction: 'Deny' } });
    expect(await objections(taking + selected, deployment({ replicas: 4 }), '--params', params)).toEqual(['replicas: at most 1']);
    const all = binding({ paramRef: { selector: {}, parameterNotFoundAction: 'Deny' } });
    expect(await objections(taking + all, deployment({ replicas: 4 }), '--params', params)).toEqual([
      'replicas: at most 3',
      'replicas: at most 1',
    ]);
  });
  test('that are not there deny or admit as the binding says', async () => {
    const missing = (parameterNotFoundAction: string) => taking + binding({ paramRef: { name: 'nobody', parameterNotFoundAction } });
    expect(await objections(missing('Deny'), deployment({ replicas: 1 }))).toEqual(['replicas: no params were found for the binding']);
    expect(await objections(missing('Allow'), deployment({ replicas: 99 }))).toEqual([]);
  });
  test('of a policy without binding must be given', async () => {
    expect(await objections(taking, deployment({ replicas: 2 }), '--params', params)).toEqual(['replicas: at most 1']);
    const { status, err } = await bulwark('--policy', put(taking), put(deployment({})));
    expect([status, err]).toEqual([
      2,
      "bulwark: the policy 'replicas' takes a ConfigMap, and no file has one; give it with --params (ParamsMissing)\n",
    ]);
  });
});

test('an object that was there before is an update', async () => {
  const of = policy({
    validations: [
      { expression: "request.operation == 'CREATE' || object.spec.replicas >= oldObject.spec.replicas", message: 'never fewer' },
    ],
  });
  const old = put(deployment({ replicas: 3 }));
  expect(await objections(of, deployment({ replicas: 2 }), '--old', old)).toEqual(['replicas: never fewer']);
  expect(await objections(of, deployment({ replicas: 2 }, { name: 'new' }), '--old', old)).toEqual([]);
  expect((await bulwark('--policy', put(of), '--old', old, put(deployment({ replicas: 4 })))).out).toContain('update, 1 policy');
});

test('a policy that looks at the user needs one', async () => {
  const of = policy({ validations: [{ expression: "request.userInfo.username == 'ci' || 'admins' in request.userInfo.groups" }] });
  expect(await objections(of, deployment({}), '--user', 'ci')).toEqual([]);
  expect(await objections(of, deployment({}), '--user', 'eve', '--group', 'admins')).toEqual([]);
  expect(await objections(of, deployment({}), '--user', 'eve')).toHaveLength(1);
  const { status, err } = await bulwark('--policy', put(of), put(deployment({})));
  expect([status, err]).toEqual([
    2,
    "bulwark: the policy 'replicas' looks at the user, and none was given; name one with --user (UserUnknown)\n",
  ]);
});

test('fields that are null are none, as on arrival', async () => {
  const of = policy({ validations: [{ expression: '!has(object.spec.replicas)' }] });
  expect(await objections(of, deployment({ replicas: null }))).toEqual([]);
});

describe('what cannot be used gives 2 and one line with the place', () => {
  const said = async (policies: string, ...more: string[]) => {
    const { status, err } = await bulwark('--policy', put(policies), put(deployment({})), ...more);
    return [status, err.replace(/\d+\.yaml/g, 'FILE')];
  };
  test.each<[string, string, string]>([
    ['a file without policies', configMap('c', {}), '(PolicyMissing)'],
    [
      'a policy without constraints',
      policy({ matchConstraints: undefined }),
      "spec.matchConstraints of the policy 'replicas' is missing; say which resources the policy is for (PolicyInvalid)",
    ],
    [
      'a policy that asks nothing',
      policy({ validations: [] }),
      "spec.validations of the policy 'replicas' is empty; write at least one (PolicyInvalid)",
    ],
    [
      'an unknown failure policy',
      policy({ failurePolicy: 'Deny' }),
      `spec.failurePolicy of the policy 'replicas' is "Deny"; write Fail or Ignore (PolicyInvalid)`,
    ],
    [
      'an unknown action',
      policy() + binding({ validationActions: ['Block'] }),
      `spec.validationActions of the binding 'all' is ["Block"]; list some of Deny, Warn, Audit (PolicyInvalid)`,
    ],
    [
      'a binding of nothing',
      policy() + binding({ policyName: undefined }),
      "spec.policyName of the binding 'all' is missing; name the policy (PolicyInvalid)",
    ],
    [
      'broken CEL',
      policy({ validations: [{ expression: 'object.spec.' }] }),
      'FILE:19: expected IDENTIFIER, got EOF, at line 1 column 13; correct the expression (CelSyntax)',
    ],
    [
      'an unknown function',
      policy({ validations: [{ expression: 'object.name.sha256()' }] }),
      "there is no function 'sha256', at line 1 column 13; call a function that Kubernetes 1.37 has (CelFunctionUnknown)",
    ],
    [
      'an unknown variable',
      policy({ validations: [{ expression: 'subject.spec' }] }),
      'unknown variable: subject, at line 1 column 1; correct the expression (CelInvalid)',
    ],
    [
      'the authorizer',
      policy({ validations: [{ expression: "authorizer.group('').resource('pods').check('get').allowed()" }] }),
      "the policy 'replicas' asks the authorizer, which only a cluster has; check it there (AuthorizerOffline)",
    ],
  ])('%s', async (_, text, message) => {
    const [status, err] = await said(text);
    expect(status).toBe(2);
    expect(err).toContain(message);
    expect(String(err).split('\n')).toHaveLength(2);
  });
  test('and so do no policy, no object, and a group without user', async () => {
    expect((await bulwark(put(deployment({})))).status).toBe(2);
    expect((await bulwark('--policy', put(policy()), join(folder, 'nowhere.yaml'))).err).toContain('PathMissing');
    expect((await said(policy(), '--group', 'a'))[1]).toContain("the group 'a' has no user; name one with --user (UserUnknown)");
  });
});
