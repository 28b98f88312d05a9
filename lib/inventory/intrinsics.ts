import { subnetsOf } from './cidr';
import { concatenate, containsOpen, isNoValue, NO_VALUE, same } from './compose';
import { jsonTextOf } from './json-text';
import type { RawTemplate } from './reading';
import { Choice, isJsonObject, type Json, type JsonObject, Reference, Text, Unknown, type Value } from './value';

/** What a template needs to know of the others: what an export holds, and what a nested stack was given and gives back. */
export interface Linker {
  exported(name: string): Value | undefined;
  nestedOutput(stack: string, logicalId: string, output: string): Value | undefined;
  parameter(stack: string, name: string): Value | undefined;
  /** An output of a stack by the name it is deployed under: what CDK's weak references read. */
  stackOutput(stackName: string, output: string, region: string | undefined): Value | undefined;
}

const MAX_STEPS = 100;

/**
 * Resolves the intrinsic functions of one template as far as the templates at hand decide them. What is malformed or only known at deployment
 * becomes an `Unknown` with the reason; nothing is guessed and nothing throws.
 */
export class Resolver {
  private readonly conditions = new Map<string, boolean | undefined>();
  private depth = 0;

  constructor(
    private readonly template: RawTemplate,
    private readonly linker: Linker,
  ) {}

  resolve(value: Json): Value {
    if (typeof value === 'string') return value.includes('{{resolve:') ? concatenate([value]) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (this.depth > MAX_STEPS) return new Unknown('nesting too deep');
    this.depth += 1;
    try {
      if (Array.isArray(value)) {
        const items: Value[] = [];
        for (const item of value) {
          const resolved = this.resolve(item);
          if (!isNoValue(resolved)) items.push(resolved);
        }
        return items;
      }
      const keys = Object.keys(value);
      if (keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'))) return this.call(keys[0], value[keys[0]]);
      const object: { [key: string]: Value } = {};
      for (const key of keys) {
        const resolved = this.resolve(value[key]);
        if (!isNoValue(resolved)) object[key] = resolved;
      }
      return object;
    } finally {
      this.depth -= 1;
    }
  }

  private call(name: string, argument: Json): Value {
    switch (name) {
      case 'Ref':
        return typeof argument === 'string' ? this.reference(argument) : new Unknown('malformed Ref');
      case 'Fn::GetAtt':
        return this.attribute(argument);
      case 'Fn::Sub':
        return this.substitute(argument);
      case 'Fn::Join':
        return this.join(argument);
      case 'Fn::If':
        return this.choose(argument);
      case 'Fn::ImportValue': {
        const wanted = this.resolve(argument);
        if (typeof wanted !== 'string') return new Unknown('import of a name that is not known');
        return this.linker.exported(wanted) ?? new Unknown(`import ${wanted}`);
      }
      case 'Fn::Split':
        return this.split(argument);
      case 'Fn::Select':
        return this.select(argument);
      case 'Fn::FindInMap':
        return this.lookUp(argument);
      case 'Fn::Base64': {
        const text = this.resolve(argument);
        return typeof text === 'string'
          ? Buffer.from(text, 'utf8').toString('base64')
          : text instanceof Text
            ? text
            : new Unknown('Fn::Base64');
      }
      case 'Fn::ToJsonString':
        return jsonTextOf(this.resolve(argument));
      case 'Fn::Cidr':
        return this.subnets(argument);
      case 'Fn::GetStackOutput':
        return this.stackOutput(argument);
      case 'Fn::Length': {
        const list = this.resolve(argument);
        return Array.isArray(list) ? list.length : new Unknown('Fn::Length');
      }
      case 'Fn::GetAZs':
        return new Unknown('zones of the region');
      default:
        return new Unknown(name);
    }
  }

  private reference(name: string): Value {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (name === 'AWS::Region' && this.template.region !== undefined) return this.template.region;
    if (name === 'AWS::AccountId' && this.template.account !== undefined) return this.template.account;
    if (name === 'AWS::StackName' && this.template.stackName !== undefined) return this.template.stackName;
    if (name.startsWith('AWS::')) return new Reference(this.template.stack, name, 'Ref');
    if (section(this.template, 'Resources')[name] !== undefined) return new Reference(this.template.stack, name, 'Ref');
    if (section(this.template, 'Parameters')[name] !== undefined)
      return this.linker.parameter(this.template.stack, name) ?? new Unknown(`parameter ${name}`);
    return new Unknown(`Ref to '${name}', which the template does not have`);
  }

  private attribute(argument: Json): Value {
    const [logicalId, ...rest] = Array.isArray(argument) ? argument : typeof argument === 'string' ? splitOnce(argument) : [];
    if (typeof logicalId !== 'string' || rest.length === 0) return new Unknown('malformed Fn::GetAtt');
    const attribute = rest.map((part) => this.resolve(part)).join('.');
    if (section(this.template, 'Resources')[logicalId] === undefined)
      return new Unknown(`Fn::GetAtt of '${logicalId}', which the template does not have`);
    if (attribute.startsWith('Outputs.')) {
      const output = this.linker.nestedOutput(this.template.stack, logicalId, attribute.slice('Outputs.'.length));
      if (output !== undefined) return output;
    }
    return new Reference(this.template.stack, logicalId, attribute);
  }

  private substitute(argument: Json): Value {
    const [text, values] = Array.isArray(argument) ? argument : [argument, undefined];
    if (typeof text !== 'string') return new Unknown('malformed Fn::Sub');
    const given = isJsonObject(values) ? values : {};
    const parts: Value[] = [];
    let last = 0;
    for (const match of text.matchAll(/\$\{(!?)([^}]*)\}/g)) {
      parts.push(text.slice(last, match.index));
      last = match.index + match[0].length;
      const name = match[2].trim();
      if (match[1] === '!') parts.push(`\${${match[2]}}`);
      else if (Object.hasOwn(given, name)) parts.push(this.resolve(given[name]));
      else parts.push(name.includes('.') ? this.attribute(name) : this.reference(name));
    }
    parts.push(text.slice(last));
    return concatenate(parts);
  }

