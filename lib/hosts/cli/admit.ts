import type { Answer, Binding, Policy, Rules, User, World } from '../../admission';
import { InputError } from '../../error';
import type { KubernetesObject } from '../../inventory/model';
import type { JsonObject } from '../../inventory/value';
import { readPaths } from '../../posture/paths';
import { Texts } from '../../posture/texts';
import { count, type Layout, layoutOf, wrap } from '../../report';
import { formatOf } from './check';
import type { Io } from './io';

/** Options of `bulwark admit` as commander gives them. */
export interface AdmitOptions {
  readonly policy: readonly string[];
  readonly params: readonly string[];
  readonly old: readonly string[];
  readonly namespace: string;
  readonly user?: string;
  readonly group: readonly string[];
  readonly format: string;
}

const POLICY = 'ValidatingAdmissionPolicy';
const BINDING = 'ValidatingAdmissionPolicyBinding';

/** Answers what policies say of objects. Gives the exit status: 0 when all are admitted, else 1. Throws `InputError` for anything else. */
export async function admitPaths(paths: readonly string[], options: AdmitOptions, io: Io): Promise<number> {
  const format = formatOf(options.format);
  if (options.group.length > 0 && options.user === undefined)
    throw new InputError('UserUnknown', `the group '${options.group[0]}' has no user; name one with --user`);
  // The engine is loaded here, so that no other command pays for it.
  const { admit, keyOf, namespaceOf, readBinding, readPolicy, requestFor } = require('../../admission') as typeof import('../../admission');

  const texts = new Texts();
  const given = paths.includes('-') ? await io.stdin() : '';
  const read = (from: readonly string[]): KubernetesObject[] => readPaths(from, texts, () => given).flatMap(({ kubernetes }) => kubernetes);
  const placeOf = (source: KubernetesObject, path: string) => ({ file: source.source.file, line: texts.lineAt(source.source, path) });

  const sources = read(options.policy);
  const ofKind = (kind: string): KubernetesObject[] =>
    sources.filter((source) => source.kind === kind && source.apiVersion.startsWith('admissionregistration.k8s.io/'));
  const policies: Policy[] = ofKind(POLICY).map((source) => readPolicy(source, placeOf));
  if (policies.length === 0)
    throw new InputError('PolicyMissing', `there is no ${POLICY} in ${options.policy.join(', ')}; name a file that has one`);
  const bindings: Binding[] = ofKind(BINDING).map((source) => readBinding(source, placeOf));
  const params = [...sources, ...read(options.params)];
  const objects = read(paths);
  if (objects.length === 0)
    throw new InputError('NothingToCheck', `there is no Kubernetes object in ${paths.join(', ')}; name files that have some`);
  const old = read(options.old);

  const user: User | undefined = options.user === undefined ? undefined : { name: options.user, groups: options.group };
  const rules: Rules = { policies, bindings, params, namespace: options.namespace };
  const world: World = {
    namespace: options.namespace,
    namespaces: new Map(
      [...old, ...params, ...objects]
        .filter(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1')
        .map(({ name, object }) => [name, object]),
    ),
    old: new Map(old.map((object): [string, JsonObject] => [keyOf(object, namespaceOf(object, options.namespace)), object.object])),
    user,
  };
  const answers = objects.map((object) => admit(requestFor(object, world), rules));
  io.out(format === 'json' ? json(answers) : text(answers, layoutOf(io.columns, io.color)));
  return answers.every(({ admitted }) => admitted) ? 0 : 1;
}

function json(answers: readonly Answer[]): string {
  const plain = answers.map(({ object, operation, admitted, policies, objections }) => {
    const { kind, name, namespace, source } = object;
    return { kind, name, namespace, operation, admitted, policies, objections, source };
  });
  return `${JSON.stringify({ schemaVersion: 1, admitted: answers.every(({ admitted }) => admitted), answers: plain }, undefined, 2)}\n`;
}

function text(answers: readonly Answer[], layout: Layout): string {
  const { bold, cyan, red, green, yellow, dim } = layout.colors;
  const lines = answers.flatMap(({ object, operation, admitted, policies, objections }) => {
    const named = `${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}`;
    const remark =
      policies.length === 0
        ? 'no policy is for it'
        : `${operation === 'UPDATE' ? 'update, ' : ''}${policies.length} ${policies.length === 1 ? 'policy' : 'policies'}`;
    return [
      `${admitted ? green('admitted') : red('denied')}  ${bold(named)}  ${dim(remark)}`,
      ...objections.flatMap(({ policy, message, actions }) => [
        `    ${cyan(policy)}${actions.includes('Deny') ? '' : yellow(` ${actions.join(' and ').toLowerCase()} only`)}`,
        wrap(message, 8, layout),
      ]),
    ];
  });
  const denied = answers.filter(({ admitted }) => !admitted).length;
  return `${lines.join('\n')}\n\n${count(answers.length, 'object')}, ${denied} denied\n`;
}
