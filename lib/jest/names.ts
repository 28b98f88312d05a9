import type { Inventory, Resource, Value } from '../inventory';
import { Choice, isOpen, Reference, Text, Unknown } from '../inventory';

const PSEUDO = 'AWS::';

/**
 * Names that stay when nothing changed for a reader: construct paths and `namespace/Kind/name`, never logical ids. A template without construct paths
 * leaves nothing but the logical id, with the stack where there are several.
 */
export class Names {
  private readonly paths = new Map<string, number>();

  constructor(private readonly inventory: Inventory) {
    for (const resource of inventory.cloudformation) {
      const path = shortened(resource.source.path ?? '');
      this.paths.set(path, (this.paths.get(path) ?? 0) + 1);
    }
  }

  /** A resource. `Resource`, CDK's name for the L1 below what the user wrote, is left out where the path stays unique. */
  public of(resource: Resource): string {
    if (resource.tree === 'kubernetes') {
      const { namespace, kind, name } = resource;
      return `${namespace === undefined ? '' : `${namespace}/`}${kind}/${name}`;
    }
    const { path } = resource.source;
    if (path === undefined) return this.inventory.stacks.length > 1 ? `${resource.stack}/${resource.logicalId}` : resource.logicalId;
    const short = shortened(path);
    return this.paths.get(short) === 1 ? short : path;
  }

  /** A construct path as it was written into metadata. */
  public path(path: string): string {
    return shortened(path) || 'App';
  }

  /** What a reference names, with `.id` for Ref and the attribute otherwise; a pseudo parameter as CloudFormation writes it. */
  public reference(reference: Reference): string {
    const { logicalId, attribute } = reference;
    if (logicalId.startsWith(PSEUDO)) return `\${${logicalId}}`;
    const resource = this.inventory.find(reference);
    return `${resource === undefined ? logicalId : this.of(resource)}.${attribute === 'Ref' ? 'id' : attribute}`;
  }

  /** A value in one line: references by name, what deployment decides by its reason. */
  public text(value: Value | undefined): string {
    if (value instanceof Reference) return this.reference(value);
    if (value instanceof Unknown) return `?(${value.reason})`;
    if (value instanceof Choice) return `either(${value.options.map((option) => this.text(option)).join(',')})`;
    if (value instanceof Text) return value.parts.map((part) => (typeof part === 'string' ? part : this.text(part))).join('');
    return typeof value === 'string' ? value : JSON.stringify(value, (_, inner) => (isOpen(inner) ? this.text(inner) : inner));
  }

  /** An ARN in one line: a resource that is here by its path alone, since its ARN or name says no more. */
  public arn(value: Value | undefined): string {
    return this.text(value).replace(/^(\S+)\.(?:id|Arn)(?=$|[/:])/, (whole, name: string) => (name.includes('${') ? whole : name));
  }
}

function shortened(path: string): string {
  return path.replace(/(\/Resource)+$/, '');
}

/** One word of a line: what has blanks in it stands in quotes. */
export function word(text: string): string {
  return /^[^\s"]+$/.test(text) ? text : JSON.stringify(text);
}
