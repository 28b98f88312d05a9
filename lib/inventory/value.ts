/**
 * Values of a CloudFormation template after its intrinsic functions were resolved as far as the template alone allows.
 *
 * Plain JSON stays plain JSON. What only deployment decides is explicit: a `Reference` (identity known, text not), an
 * `Unknown` (nothing known but the reason), a `Text` (a string of which some parts are one of the two), or a `Choice`
 * (one of several values, by a condition).
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value } | Reference | Unknown | Text | Choice;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
export type ValueObject = { [key: string]: Value };

/**
 * Another resource, or a pseudo parameter, by logical id. `attribute` is `Ref` or the name given to Fn::GetAtt.
 * Pseudo parameters have the logical id `AWS::Region`, `AWS::Partition`, ...
 */
export class Reference {
  constructor(
    readonly stack: string,
    readonly logicalId: string,
    readonly attribute: string,
  ) {}
  toString(): string {
    return this.attribute === 'Ref' ? `\${${this.logicalId}}` : `\${${this.logicalId}.${this.attribute}}`;
  }
  is(other: Value | undefined): boolean {
    return (
      other instanceof Reference && other.stack === this.stack && other.logicalId === this.logicalId && other.attribute === this.attribute
    );
  }
}

/** A value that the template does not hold: a parameter, an import from a stack that is not here, a dynamic reference. */
export class Unknown {
  constructor(readonly reason: string) {}
  toString(): string {
    return `\${?${this.reason}}`;
  }
}

/** A string some parts of which are known. Adjacent literal parts are merged; a text of literals only is a plain string instead. */
export class Text {
  constructor(readonly parts: readonly (string | Reference | Unknown)[]) {}
  toString(): string {
    return this.parts.map(String).join('');
  }
}

/** One of several values, decided by a condition that only deployment evaluates. */
export class Choice {
  constructor(
    readonly condition: string,
    readonly options: readonly Value[],
  ) {}
  toString(): string {
    return `\${?${this.condition}}`;
  }
}

export function isObject(value: Value | undefined): value is ValueObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isOpen(value);
}

/** True for the four kinds of value that are not plain JSON. */
export function isOpen(value: Value | undefined): value is Reference | Unknown | Text | Choice {
  return value instanceof Reference || value instanceof Unknown || value instanceof Text || value instanceof Choice;
}

/** True for a JSON object: neither null nor a list. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
