import type { Audit } from '../audit';
import { ACCEPTANCE_ANNOTATION } from '../controls/acceptance-record';
import {
  type Inventory,
  isObject,
  isOpen,
  type JsonObject,
  Reference,
  type Resource,
  Text,
  type Value,
  type ValueObject,
} from '../inventory';
import { Names } from './names';
import { placeOf, promised } from './promised';

type Steps = readonly (string | number)[];
type Note = (steps: Steps) => readonly string[];

/** Hashes of assets: they change with every byte of a file, and say nothing. */
const ASSET_HASH = /\b[0-9a-f]{64}\b/g;
/** A scalar that reads the same with and without quotes. */
const PLAIN = /^[A-Za-z0-9_/.$({<*][^\n"'#]*$/;
/** What the API server sets by itself: some releases of cdk8s-plus write it and others do not. Shown only where a control holds on it. */
const IMPLIED: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['revisionHistoryLimit', 10],
  ['shareProcessNamespace', false],
]);

/** The block of a resource, with the id of each control behind the property that it holds on. */
export function blueprint(audit: Audit, resource: Resource): string {
  const ids = promised(audit, resource);
  return new Block(audit.inventory, resource, (steps) => ids.get(placeOf(resource, steps)) ?? []).text();
}

/** The blocks of a whole inventory, in the order of their names, without controls. */
export function blueprints(inventory: Inventory): string {
  const deployed = inventory.cloudformation.filter(({ type }) => type !== 'AWS::CDK::Metadata');
  return [...deployed, ...inventory.kubernetes]
    .map((resource) => new Block(inventory, resource, () => []).text())
    .sort()
    .join('\n\n');
}

/** Writes one resource: keys in order, references by name, policies normalised, and nothing that changes without meaning. */
class Block {
  private readonly lines: string[] = [];
  private readonly names: Names;

  constructor(
    inventory: Inventory,
    private readonly resource: Resource,
    private readonly note: Note,
  ) {
    this.names = new Names(inventory);
  }

  public text(): string {
    const { resource } = this;
    if (resource.tree === 'kubernetes') {
      const { apiVersion, kind, ...rest } = withoutBookkeeping(resource.object);
      this.lines.push(`${this.names.of(resource)}: ${String(apiVersion)} ${String(kind)}`);
      this.entries(rest, '  ', []);
    } else {
      const { condition, deletionPolicy, properties, type, updateReplacePolicy } = resource;
      this.lines.push(`${this.names.of(resource)}: ${type}`);
      const attributes = { Condition: condition, DeletionPolicy: deletionPolicy, UpdateReplacePolicy: updateReplacePolicy };
      for (const [key, value] of Object.entries(attributes)) if (value !== undefined) this.entry(key, value, '  ', [key]);
      this.entries(properties, '  ', ['Properties']);
    }
    return this.lines.join('\n');
  }

  private entries(object: ValueObject, indent: string, steps: Steps): void {
    for (const key of Object.keys(object).sort()) this.entry(key, object[key], indent, [...steps, key]);
  }

  private entry(key: string, value: Value, indent: string, steps: Steps): void {
    if (this.resource.tree === 'kubernetes' && IMPLIED.get(key) === value && this.note(steps).length === 0) return;
    this.put(`${indent}${PLAIN.test(key) ? key : JSON.stringify(key)}:`, value, indent, steps);
  }

  /** One value behind `start`, and what is inside it below. */
  private put(start: string, given: Value, indent: string, steps: Steps): void {
    const value = normalised(given);
    const ids = this.note(steps);
    const comment = ids.length === 0 ? '' : `   # ${ids.join(' ')}`;
    if (Array.isArray(value) && value.length > 0) {
      this.lines.push(`${start}${comment}`);
      for (const [index, item] of value.entries()) this.item(item, `${indent}  `, [...steps, index]);
    } else if (isObject(value) && Object.keys(value).length > 0) {
      this.lines.push(`${start}${comment}`);
      this.entries(value, `${indent}  `, steps);
    } else {
      this.lines.push(`${start} ${this.scalar(value)}${comment}`);
    }
  }

  /** An item of a list; the first key of an object stands behind the dash. */
  private item(value: Value, indent: string, steps: Steps): void {
    if (!isObject(value) || Object.keys(value).length === 0) {
      this.put(`${indent}-`, value, indent, steps);
      return;
    }
    const from = this.lines.length;
    this.entries(normalised(value) as ValueObject, `${indent}  `, steps);
    this.lines[from] = `${indent}- ${this.lines[from].slice(indent.length + 2)}`;
  }

  private scalar(value: Value): string {
    if (value instanceof Reference) return `-> ${this.names.reference(value)}`;
    if (value instanceof Text) {
      const parts = value.parts.map((part) => {
        if (typeof part === 'string') return part;
        const text = this.names.text(part);
        return text.startsWith('${') ? text : `\${${text}}`;
      });
      return quoted(parts.join(''));
    }
    if (isOpen(value)) return this.names.text(value);
    if (typeof value !== 'string') return JSON.stringify(value);
    const { resource } = this;
    // Names that CDK makes of the logical id are no choice of anybody's.
    return resource.tree === 'cloudformation' && value === resource.logicalId ? '(generated)' : quoted(value);
  }
}

function quoted(text: string): string {
  const stable = text.replace(ASSET_HASH, '(asset)');
  return PLAIN.test(stable) && stable.trim() === stable && !/^(true|false|null|[\d.]+)$/.test(stable) ? stable : JSON.stringify(stable);
}

/** Order that means nothing is taken out: of policy statements, of what they list, and of tags. */
function normalised(value: Value): Value {
  if (Array.isArray(value)) {
    const isTag = (item: Value): boolean => isObject(item) && typeof item.Key === 'string' && 'Value' in item;
    return value.length > 0 && value.every(isTag) ? sorted(value) : value;
  }
  if (!isObject(value) || value.Statement === undefined) return value;
  const statements = (Array.isArray(value.Statement) ? value.Statement : [value.Statement]).map((statement) => {
    if (!isObject(statement)) return statement;
    const listed = ['Action', 'NotAction', 'Resource', 'NotResource'].flatMap((key) => {
      const list = statement[key];
      if (!Array.isArray(list)) return [];
      return [[key, list.length === 1 ? list[0] : sorted(list)] as const];
    });
    return { ...statement, ...Object.fromEntries(listed) };
  });
  return { ...value, Statement: sorted(statements) };
}

function sorted(list: readonly Value[]): Value[] {
  const key = (value: Value): string => JSON.stringify(value, (_, inner) => (isOpen(inner) ? String(inner) : inner));
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Exemptions are in the posture file; repeated here they would change the block of every object they cover. */
function withoutBookkeeping(object: JsonObject): ValueObject {
  const { metadata } = object;
  if (!isObject(metadata) || !isObject(metadata.annotations)) return object;
  const { [ACCEPTANCE_ANNOTATION]: _, ...annotations } = metadata.annotations;
  const { annotations: __, ...rest } = metadata;
  return { ...object, metadata: Object.keys(annotations).length === 0 ? rest : { ...rest, annotations } };
}
