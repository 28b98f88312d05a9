import { isJsonObject, type Json, type JsonObject, Text, type Value } from '../../inventory/value';
import { parseDocuments } from '../../inventory/yaml';

/** What a node is told when it starts, read as far as it is a language that is known. */
export interface NodeSettings {
  readonly language: 'bottlerocket' | 'nodeadm';
  readonly settings: JsonObject;
}

/** Stands for what deployment fills in; a private-use character cannot be in user data by accident. */
export const OPEN = '\uE000';

/**
 * The text of user data, which templates hold in Base64: a known text is encoded already, one with open parts is not. Undefined where nothing is known.
 */
export function userDataText(value: Value | undefined): string | undefined {
  if (value instanceof Text) return value.parts.map((part) => (typeof part === 'string' ? part : OPEN)).join('');
  if (typeof value !== 'string') return undefined;
  const compact = value.replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) && compact.length % 4 === 0 ? Buffer.from(compact, 'base64').toString('utf8') : value;
}

/** Reads TOML of Bottlerocket, or NodeConfig of nodeadm, plain or in MIME. Undefined for any other text, such as a script. */
export function readUserData(text: string): NodeSettings | undefined {
  const configs = nodeConfigs(text);
  if (configs.length > 0) return { language: 'nodeadm', settings: configs.reduce(merged, {}) };
  if (!/^\s*(\[{1,2}\s*"?settings|settings\s*\.)/m.test(text)) return undefined;
  try {
    // Loaded on first use: whoever only composes constructs never pays for a parser.
    const { parse } = require('smol-toml') as { parse(toml: string): JsonObject };
    // An open part outside quotes, for a number or a boolean, is no TOML until it is filled in.
    const found = parse(text.replace(/(=\s*)\uE000+(?=\s*(#|$))/gm, `$1"${OPEN}"`));
    return isJsonObject(found.settings) ? { language: 'bottlerocket', settings: found.settings } : undefined;
  } catch {
    return undefined;
  }
}

/** Every NodeConfig of a text, in order: nodeadm merges them so that the last one wins. */
function nodeConfigs(text: string): JsonObject[] {
  const boundary = /^Content-Type:\s*multipart\/[^;]+;\s*boundary="?([^"\r\n;]+)"?/im.exec(text)?.[1];
  const parts =
    boundary === undefined
      ? [text]
      : text
          .split(`--${boundary}`)
          .slice(1)
          .filter((part) => /^Content-Type:\s*application\/node\.eks\.aws/im.test(part))
          .map((part) => part.replace(/^[\s\S]*?\r?\n[ \t]*\r?\n/, ''));
  return parts.flatMap((part) => {
    if (!part.includes('node.eks.aws/')) return [];
    try {
      return parseDocuments(part, 'kubernetes').filter(
        (document): document is JsonObject => isJsonObject(document) && document.kind === 'NodeConfig',
      );
    } catch {
      return [];
    }
  });
}

function merged(under: JsonObject, over: JsonObject): JsonObject {
  const result: JsonObject = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below: Json | undefined = result[key];
    result[key] = isJsonObject(value) && isJsonObject(below) ? merged(below, value) : value;
  }
  return result;
}
