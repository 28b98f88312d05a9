import type { Inventory, JsonObject } from '../inventory';

/**
 * Snapshot serializers for what CDK and cdk8s give to tests: `Template.toJSON()`, `Testing.synth()`, both Apps, postures and their resources. They
 * print blueprints and posture lines, which change only when what is deployed does.
 */
interface Serializer {
  test(value: unknown): boolean;
  serialize(value: never): string;
}

const { expect } = require('@jest/globals') as { expect: { addSnapshotSerializer(serializer: Serializer): void } };

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// The engine is loaded by the first value that needs it.
const load = () => ({
  ...(require('./apps') as typeof import('./apps')),
  ...(require('./blueprint') as typeof import('./blueprint')),
  ...(require('./posture') as typeof import('./posture')),
  ...(require('../inventory') as typeof import('../inventory')),
});
const blocks = (inventory: Inventory): string => load().blueprints(inventory);

/** A template as `Template.toJSON()` gives it. */
const template: Serializer = {
  test: (value) =>
    isObject(value) &&
    isObject(value.Resources) &&
    Object.keys(value.Resources).length > 0 &&
    Object.values(value.Resources).every((resource) => isObject(resource) && typeof resource.Type === 'string'),
  serialize: (value: JsonObject) => blocks(load().inventoryOf({ template: value })),
};

/** Objects as `Testing.synth()` gives them. */
const manifests: Serializer = {
  test: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((object) => isObject(object) && typeof object.apiVersion === 'string' && typeof object.kind === 'string'),
  serialize: (value: JsonObject[]) => blocks(load().inventoryOf({ manifests: value })),
};

/** An App of either library. */
const app: Serializer = {
  test: (value) => isObject(value) && 'node' in value && 'synth' in value && (load().isCdkApp(value) || load().isChartsApp(value)),
  serialize: (value: import('../posture/apps').CdkApp) => blocks(load().Posture.of(value)._inventory),
};

/** What `Posture.of` gives. */
const posture: Serializer = {
  test: (value) => isObject(value) && 'findings' in value && load().Posture.isPosture(value),
  serialize: (value: import('./posture').Posture) => value.facts.join('\n'),
};

/** What `posture.resource` gives. */
const resource: Serializer = {
  test: (value) => isObject(value) && '_posture' in value && load().PostureResource.isPostureResource(value),
  serialize: (value: import('./posture').PostureResource) => value.toString(),
};

for (const serializer of [template, manifests, app, posture, resource]) expect.addSnapshotSerializer(serializer);
