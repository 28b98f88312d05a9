import { isJsonObject, type Json, type JsonObject } from '../../lib/inventory';
import type { Draw } from './draw';
import { identityPolicies, kindsOf, listOf, metadataOf, resourcePolicies, resourcesOf, rolesOf } from './policies';
import { templatesOf, type World } from './world';

/** Changes how something is written, and nothing that it permits. */
export type Refactoring = (world: World, draw: Draw) => void;

/** The keys of every object in another order. */
function mixed(value: Json, draw: Draw): Json {
  if (Array.isArray(value)) return value.map((item) => mixed(item, draw));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(draw.shuffled(Object.keys(value)).map((key) => [key, mixed(value[key], draw)]));
}

/** Another logical id for one resource, wherever it is named. */
function renamed(world: World, stack: string, from: string, to: string): void {
  const inText = new RegExp(`\\$\\{${from}(?=[.}])`, 'g');
  const walk = (value: Json): Json => {
    if (typeof value === 'string') return value === from ? to : value.replace(inText, `\${${to}`).replace(`#${from}#`, `#${to}#`);
    if (Array.isArray(value)) return value.map(walk);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key === from ? to : key, walk(inner)]));
  };
  for (const [path, body] of Object.entries(world.files)) {
    const own = path.endsWith(`/${stack}.template.json`) || path.endsWith('.metadata.json') || path === `${world.folder}/manifest.json`;
    if (own) world.files[path] = walk(body) as JsonObject;
  }
}

/** Moves some resources into a stack of their own, with exports and imports in between, as a team does that has outgrown one stack. */
function split(world: World, draw: Draw): void {
  const manifest = world.files[`${world.folder}/manifest.json`];
  const artifacts = manifest.artifacts as { [id: string]: JsonObject };
  const [stack, template] = draw.one(Object.entries(templatesOf(world)));
  const resources = template.Resources as { [id: string]: JsonObject };
  const moved = new Set(Object.keys(resources).filter(() => draw.next() < 0.4));
  const outputs: { [side: string]: JsonObject } = { old: (template.Outputs as JsonObject | undefined) ?? {}, new: {} };
  const exported = (id: string, attribute: string): Json => {
    const name = `${stack}:${id}:${attribute}`;
    const value: JsonObject = attribute === 'Ref' ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] };
    outputs[moved.has(id) ? 'new' : 'old'][`Export${id}${attribute}`.replace(/\W/g, '')] = { Value: value, Export: { Name: name } };
    return { 'Fn::ImportValue': name };
  };
  const linked = (value: Json, isMoved: boolean): Json => {
    const isAway = (id: string): boolean => resources[id] !== undefined && moved.has(id) !== isMoved;
    if (Array.isArray(value)) return value.map((item) => linked(item, isMoved));
    if (!isJsonObject(value)) return value;
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value;
    if (typeof Ref === 'string' && isAway(Ref)) return exported(Ref, 'Ref');
    if (Array.isArray(attribute) && isAway(String(attribute[0]))) return exported(String(attribute[0]), String(attribute[1]));
    if (text !== undefined) {
      const [pattern, given] = Array.isArray(text) ? [String(text[0]), text[1] as JsonObject] : [String(text), {}];
      const variables: JsonObject = Object.fromEntries(Object.entries(given).map(([key, inner]) => [key, linked(inner, isMoved)]));
      const rest = pattern.replace(/\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}/g, (whole, id: string, name?: string) => {
        if (given[id] !== undefined || !isAway(id)) return whole;
        const variable = `Away${id}${name ?? ''}`.replace(/\W/g, '');
        variables[variable] = exported(id, name ?? 'Ref');
        return `\${${variable}}`;
      });
      return { 'Fn::Sub': Object.keys(variables).length === 0 ? rest : [rest, variables] };
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, linked(inner, isMoved)]));
  };
  const sides: { [side: string]: JsonObject } = { old: {}, new: {} };
  for (const [id, body] of Object.entries(resources)) {
    const { DependsOn, ...rest } = body;
    const near = listOf(DependsOn).filter((other) => moved.has(String(other)) === moved.has(id));
    const other = linked(rest, moved.has(id)) as JsonObject;
    sides[moved.has(id) ? 'new' : 'old'][id] = near.length === 0 ? other : { ...other, DependsOn: near };
  }
  template.Resources = sides.old;
  template.Outputs = outputs.old;
  const artifact = artifacts[stack];
  const file = `${stack}Rest.template.json`;
  world.files[`${world.folder}/${file}`] = { ...template, Resources: sides.new, Outputs: outputs.new };
  // The construct paths stay: what was a construct has become a stack.
  artifacts[`${stack}Rest`] = {
    ...artifact,
    displayName: `${stack}Rest`,
    properties: { ...(artifact.properties as JsonObject), stackName: `${stack}Rest`, templateFile: file },
  };
}

const statementLists = (world: World): JsonObject[] =>
  [...identityPolicies(world), ...resourcePolicies(world)].map(({ document }) => document);

