import { isJsonObject, type Json, type JsonObject } from '../../lib/inventory';
import { templatesOf, type World } from './world';

/** A resource of a template. */
export interface Standing {
  readonly stack: string;
  readonly id: string;
  readonly template: JsonObject;
  readonly body: JsonObject;
  readonly properties: JsonObject;
}

/** Resources of some types in all templates. */
export function resourcesOf(world: World, ...types: string[]): Standing[] {
  return Object.entries(templatesOf(world)).flatMap(([stack, template]) =>
    Object.entries(template.Resources as { [id: string]: JsonObject })
      .filter(([, { Type }]) => types.length === 0 || types.includes(String(Type)))
      .map(([id, body]) => {
        body.Properties ??= {};
        return { stack, id, template, body, properties: body.Properties as JsonObject };
      }),
  );
}

export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** The statements of the policies that are attached to roles. */
export function identityPolicies(world: World): { readonly document: JsonObject; readonly statements: JsonObject[] }[] {
  return resourcesOf(world, 'AWS::IAM::Policy').map(({ properties }) => documentOf(properties, 'PolicyDocument'));
}

/** The statements of the policies that keys and buckets have. */
export function resourcePolicies(world: World): { readonly document: JsonObject; readonly statements: JsonObject[] }[] {
  return [
    ...resourcesOf(world, 'AWS::KMS::Key').map(({ properties }) => documentOf(properties, 'KeyPolicy')),
    ...resourcesOf(world, 'AWS::S3::BucketPolicy').map(({ properties }) => documentOf(properties, 'PolicyDocument')),
  ];
}

function documentOf(properties: JsonObject, key: string): { document: JsonObject; statements: JsonObject[] } {
  const document = properties[key] as JsonObject;
  return { document, statements: document.Statement as JsonObject[] };
}

/** Roles whose trust is an object. */
export function rolesOf(world: World): Standing[] {
  return resourcesOf(world, 'AWS::IAM::Role').filter(({ properties: { AssumeRolePolicyDocument: trust } }) => {
    return isJsonObject(trust) && Array.isArray(trust.Statement);
  });
}

export const kindsOf = (world: World, ...kinds: string[]): JsonObject[] => world.objects.filter(({ kind }) => kinds.includes(String(kind)));
export const metadataOf = (object: JsonObject): JsonObject => object.metadata as JsonObject;
