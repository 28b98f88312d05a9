import { concatenate, isNoValue } from './compose';
import { Resolver, section } from './intrinsics';
import { parseJsonText } from './json-text';
import type { Acceptance, CloudFormationResource, Inventory, KubernetesObject, Notice, StackTemplate } from './model';
import type { RawTemplate, Reading } from './reading';
import { referencesIn } from './references';
import { isJsonObject, isObject, type Json, type JsonObject, Reference, Text, type Value, type ValueObject } from './value';

/** Properties that hold a policy: their text is parsed, so that a trust given by Fn::Sub is judged like one given as an object. */
const POLICY_PROPERTY = /(Policy|Document|PolicyText)$/;

/** Joins readings into one inventory: resolves intrinsic functions across all templates and indexes everything. */
export function buildInventory(given: readonly Reading[]): Inventory {
  const readings = distinct(given);
  const templates = readings.flatMap((reading) => reading.templates);
  const linked = link(templates);
  const cloudformation: CloudFormationResource[] = [];
  const stacks: StackTemplate[] = [];
  for (const template of templates) {
    const resolver = linked.resolverOf(template.stack);
    for (const [logicalId, body] of Object.entries(section(template, 'Resources'))) {
      if (!isJsonObject(body) || typeof body.Type !== 'string') continue;
      // What the template itself rules out is never created, so nothing can be said against it.
      if (typeof body.Condition === 'string' && resolver.condition(body.Condition) === false) continue;
      cloudformation.push(resource(template, logicalId, body, resolver));
    }
    const outputs: { [logicalId: string]: Value } = {};
    for (const [name, output] of Object.entries(section(template, 'Outputs'))) {
      if (isJsonObject(output) && output.Value !== undefined) outputs[name] = resolver.resolve(output.Value);
    }
    stacks.push({ name: template.stack, account: template.account, region: template.region, outputs, file: template.file });
  }
  return new ReadInventory(
    readings.flatMap((reading) => reading.kubernetes),
    cloudformation,
    stacks,
    readings.flatMap((reading) => reading.acceptances),
    readings.flatMap((reading) => reading.notices),
  );
}

/** Two templates of one name stay two: those of a later reading get a number, so that a reference finds the resource of its own template. */
function distinct(readings: readonly Reading[]): readonly Reading[] {
  const taken = new Set<string>();
  return readings.map((reading) => {
    const names = new Map<string, string>();
    for (const { stack } of reading.templates) {
      let name = stack;
      for (let number = 2; taken.has(name); number += 1) name = `${stack}#${number}`;
      taken.add(name);
      if (name !== stack) names.set(stack, name);
    }
    if (names.size === 0) return reading;
    const nameOf = (stack: string): string => names.get(stack) ?? stack;
    return {
      ...reading,
      templates: reading.templates.map((template) => ({
        ...template,
        stack: nameOf(template.stack),
        nested: template.nested && Object.fromEntries(Object.entries(template.nested).map(([id, stack]) => [id, nameOf(stack)])),
        parent: template.parent && { ...template.parent, stack: nameOf(template.parent.stack) },
      })),
      acceptances: reading.acceptances.map((acceptance) => {
        const { stack } = acceptance.scope;
        return stack === undefined ? acceptance : { ...acceptance, scope: { ...acceptance.scope, stack: nameOf(stack) } };
      }),
    };
  });
}

function resource(template: RawTemplate, logicalId: string, body: JsonObject, resolver: Resolver): CloudFormationResource {
  const properties = isJsonObject(body.Properties) ? (resolver.resolve(body.Properties) as ValueObject) : {};
  readPolicyText(properties);
  const metadata = isJsonObject(body.Metadata) ? body.Metadata : {};
  const dependsOn =
    typeof body.DependsOn === 'string'
      ? [body.DependsOn]
      : Array.isArray(body.DependsOn)
        ? body.DependsOn.filter((name) => typeof name === 'string')
        : [];
  const text = (value: Json): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    tree: 'cloudformation',
    stack: template.stack,
    logicalId,
    type: body.Type as string,
    properties,
    dependsOn: dependsOn as string[],
    refersTo: referencesIn(body.Properties ?? null, section(template, 'Resources')),
    deletionPolicy: text(body.DeletionPolicy),
    updateReplacePolicy: text(body.UpdateReplacePolicy),
    condition: text(body.Condition),
    metadata,
    source: { file: template.file, document: 0, path: constructPath(template, logicalId, metadata) },
  };
}

function constructPath(template: RawTemplate, logicalId: string, metadata: JsonObject): string | undefined {
  const written = metadata['aws:cdk:path'];
  const path = typeof written === 'string' ? written : template.paths?.get(logicalId);
  if (path === undefined) return undefined;
  const full = template.pathPrefix === undefined || typeof written !== 'string' ? path : `${template.pathPrefix}/${path}`;
  // The L1 stands below the construct that a user wrote; `Resource` is CDK's name for it and says nothing.
  return full.replace(/\/Resource$/, '');
}

