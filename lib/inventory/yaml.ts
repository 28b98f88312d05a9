import type { Schema as YamlSchema } from 'js-yaml';
import { InputError, type Place } from '../error';
import type { Json } from './value';

type Parser = typeof import('js-yaml');

let parser: Parser | undefined;
/** Loaded on first use: whoever only composes constructs never pays for a parser. */
function yaml(): Parser {
  parser ??= require('js-yaml') as Parser;
  return parser;
}

/** Above this a text is refused rather than read: no manifest or template that a cluster or CloudFormation accepts is near it. */
export const MAX_BYTES = 64 * 1024 * 1024;
/** An alias expands to what it names; this many are a bomb, not a manifest. */
const MAX_ALIASES = 10_000;
const MAX_DEPTH = 200;
const MAX_EXPANDED = 5_000_000;
/** Keys that `<<` copies in one text. */
const MAX_MERGED = 1_000_000;
/** Only a text with both can build a cycle or a shared tree. */
const ANCHOR = /(?:^|[\s[{,])&[^\s,[\]{}]/;
const ALIAS = /(?:^|[\s[{,])\*[^\s,[\]{}]/;

let kubernetes: YamlSchema | undefined;
/**
 * Scalars as the Kubernetes tools read them (sigs.k8s.io/yaml): YAML 1.1 booleans (`y`, `no`, `on`, ...), integers with `0` for octal, `0x`,
 * `0b` and underscores, but neither base-60 numbers nor timestamps.
 */
function kubernetesSchema(): YamlSchema {
  if (kubernetes === undefined) {
    const y = yaml();
    const integer = y.defineScalarTag<number>('tag:yaml.org,2002:int', {
      implicit: true,
      implicitFirstChars: ['-', '+', ...'0123456789'],
      identify: () => false,
      resolve: (source) => {
        const text = source.replaceAll('_', '');
        if (/^[-+]?(0|[1-9]\d*)$/.test(text)) return Number(text);
        const sign = text.startsWith('-') ? -1 : 1;
        const digits = text.replace(/^[-+]/, '');
        if (/^0[oO]?[0-7]+$/.test(digits)) return sign * Number.parseInt(digits.replace(/^0[oO]?/, ''), 8);
        if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return sign * Number.parseInt(digits.slice(2), 16);
        if (/^0[bB][01]+$/.test(digits)) return sign * Number.parseInt(digits.slice(2), 2);
        // Underscores count in fractions too, which the float tag beside this one does not know.
        if (text !== source && /^\d+(\.\d*)?([eE][-+]?\d+)?$/.test(digits)) return Number(text);
        return y.NOT_RESOLVED;
      },
    });
    kubernetes = y.FAILSAFE_SCHEMA.withTags(y.mergeTag, y.nullYaml11Tag, y.boolYaml11Tag, integer, y.floatCoreTag);
  }
  return kubernetes;
}

let template: YamlSchema | undefined;
/**
 * Scalars of YAML 1.1, which CloudFormation documents, without its timestamps (`2012-10-17` stays text); `y` and `n` stay text, as its parser
 * leaves them. Plus the short-form tags, which become their long forms.
 */
function templateSchema(): YamlSchema {
  if (template === undefined) {
    const y = yaml();
    const longForm = (tag: string, value: unknown): unknown => {
      const name = tag.slice(1);
      if (name === 'Ref' || name === 'Condition') return { [name]: value };
      if (name === 'GetAtt' && typeof value === 'string') {
        const dot = value.indexOf('.');
        return { 'Fn::GetAtt': dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
      }
      return { [`Fn::${name}`]: value };
    };
    const boolean = y.defineScalarTag<boolean>('tag:yaml.org,2002:bool', {
      implicit: true,
      implicitFirstChars: [...'tTfFyYnNoO'],
      identify: () => false,
      resolve: (source) => {
        if (/^(yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(source)) return true;
        return /^(no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(source) ? false : y.NOT_RESOLVED;
      },
    });
    template = y.FAILSAFE_SCHEMA.withTags(
      y.mergeTag,
      y.nullYaml11Tag,
      boolean,
      y.intYaml11Tag,
      y.floatYaml11Tag,
      y.defineScalarTag<unknown>('!', {
        matchByTagPrefix: true,
        identify: () => false,
        resolve: (source, _explicit, tag) => longForm(tag, source),
      }),
      y.defineSequenceTag<{ tag: string; items: unknown[] }, unknown>('!', {
        matchByTagPrefix: true,
        identify: () => false,
        create: (tag) => ({ tag, items: [] }),
        addItem: (carrier, item) => void carrier.items.push(item),
        finalize: (carrier) => longForm(carrier.tag, carrier.items),
      }),
      y.defineMappingTag<{ tag: string; map: Map<unknown, unknown> }, unknown>('!', {
        matchByTagPrefix: true,
        identify: () => false,
        create: (tag) => ({ tag, map: new Map() }),
        addPair: (carrier, key, value) => {
          carrier.map.set(key, value);
          return '';
        },
        has: (carrier, key) => carrier.map.has(key),
        keys: () => [],
        get: () => undefined,
        finalize: (carrier) => longForm(carrier.tag, Object.fromEntries(carrier.map)),
      }),
    );
  }
  return template;
}

/**
 * Parses all documents of a YAML or JSON text.
 * Throws `InputTooLarge`, `InputBinary`, `InputTooDeep`, `YamlBomb`, `YamlCycle`, `YamlInvalid` or `HelmTemplate`, where it can with line and column.
 */
export function parseDocuments(text: string, flavour: 'kubernetes' | 'template', file?: string): Json[] {
  if (text.length > MAX_BYTES) {
    throw new InputError(
      'InputTooLarge',
      `the input has ${Math.ceil(text.length / 1024 / 1024)} MiB, more than ${MAX_BYTES / 1024 / 1024}; split it`,
      { file },
    );
  }
  if (text.includes('\0')) throw new InputError('InputBinary', 'the input has NUL bytes and is no text; pass YAML or JSON', { file });
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const schema = flavour === 'kubernetes' ? kubernetesSchema() : templateSchema();
  try {
    const documents = yaml().loadAll(source, {
      schema,
      maxAliases: MAX_ALIASES,
      maxDepth: MAX_DEPTH,
      maxTotalMergeKeys: MAX_MERGED,
    });
    if (ANCHOR.test(source) && ALIAS.test(source)) for (const document of documents) refuseCycles(document, source.length, file);
    return documents as Json[];
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw asInputError(error, source, file);
  }
}

function asInputError(error: unknown, source: string, file: string | undefined): InputError {
  const { reason, mark, message } = error as { reason?: string; mark?: { line: number; column: number }; message?: string };
  const place = { file, line: mark === undefined ? undefined : mark.line + 1, column: mark === undefined ? undefined : mark.column + 1 };
  if (reason?.includes('maxDepth')) return tooDeep(place);
  if (reason?.includes('maxAliases')) {
    return new InputError('YamlBomb', `a document has more than ${MAX_ALIASES} aliases; write the values out`, place);
  }
  if (reason?.includes('maxTotalMergeKeys')) {
    return new InputError(
      'YamlBomb',
      `the merge keys of the input copy more than ${MAX_MERGED / 1e6} million keys; write the values out`,
      place,
    );
  }
  const action = /\{\{-?\s*[.$a-z]/.exec(source);
  if (action !== null && !/^\s*(\{(?!\{)|\[)/.test(source)) {
    return new InputError(
      'HelmTemplate',
      "the input holds '{{ ... }}' and looks like a chart's template; render it first, for example with 'helm template'",
      { file, ...positionOf(source, action.index) },
    );
  }
  const what = (reason ?? message ?? String(error)).split('\n')[0].replace(/\.$/, '');
  return new InputError(
    'YamlInvalid',
    `the input is neither YAML nor JSON: ${what.charAt(0).toLowerCase()}${what.slice(1)}; correct it at this place`,
    place,
  );
}

function positionOf(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = source.indexOf('\n'); at >= 0 && at < offset; at = source.indexOf('\n', at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

/** Refuses what has no JSON form: a value that contains itself, or one that aliases blow up beyond any real document. */
function refuseCycles(document: unknown, length: number, file: string | undefined): void {
  const above = new Set<object>();
  // What an alias repeats is counted again and walked once, so that a bomb costs what its text does.
  const known = new Map<object, Extent>();
  const extentOf = (value: unknown): Extent => {
    if (typeof value !== 'object' || value === null) return SCALAR;
    const found = known.get(value);
    if (found !== undefined) return found;
    if (above.has(value)) throw new InputError('YamlCycle', 'an alias refers to a value that contains it; write the value out', { file });
    above.add(value);
    let size = 1;
    let height = 0;
    for (const child of Object.values(value)) {
      const extent = extentOf(child);
      size += extent.size;
      height = Math.max(height, extent.height);
    }
    above.delete(value);
    // Without aliases a value takes at least one character.
    if (size > length + MAX_EXPANDED) {
      throw new InputError('YamlBomb', `aliases expand to more than ${MAX_EXPANDED / 1e6} million values; write the values out`, { file });
    }
    if (above.size + height >= MAX_DEPTH) throw tooDeep({ file });
    const extent = { size, height: height + 1 };
    known.set(value, extent);
    return extent;
  };
  extentOf(document);
}

/** How many values are in one, aliases written out, and how deep. */
interface Extent {
  readonly size: number;
  readonly height: number;
}
const SCALAR: Extent = { size: 0, height: 0 };

function tooDeep(place: Place): InputError {
  return new InputError(
    'InputTooDeep',
    `the input nests values more than ${MAX_DEPTH} deep, as nothing that is deployed does; flatten it`,
    place,
  );
}
