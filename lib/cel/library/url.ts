import { InputError } from '../../error';
import { type Environment, functions } from '../engine';

const URL_PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
const HOST = /^(?:[^@]*@)?((?:\[[0-9A-Fa-f:.%]*\]|[^:[\]\s<>"^`{|}\\]*)(?::(\d*))?)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: no URL holds control characters.
const REFUSED = /[\u0000-\u001f\u007f ]|%(?![0-9A-Fa-f]{2})/;

/** An absolute URL or an absolute path, which is what the API server takes. */
export class Url {
  private constructor(
    readonly scheme: string,
    /** With the port, without user. */
    readonly host: string,
    readonly port: string,
    readonly path: string,
    readonly search: string,
  ) {}

  static parse(text: string): Url | undefined {
    if (text === '' || REFUSED.test(text.split(/[?#]/, 1)[0])) return undefined;
    if (text.startsWith('/') && !text.startsWith('//')) {
      const [path, search = ''] = text.split('#', 1)[0].split('?', 2);
      return new Url('', '', '', path, search);
    }
    const parts = URL_PARTS.exec(text.startsWith('//') ? `x:${text}` : text);
    const host = parts === null ? null : HOST.exec(parts[2]);
    if (parts === null || host === null) return undefined;
    return new Url(text.startsWith('//') ? '' : parts[1].toLowerCase(), host[1], host[2] ?? '', parts[3], parts[4] ?? '');
  }

  get hostname(): string {
    return this.host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  }
  get query(): Map<string, string[]> {
    const map = new Map<string, string[]>();
    for (const [key, value] of new URLSearchParams(this.search)) map.set(key, [...(map.get(key) ?? []), value]);
    return map;
  }
}

/** `url()` and its methods. */
export function registerUrl(environment: Environment): void {
  const type = 'net.URL';
  environment.registerType(type, Url);
  functions(environment, {
    [`url(string): ${type}`]: (text: string) => {
      const url = Url.parse(text);
      if (url === undefined) throw new InputError('CelNoValue', `'${text}' is no absolute URL; check isURL() first`);
      return url;
    },
    'isURL(string): bool': (text: string) => Url.parse(text) !== undefined,
    [`${type}.getScheme(): string`]: (url: Url) => url.scheme,
    [`${type}.getHost(): string`]: (url: Url) => url.host,
    [`${type}.getHostname(): string`]: (url: Url) => url.hostname,
    [`${type}.getPort(): string`]: (url: Url) => url.port,
    [`${type}.getEscapedPath(): string`]: (url: Url) => url.path,
    [`${type}.getQuery(): map<string, list<string>>`]: (url: Url) => url.query,
  });
}