function readPolicyText(object: ValueObject): void {
  for (const key of Object.keys(object)) {
    const value = object[key];
    if ((typeof value === 'string' || value instanceof Text) && POLICY_PROPERTY.test(key)) object[key] = parseJsonText(value) ?? value;
    else if (isObject(value)) readPolicyText(value);
    else if (Array.isArray(value)) for (const item of value) if (isObject(item)) readPolicyText(item);
  }
}

function link(templates: readonly RawTemplate[]): { resolverOf(stack: string): Resolver } {
  const byName = new Map(templates.map((template) => [template.stack, template]));
  const resolvers = new Map<string, Resolver>();
  const busy = new Set<string>();
  /** Guards against templates that refer to each other in a ring: the second visit stays unknown. */
  const once = <T>(key: string, compute: () => T): T | undefined => {
    if (busy.has(key)) return undefined;
    busy.add(key);
    try {
      return compute();
    } finally {
      busy.delete(key);
    }
  };
  const exportsOf = new Map<string, { template: RawTemplate; value: Json }>();
  const linker = {
    exported: (name: string): Value | undefined => {
      const found = exportsOf.get(name);
      return found === undefined ? undefined : once(`export ${name}`, () => resolverOf(found.template.stack).resolve(found.value));
    },
    nestedOutput: (stack: string, logicalId: string, output: string): Value | undefined => {
      const child = byName.get(byName.get(stack)?.nested?.[logicalId] ?? '');
      const body = child === undefined ? undefined : section(child, 'Outputs')[output];
      if (child === undefined || !isJsonObject(body) || body.Value === undefined) return undefined;
      return once(`output ${child.stack}.${output}`, () => resolverOf(child.stack).resolve(body.Value));
    },
    stackOutput: (stackName: string, output: string, region: string | undefined): Value | undefined => {
      const found = templates.find(
        (other) => other.stackName === stackName && (region === undefined || other.region === undefined || other.region === region),
      );
      const body = found === undefined ? undefined : section(found, 'Outputs')[output];
      if (found === undefined || !isJsonObject(body) || body.Value === undefined) return undefined;
      return once(`output ${found.stack}.${output}`, () => resolverOf(found.stack).resolve(body.Value));
    },
    parameter: (stack: string, name: string): Value | undefined => {
      const parent = byName.get(stack)?.parent;
      const outer = byName.get(parent?.stack ?? '');
      if (parent === undefined || outer === undefined) return undefined;
      const nested = section(outer, 'Resources')[parent.logicalId];
      const properties = isJsonObject(nested) && isJsonObject(nested.Properties) ? nested.Properties : {};
      const given = isJsonObject(properties.Parameters) ? properties.Parameters[name] : undefined;
      return given === undefined ? undefined : once(`parameter ${stack}.${name}`, () => resolverOf(outer.stack).resolve(given));
    },
  };
  const resolverOf = (stack: string): Resolver => {
    let resolver = resolvers.get(stack);
    if (resolver === undefined) {
      resolver = new Resolver(byName.get(stack) as RawTemplate, linker);
      resolvers.set(stack, resolver);
    }
    return resolver;
  };
  for (const template of templates) {
    for (const output of Object.values(section(template, 'Outputs'))) {
      if (!isJsonObject(output) || !isJsonObject(output.Export) || output.Value === undefined) continue;
      const name = concatenate([resolverOf(template.stack).resolve(output.Export.Name ?? null)]);
      if (typeof name === 'string' && !isNoValue(name)) exportsOf.set(name, { template, value: output.Value });
    }
  }
  return { resolverOf };
}

class ReadInventory implements Inventory {
  private readonly types = new Map<string, CloudFormationResource[]>();
  private readonly kinds = new Map<string, KubernetesObject[]>();
  private readonly ids = new Map<string, CloudFormationResource>();

  constructor(
    readonly kubernetes: readonly KubernetesObject[],
    readonly cloudformation: readonly CloudFormationResource[],
    readonly stacks: readonly StackTemplate[],
    readonly acceptances: readonly Acceptance[],
    readonly notices: readonly Notice[],
  ) {
    for (const resource of cloudformation) {
      group(this.types, resource.type, resource);
      this.ids.set(`${resource.stack}\n${resource.logicalId}`, resource);
    }
    for (const object of kubernetes) group(this.kinds, object.kind, object);
  }

  ofType(type: string): readonly CloudFormationResource[] {
    return this.types.get(type) ?? [];
  }

  ofKind(kind: string): readonly KubernetesObject[] {
    return this.kinds.get(kind) ?? [];
  }

  find(reference: Value | undefined): CloudFormationResource | undefined {
    return reference instanceof Reference ? this.ids.get(`${reference.stack}\n${reference.logicalId}`) : undefined;
  }
}

function group<T>(index: Map<string, T[]>, key: string, value: T): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [value]);
  else list.push(value);
}
