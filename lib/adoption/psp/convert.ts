import { InputError } from '../../error';
import type { Json, JsonObject, KubernetesObject } from '../../inventory';
import { ANNOTATIONS, FIELDS } from './fields';
import { type Check, type Level, weakest } from './outcome';
import { type Psp, policiesOf, usageOf } from './policy';

/** What became of one field of a policy. */
export interface FieldReport {
  readonly policy: string;
  readonly field: string;
  /** What the policy said; missing where it said nothing and its default holds. */
  readonly value?: Json;
  /** The strictest Pod Security level that refuses nothing which this field let pass. */
  readonly level: Level;
  /** What a ValidatingAdmissionPolicy asks for. */
  readonly checks: readonly string[];
  /** Whether a MutatingAdmissionPolicy sets what the policy set. */
  readonly sets: boolean;
}

/** What replaces policies. */
export interface Conversion {
  /** Objects to apply, in this order. */
  readonly objects: readonly JsonObject[];
  readonly levels: readonly { readonly policy: string; readonly level: Level }[];
  readonly fields: readonly FieldReport[];
  /** What differs, as sentences without a full stop. */
  readonly notes: readonly string[];
}

interface Converted {
  readonly psp: Psp;
  readonly level: Level;
  readonly checks: readonly Check[];
  readonly fills: readonly string[];
}

const ADMISSION = 'admissionregistration.k8s.io/v1';
/** From this version on an API server can check by expressions without a webhook. */
const ADMISSION_SINCE = 30;
/** From this version on an API server can set what a policy set. */
const MUTATION_SINCE = 36;

/**
 * What replaces PodSecurityPolicies: labels of the namespaces that used them, admission policies for what the Pod Security Standards do not ask, and what differs.
 * Throws `PspMissing`, or `AdmissionMissing` for a Kubernetes without such policies.
 */
export function convertPsp(objects: readonly KubernetesObject[], kubernetes: string, file: string): Conversion {
  const minor = Number(kubernetes.split('.')[1]);
  if (minor < ADMISSION_SINCE) {
    throw new InputError(
      'AdmissionMissing',
      `Kubernetes ${kubernetes} has no ValidatingAdmissionPolicy of v1; give 1.${ADMISSION_SINCE} or newer`,
      { file },
    );
  }
  const policies = policiesOf(objects, minor, file);
  const usage = usageOf(policies, objects);
  const fields: FieldReport[] = [];
  const notes: string[] = [];
  const converted = new Map(policies.map((psp) => [psp.name, convert(psp, fields, notes)]));
  const groups = groupsOf(usage.everywhere, usage.namespaces, [...converted.keys()]);
  const made: JsonObject[] = [];
  const mutates = minor >= MUTATION_SINCE;
  for (const [namespace, names] of usage.namespaces)
    made.push(namespaceOf(namespace, weakest(names.map((name) => converted.get(name)?.level ?? 'privileged')), kubernetes));
  for (const { names, selector } of groups) {
    const members = names.flatMap((name) => converted.get(name) ?? []);
    made.push(...admission(members, selector));
    const fills = members.flatMap((member) => member.fills);
    if (members.length > 1) {
      notes.push(
        `pods of some namespaces may use ${names.map((name) => `'${name}'`).join(' or ')}: one policy lets pass what either let pass; neither sets defaults there, where the old one chose by name`,
      );
    } else if (fills.length > 0 && mutates) made.push(...mutation(members[0], selector));
    else if (fills.length > 0)
      notes.push(
        `'${names[0]}' set defaults, which needs Kubernetes 1.${MUTATION_SINCE}; until then pods must write them down, or are refused`,
      );
  }
  notes.push(...usage.notes, ...general(usage.everywhere, usage.namespaces, converted, kubernetes));
  const levels = [...converted.values()].map(({ psp, level }) => ({ policy: psp.name, level }));
  return { objects: made, levels, fields, notes: [...new Set(notes)] };
}

function convert(psp: Psp, fields: FieldReport[], notes: string[]): Converted {
  const levels: Level[] = [];
  const checks: Check[] = [];
  const fills: string[] = [];
  const take = (table: typeof FIELDS, values: JsonObject): void => {
    for (const [field, rule] of Object.entries(table)) {
      const value = values[field];
      const outcome = rule(value, psp);
      levels.push(outcome.level);
      checks.push(...(outcome.checks ?? []));
      fills.push(...(outcome.fills ?? []));
      notes.push(...(outcome.notes ?? []).map((note) => `'${psp.name}': ${note}`));
      const sets = (outcome.fills ?? []).length > 0;
      fields.push({
        policy: psp.name,
        field,
        value,
        level: outcome.level,
        checks: (outcome.checks ?? []).map(({ message }) => message),
        sets,
      });
    }
  };
  take(FIELDS, psp.spec);
  take(ANNOTATIONS, psp.annotations);
  for (const field of Object.keys(psp.spec)) {
    if (!(field in FIELDS)) notes.push(`'${psp.name}': spec.${field} is no field of a PodSecurityPolicy, so it never did anything`);
  }
  return { psp, level: weakest(levels), checks, fills };
}

interface Group {
  readonly names: readonly string[];
  readonly selector: JsonObject;
}