  private join(argument: Json): Value {
    if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string') return new Unknown('malformed Fn::Join');
    const delimiter = argument[0];
    const list = this.resolve(argument[1]);
    if (!Array.isArray(list)) return new Unknown('Fn::Join of a list that is not known');
    const parts: Value[] = [];
    list.forEach((item, index) => {
      if (index > 0) parts.push(delimiter);
      parts.push(item);
    });
    return concatenate(parts);
  }

  private choose(argument: Json): Value {
    if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string') return new Unknown('malformed Fn::If');
    const known = this.condition(argument[0]);
    if (known !== undefined) return this.resolve(argument[known ? 1 : 2]);
    const options = [this.resolve(argument[1]), this.resolve(argument[2])];
    return same(options[0], options[1]) ? options[0] : new Choice(argument[0], options);
  }

  /** True or false where the template alone decides a condition, undefined otherwise. */
  condition(name: string): boolean | undefined {
    if (!this.conditions.has(name)) {
      this.conditions.set(name, undefined); // a condition that refers to itself stays undecided
      const body = section(this.template, 'Conditions')[name];
      this.conditions.set(name, body === undefined ? undefined : this.truth(body));
    }
    return this.conditions.get(name);
  }

  private truth(body: Json): boolean | undefined {
    if (!isJsonObject(body)) return typeof body === 'boolean' ? body : undefined;
    const [name] = Object.keys(body);
    const argument = body[name];
    const each = (): (boolean | undefined)[] => (Array.isArray(argument) ? argument.map((item) => this.truth(item)) : []);
    if (name === 'Condition' && typeof argument === 'string') return this.condition(argument);
    if (name === 'Fn::Equals' && Array.isArray(argument)) {
      const [left, right] = argument.map((side) => this.resolve(side));
      if (same(left, right)) return true;
      return containsOpen(left) || containsOpen(right) ? undefined : false;
    }
    if (name === 'Fn::Not') {
      const [truth] = each();
      return truth === undefined ? undefined : !truth;
    }
    if (name === 'Fn::And') return each().includes(false) ? false : each().includes(undefined) ? undefined : true;
    if (name === 'Fn::Or') return each().includes(true) ? true : each().includes(undefined) ? undefined : false;
    return undefined;
  }

