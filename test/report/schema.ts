/** The part of JSON Schema that the report's schema uses. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: Schema };
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

const TYPES: { readonly [type: string]: (value: unknown) => boolean } = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
};

/** Where a value departs from a schema; empty when it does not. */
export function departures(value: unknown, schema: Schema, root: Schema = schema, at = '$'): string[] {
  if (schema.$ref !== undefined) return departures(value, root.$defs![schema.$ref.replace('#/$defs/', '')], root, at);
  if (schema.type !== undefined && !TYPES[schema.type](value)) return [`${at} is no ${schema.type}`];
  if ('const' in schema && value !== schema.const) return [`${at} is not ${String(schema.const)}`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at} is ${JSON.stringify(value)}`];
  if (schema.minimum !== undefined && (value as number) < schema.minimum) return [`${at} is below ${schema.minimum}`];
  if (Array.isArray(value))
    return value.flatMap((item, index) => (schema.items === undefined ? [] : departures(item, schema.items, root, `${at}[${index}]`)));
  if (schema.type !== 'object') return [];
  const object = value as { readonly [name: string]: unknown };
  const missing = (schema.required ?? []).filter((name) => !(name in object)).map((name) => `${at}.${name} is missing`);
  return missing.concat(
    Object.keys(object).flatMap((name) => {
      const own = schema.properties?.[name] ?? schema.additionalProperties;
      if (own === false) return [`${at}.${name} is not described`];
      return typeof own === 'object' ? departures(object[name], own, root, `${at}.${name}`) : [];
    }),
  );
}