/** Every way to write the same thing another way, by name. */
export const REFACTORINGS: { readonly [name: string]: Refactoring } = {
  'other order of keys': (world, draw) => {
    for (const path of Object.keys(world.files)) world.files[path] = mixed(world.files[path], draw) as JsonObject;
    world.objects.splice(0, world.objects.length, ...world.objects.map((object) => mixed(object, draw) as JsonObject));
  },
  'other order of objects': (world, draw) => {
    world.objects.splice(0, world.objects.length, ...draw.shuffled(world.objects));
  },
  'other order of statements and of what they list': (world, draw) => {
    for (const document of statementLists(world)) {
      document.Statement = draw.shuffled(
        listOf(document.Statement).map((statement) => {
          const { Action, Resource, ...rest } = statement as JsonObject;
          const shuffle = (value: Json): Json => (Array.isArray(value) ? draw.shuffled(value) : value);
          return { ...rest, Action: shuffle(Action), Resource: shuffle(Resource) };
        }),
      );
    }
  },
  'a statement for each action': (world, draw) => {
    const document = draw.one(statementLists(world));
    document.Statement = listOf(document.Statement).flatMap((statement) =>
      listOf((statement as JsonObject).Action).map((action) => ({ ...(statement as JsonObject), Action: action })),
    );
  },
  'a statement for each resource': (world, draw) => {
    const { document, statements } = draw.one(identityPolicies(world));
    document.Statement = statements.flatMap((statement) =>
      listOf(statement.Resource).map((resource) => ({ ...statement, Resource: [resource] })),
    );
  },
  'lists of one, and one without a list': (world) => {
    for (const document of statementLists(world)) {
      for (const statement of listOf(document.Statement) as JsonObject[]) {
        for (const key of ['Action', 'Resource']) {
          const list = listOf(statement[key]);
          if (list.length === 1) statement[key] = Array.isArray(statement[key]) ? list[0] : list;
        }
      }
    }
  },
  'a statement twice': (world, draw) => {
    const { statements } = draw.one(identityPolicies(world));
    statements.push(structuredClone(draw.one(statements)));
  },
  'names of statements': (world, draw) => {
    for (const [at, statement] of (listOf(draw.one(statementLists(world)).Statement) as JsonObject[]).entries())
      statement.Sid = `Statement${at}`;
  },
  'a policy inside of its role': (world, draw) => {
    const { id, template, properties } = draw.one(
      resourcesOf(world, 'AWS::IAM::Policy').filter(({ properties }) => {
        const [role] = listOf(properties.Roles);
        return listOf(properties.Roles).length === 1 && isJsonObject(role) && role.Ref !== undefined;
      }),
    );
    const [{ Ref }] = listOf(properties.Roles) as [JsonObject];
    const resources = template.Resources as { [id: string]: JsonObject };
    const role = resources[String(Ref)].Properties as JsonObject;
    role.Policies = [...listOf(role.Policies), { PolicyName: 'inline', PolicyDocument: properties.PolicyDocument }];
    delete resources[id];
    for (const body of Object.values(resources)) {
      if (body.DependsOn !== undefined) body.DependsOn = listOf(body.DependsOn).filter((other) => other !== id);
    }
  },
  'another logical id': (world, draw) => {
    const { stack, id } = draw.one(resourcesOf(world));
    renamed(world, stack, id, `Moved${id}`);
  },
  'a stack in two': split,
  'descriptions, tags and sizes': (world, draw) => {
    for (const { properties } of draw.shuffled(resourcesOf(world, 'AWS::IAM::Role', 'AWS::KMS::Key')).slice(0, 3)) {
      properties.Description = 'said another way';
      properties.Tags = [...listOf(properties.Tags), { Key: 'team', Value: 'platform' }];
    }
    for (const object of kindsOf(world, 'Deployment')) {
      (object.spec as JsonObject).replicas = 5;
      const metadata = metadataOf(object);
      metadata.annotations = { ...(metadata.annotations as JsonObject), 'example.com/note': 'a comment' };
    }
  },
  'trust policies': (world, draw) => {
    const trust = draw.one(rolesOf(world)).properties.AssumeRolePolicyDocument as JsonObject;
    trust.Statement = draw.shuffled(listOf(trust.Statement)).map((statement) => mixed(statement, draw));
  },
  'Fn::Sub in place of Fn::Join': (world) => {
    const walk = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(walk);
      if (!isJsonObject(value)) return value;
      const join = value['Fn::Join'];
      if (Array.isArray(join) && join[0] === '' && Array.isArray(join[1])) {
        const parts = join[1].map((part) => {
          if (typeof part === 'string') return part.replaceAll('${', '${!');
          if (isJsonObject(part) && typeof part.Ref === 'string') return `\${${part.Ref}}`;
          const attribute = isJsonObject(part) ? part['Fn::GetAtt'] : undefined;
          return Array.isArray(attribute) ? `\${${attribute.join('.')}}` : undefined;
        });
        if (!parts.includes(undefined)) return { 'Fn::Sub': parts.join('') };
      }
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
    };
    for (const template of Object.values(templatesOf(world))) template.Resources = walk(template.Resources);
  },
};
