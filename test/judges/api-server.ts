import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import type { Json, JsonObject, KubernetesObject } from '../../lib/inventory';

/** What an API server answers to a call. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

const groupPath = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

/** The judges' API server, over one connection with a client certificate. */
export class ApiServer {
  private readonly agent: Agent;
  /** Plural and scope of the kinds that were asked for, as the server itself names them. */
  private readonly resources = new Map<string, { readonly name: string; readonly namespaced: boolean }>();

  public constructor() {
    const pki = (name: string): Buffer => readFileSync(join(process.env.CP_DIR ?? '', 'pki', name));
    this.agent = new Agent({ keepAlive: true, maxSockets: 1, ca: pki('ca.crt'), cert: pki('admin.crt'), key: pki('admin.key') });
  }

  public call(method: string, path: string, body?: Json): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.agent,
          method,
          host: '127.0.0.1',
          port: Number(process.env.CP_PORT),
          path,
          headers: { 'content-type': 'application/json', accept: 'application/json' },
        },
        (answer) => {
          let text = '';
          answer.on('data', (chunk) => {
            text += chunk;
          });
          answer.on('end', () => {
            try {
              resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as JsonObject });
            } catch {
              // A path that no group serves is answered in plain text.
              resolve({ status: answer.statusCode ?? 0, body: { message: text.trim() } });
            }
          });
        },
      );
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The path under which objects of this kind are made; undefined for a kind that the server does not have. */
  public async collectionOf({ apiVersion, kind, namespace }: KubernetesObject): Promise<string | undefined> {
    const key = `${apiVersion} ${kind}`;
    if (!this.resources.has(key)) {
      const { body } = await this.call('GET', groupPath(apiVersion));
      for (const entry of (body.resources ?? []) as { kind: string; name: string; namespaced: boolean }[]) {
        if (!entry.name.includes('/')) this.resources.set(`${apiVersion} ${entry.kind}`, entry);
      }
    }
    const found = this.resources.get(key);
    if (found === undefined) return undefined;
    return `${groupPath(apiVersion)}${found.namespaced ? `/namespaces/${namespace ?? 'default'}` : ''}/${found.name}`;
  }

  /** Makes an object for real. */
  public async create(object: KubernetesObject): Promise<Answer> {
    const path = await this.collectionOf(object);
    return path === undefined ? this.unknown(object) : this.call('POST', path, object.object);
  }

  /** A strict dry run: what the server says against an object, undefined when it takes it. */
  public async refusal(object: KubernetesObject): Promise<string | undefined> {
    const path = await this.collectionOf(object);
    const { status, body } =
      path === undefined ? this.unknown(object) : await this.call('POST', `${path}?dryRun=All&fieldValidation=Strict`, object.object);
    // A namespace that was made for real is there already, which is no refusal of what it says.
    return status < 300 || (object.kind === 'Namespace' && status === 409) ? undefined : `${status} ${body.message}`;
  }

  public close(): void {
    this.agent.destroy();
  }

  private unknown({ apiVersion, kind }: KubernetesObject): Answer {
    return { status: 404, body: { message: `the API server has no ${apiVersion} ${kind}` } };
  }
}
