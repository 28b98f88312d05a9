import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ClassType,
  type InterfaceType,
  isClassType,
  isEnumType,
  isInterfaceType,
  loadAssemblyFromPath,
  type Method,
  type Property,
  type TypeReference,
} from '@jsii/spec';
import { ROOT } from './sources';

if (!existsSync(join(ROOT, '.jsii'))) throw new Error("there is no .jsii; run 'npx projen compile' first");
const types = Object.values(loadAssemblyFromPath(ROOT).types ?? {});
const members = types.flatMap((type) => {
  if (!isClassType(type) && !isInterfaceType(type)) return [];
  const holder: ClassType | InterfaceType = type;
  return [...(holder.properties ?? []), ...(holder.methods ?? [])]
    .filter((member) => member.overrides === undefined)
    .map((member) => ({ at: `${type.fqn}.${member.name}`, member, type: holder }));
});

test('the assembly holds the API', () => {
  expect(types.map(({ fqn }) => fqn)).toEqual(
    expect.arrayContaining([
      'cdk-bulwark.aws.Cluster',
      'cdk-bulwark.k8s.Tenant',
      'cdk-bulwark.controls.Exemption',
      'cdk-bulwark.posture.Posture',
    ]),
  );
});

test('every type and member has a summary', () => {
  const missing = [
    ...types.filter((type) => !type.docs?.summary).map(({ fqn }) => fqn),
    ...types
      .filter(isEnumType)
      .flatMap((type) => type.members.filter((member) => !member.docs?.summary).map((member) => `${type.fqn}.${member.name}`)),
    ...members.filter(({ member }) => !member.docs?.summary).map(({ at }) => at),
  ];
  expect(missing).toEqual([]);
});

test('every optional prop says its default: a literal, or a dash and a sentence', () => {
  const optional = members.filter(({ member, type }) => (member as Property).optional === true && isInterfaceType(type));
  expect(optional.length).toBeGreaterThan(40);
  const wrong = optional.filter(
    ({ member }) => !member.docs?.default || /^-\s*(undefined)?$|^-\S|circular|default props/i.test(member.docs.default),
  );
  expect(wrong.map(({ at, member }) => `${at}: ${member.docs?.default ?? 'no @default'}`)).toEqual([]);
});

test('no member takes or gives any', () => {
  const isAny = (reference: TypeReference | undefined): boolean => JSON.stringify(reference ?? {}).includes('"primitive":"any"');
  const wrong = members.filter(
    ({ member }) =>
      isAny((member as Property).type) ||
      isAny((member as Method).returns?.type) ||
      ((member as Method).parameters ?? []).some(({ type }) => isAny(type)),
  );
  expect(wrong.map(({ at }) => at)).toEqual([]);
});

test('a number that has a unit says it in its name', () => {
  const numbers = members.filter(
    ({ member, type }) => isInterfaceType(type) && JSON.stringify((member as Property).type ?? {}).includes('"primitive":"number"'),
  );
  const wrong = numbers.filter(
    ({ member }) =>
      /timeout|duration|size$|memory|storage|period/i.test(member.name) &&
      !/(sec|seconds|mib|gib|days|minutes|minSize|maxSize)$/i.test(member.name),
  );
  expect(wrong.map(({ at }) => at)).toEqual([]);
});