  private split(argument: Json): Value {
    if (!Array.isArray(argument) || typeof argument[0] !== 'string') return new Unknown('malformed Fn::Split');
    const delimiter = argument[0];
    const source = this.resolve(argument[1]);
    if (typeof source === 'string') return source.split(delimiter);
    // The reason names the reference, so that a reader can still see whose text it is: CDK cuts the scheme off an OIDC issuer this way.
    if (!(source instanceof Text)) return new Unknown(isOpenScalar(source) ? `part of ${source}` : 'Fn::Split of a text that is not known');
    // Splitting is exact only where the open parts cannot hold the delimiter, which nobody can promise for identifiers with dashes.
    const items: Value[][] = [[]];
    for (const part of source.parts) {
      if (typeof part !== 'string') {
        if (!/^[/,|]$/.test(delimiter) || part instanceof Unknown) return new Unknown(`part of ${source}`);
        items[items.length - 1].push(part);
        continue;
      }
      const pieces = part.split(delimiter);
      items[items.length - 1].push(pieces[0]);
      for (const piece of pieces.slice(1)) items.push([piece]);
    }
    return items.map(concatenate);
  }

  private select(argument: Json): Value {
    if (!Array.isArray(argument) || argument.length !== 2) return new Unknown('malformed Fn::Select');
    const index = Number(this.resolve(argument[0]));
    const list = this.resolve(argument[1]);
    if (list instanceof Unknown) return list.reason.startsWith('part of ') ? list : new Unknown(`item ${index} of ${list.reason}`);
    if (!Array.isArray(list) || !Number.isInteger(index) || index < 0 || index >= list.length)
      return new Unknown('Fn::Select of a list that is not known');
    return list[index];
  }

  private subnets(argument: Json): Value {
    if (!Array.isArray(argument) || argument.length < 2) return new Unknown('malformed Fn::Cidr');
    const [range, count, bits = 8] = argument.map((part) => this.resolve(part));
    const found = typeof range === 'string' ? subnetsOf(range, Number(count), Number(bits)) : undefined;
    return found ?? new Unknown('Fn::Cidr of a range that is not known');
  }

  private stackOutput(argument: Json): Value {
    if (!isJsonObject(argument)) return new Unknown('malformed Fn::GetStackOutput');
    const [stack, output, region] = [argument.StackName, argument.OutputName, argument.Region ?? null].map((part) =>
      this.resolve(part ?? null),
    );
    if (typeof stack !== 'string' || typeof output !== 'string') return new Unknown('output of a stack that is not known');
    return (
      this.linker.stackOutput(stack, output, typeof region === 'string' ? region : undefined) ??
      new Unknown(`output ${output} of stack ${stack}`)
    );
  }

  private lookUp(argument: Json): Value {
    if (!Array.isArray(argument) || argument.length < 3) return new Unknown('malformed Fn::FindInMap');
    const [map, first, second] = argument.slice(0, 3).map((key) => this.resolve(key));
    if (typeof map !== 'string') return new Unknown('Fn::FindInMap');
    const table = section(this.template, 'Mappings')[map];
    if (!isJsonObject(table)) return new Unknown(`mapping ${map}`);
    const rows = typeof first === 'string' ? [table[first]] : Object.values(table);
    const cells = rows
      .flatMap((row) => (isJsonObject(row) ? (typeof second === 'string' ? [row[second]] : Object.values(row)) : []))
      .filter((cell) => cell !== undefined);
    if (cells.length === 0) {
      const [, , , options] = argument;
      return isJsonObject(options) && 'DefaultValue' in options ? this.resolve(options.DefaultValue) : new Unknown(`mapping ${map}`);
    }
    const values = cells.map((cell) => this.resolve(cell));
    return values.every((value) => same(value, values[0])) ? values[0] : new Choice(`mapping ${map}`, values);
  }
}

function isOpenScalar(value: Value): value is Reference | Unknown {
  return value instanceof Reference || value instanceof Unknown;
}

/** A section of a template as an object, empty when it is missing or malformed. */
export function section(template: RawTemplate, name: string): JsonObject {
  const found = template.body[name];
  return isJsonObject(found) ? found : {};
}

function splitOnce(text: string): string[] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
