import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject, type KubernetesObject } from '../../lib/inventory';

/** What an API server answers to a call. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}
/** A kind as the server itself names it. */
export interface Resource {
  /** Its plural, as paths have it. */
  readonly name: string;
  readonly namespaced: boolean;
}

/** Objects with fields that the server does not know are refused, and nothing is kept. */
export const DRY_RUN = '?dryRun=All&fieldValidation=Strict';

const groupPath = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

/** The judges' API server, as its administrator or somebody that it plays, over a few kept connections. */
export class ApiServer {
  private readonly agent: Agent;
  private readonly groups = new Map<string, Promise<ReadonlyMap<string, Resource>>>();

  public constructor(public readonly sockets = 1) {
    const pki = (name: string): Buffer => readFileSync(join(process.env.CP_DIR ?? '', 'pki', name));
    this.agent = new Agent({ keepAlive: true, maxSockets: sockets, ca: pki('ca.crt'), cert: pki('admin.crt'), key: pki('admin.key') });
  }

  /** One request; waits and asks again where the server says that it was asked too often. */
  public async call(method: string, path: string, body?: Json, user?: string): Promise<Answer> {
    for (;;) {
      const answer = await this.once(method, path, body, user);
      if (answer.status !== 429) return answer;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** The resource of a kind. Throws for a kind that the server does not have. */
  public async resourceOf(apiVersion: string, kind: string): Promise<Resource> {
    const found = await this.find(apiVersion, kind);
    if (found === undefined) throw new Error(`the API server has no ${apiVersion} ${kind}`);
    return found;
  }

  /** The path under which objects of this kind are made; `otherwise` is the namespace of an object that names none. */
  public async collectionOf(object: JsonObject, otherwise = 'default'): Promise<string> {
    return collection(object, await this.resourceOf(object.apiVersion as string, object.kind as string), otherwise);
  }

  /** Posts an object, for real where `query` says nothing else; a kind that the server does not have is answered with 404. */
  public async create(object: JsonObject, query = ''): Promise<Answer> {
    const resource = await this.find(object.apiVersion as string, object.kind as string);
    if (resource === undefined) return { status: 404, body: { message: `the API server has no ${object.apiVersion} ${object.kind}` } };
    return this.call('POST', `${collection(object, resource, 'default')}${query}`, object);
  }

  /** Makes an object for real; one that is there already is enough. Throws what the server has against it. */
  public async make(object: JsonObject): Promise<void> {
    const { status, body } = await this.create(object);
    if (status >= 300 && status !== 409) throw new Error(`${status} ${body.message}`);
  }

  /** Deletes an object; does not mind when there is none. */
  public async remove(object: JsonObject): Promise<void> {
    await this.call('DELETE', `${await this.collectionOf(object)}/${(object.metadata as JsonObject).name}`);
  }

  /** A strict dry run: what the server says against an object, undefined when it takes it. */
  public async refusal({ object, kind }: KubernetesObject): Promise<string | undefined> {
    const { status, body } = await this.create(object, DRY_RUN);
    // A namespace that was made for real is there already, which is no refusal of what it says.
    return status < 300 || (kind === 'Namespace' && status === 409) ? undefined : `${status} ${body.message}`;
  }

  public close(): void {
    this.agent.destroy();
  }

  private async find(apiVersion: string, kind: string): Promise<Resource | undefined> {
    let group = this.groups.get(apiVersion);
    if (group === undefined) {
      group = this.call('GET', groupPath(apiVersion)).then(({ body }) => {
        const entries = (body.resources ?? []) as unknown as (Resource & { readonly kind: string })[];
        return new Map(entries.filter(({ name }) => !name.includes('/')).map((entry) => [entry.kind, entry]));
      });
      this.groups.set(apiVersion, group);
    }
    const found = (await group).get(kind);
    // A definition that comes later may bring the kind.
    if (found === undefined) this.groups.delete(apiVersion);
    return found;
  }

  private once(method: string, path: string, body: Json | undefined, user: string | undefined): Promise<Answer> {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(user === undefined ? {} : { 'impersonate-user': user, 'impersonate-group': 'system:masters' }),
    };
    return new Promise((resolve, reject) => {
      const sent = request({ agent: this.agent, method, host: '127.0.0.1', port: Number(process.env.CP_PORT), path, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => {
          const status = answer.statusCode ?? 0;
          try {
            resolve({ status, body: JSON.parse(text) as JsonObject });
          } catch {
            // A path that no group serves is answered in plain text.
            resolve({ status, body: { message: text.trim() } });
          }
        });
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function collection({ apiVersion, metadata }: JsonObject, { name, namespaced }: Resource, otherwise: string): string {
  const namespace = isJsonObject(metadata) && typeof metadata.namespace === 'string' ? metadata.namespace : otherwise;
  return `${groupPath(apiVersion as string)}${namespaced ? `/namespaces/${namespace}` : ''}/${name}`;
}