const NAME = 'kubernetes.io/metadata.name';

/** Namespaces that may use the same policies, each with the selector that finds them. */
function groupsOf(everywhere: readonly string[], namespaces: ReadonlyMap<string, readonly string[]>, all: readonly string[]): Group[] {
  const groups = new Map<string, { names: readonly string[]; namespaces: string[] }>();
  for (const [namespace, names] of namespaces) {
    const group = groups.get(names.join(' ')) ?? { names, namespaces: [] };
    group.namespaces.push(namespace);
    groups.set(names.join(' '), group);
  }
  const found: Group[] = [...groups.values()].map(({ names, namespaces: list }) => ({
    names,
    selector: { matchExpressions: [{ key: NAME, operator: 'In', values: list }] },
  }));
  if (everywhere.length > 0) {
    const others = [...namespaces.keys()];
    found.push({
      names: everywhere,
      selector: others.length === 0 ? {} : { matchExpressions: [{ key: NAME, operator: 'NotIn', values: others }] },
    });
  }
  const used = new Set(found.flatMap(({ names }) => names));
  // Nobody in the input may use it: a label decides.
  for (const name of all) if (!used.has(name)) found.push({ names: [name], selector: { matchLabels: { 'cdk-bulwark/psp': name } } });
  return found;
}

function namespaceOf(name: string, level: Level, kubernetes: string): JsonObject {
  const version = `v${kubernetes}`;
  const labels = Object.fromEntries(
    ['enforce', 'audit', 'warn'].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, version],
    ]),
  );
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

const MATCH: JsonObject = {
  resourceRules: [
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods', 'pods/ephemeralcontainers'] },
  ],
};
const VARIABLES: JsonObject[] = [
  // `dyn` because init and ephemeral containers are of other types than containers, and are judged alike.
  { name: 'pod', expression: 'dyn(object.spec)' },
  {
    name: 'containers',
    expression: 'variables.pod.containers + variables.pod.?initContainers.orValue([]) + variables.pod.?ephemeralContainers.orValue([])',
  },
];

function admission(members: readonly Converted[], selector: JsonObject): JsonObject[] {
  const name = `psp-${members.map(({ psp }) => psp.name).join('-or-')}`;
  const [only] = members;
  const alternatives = members.map(({ psp, checks }, index) => ({
    name: `policy${index}`,
    title: psp.name,
    expression: checks.map(({ expression }) => `(${expression})`).join(' && ') || 'true',
  }));
  const validations: JsonObject[] =
    members.length === 1
      ? only.checks.map(({ expression, message }) => ({ expression, message }))
      : [
          {
            expression: alternatives.map((one) => `variables.${one.name}`).join(' || '),
            message: `the pod satisfies neither ${alternatives.map(({ title }) => title).join(' nor ')}`,
          },
        ];
  if (validations.length === 0) return [];
  const variables = [
    ...VARIABLES,
    ...(members.length === 1 ? [] : alternatives.map((one) => ({ name: one.name, expression: one.expression }))),
  ];
  return [
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: { failurePolicy: 'Fail', matchConstraints: MATCH, variables, validations },
    },
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'], matchResources: { namespaceSelector: selector } },
    },
  ];
}

function mutation({ psp, fills }: Converted, selector: JsonObject): JsonObject[] {
  const name = `psp-${psp.name}-defaults`;
  const matchConstraints = { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] };
  const mutations = fills.map((expression) => ({ patchType: 'JSONPatch', jsonPatch: { expression } }));
  return [
    {
      apiVersion: ADMISSION,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name },
      spec: { failurePolicy: 'Fail', reinvocationPolicy: 'IfNeeded', matchConstraints, mutations },
    },
    {
      apiVersion: ADMISSION,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, matchResources: { namespaceSelector: selector } },
    },
  ];
}

/** What differs however a policy was written. */
function general(
  everywhere: readonly string[],
  namespaces: ReadonlyMap<string, readonly string[]>,
  converted: ReadonlyMap<string, Converted>,
  kubernetes: string,
): string[] {
  const notes = [
    'PodSecurityPolicies were tried one by one, those that set nothing first, then by name; admission policies all hold at once, and one that refuses is enough',
    'a level of the Pod Security Standards judges a pod as it is and sets nothing',
    'ephemeral containers are judged too, and no default is set in them: kubectl debug needs a profile that fits, for example --profile=restricted',
  ];
  if (everywhere.length > 0) {
    const level = weakest(everywhere.map((name) => converted.get(name)?.level ?? 'privileged'));
    notes.push(
      `every namespace could use ${everywhere.map((name) => `'${name}'`).join(', ')}: label those not named here with pod-security.kubernetes.io/enforce=${level} and enforce-version=v${kubernetes}, or set it as the default of the API server where that is yours`,
    );
  }
  const used = new Set([...everywhere, ...[...namespaces.values()].flat()]);
  for (const [name, { level }] of converted) {
    if (!used.has(name))
      notes.push(
        `no binding here lets anybody use '${name}': label the namespaces that it is for with cdk-bulwark/psp=${name} and pod-security.kubernetes.io/enforce=${level}`,
      );
  }
  return notes;
}
