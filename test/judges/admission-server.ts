import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../lib/inventory/value';

/** Requests under way at once. */
const SOCKETS = 8;

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}
export interface Resource {
  readonly name: string;
  readonly namespaced: boolean;
}

/** The API server of the judges, over a few kept connections. */
export class Server {
  private readonly agent: Agent;
  private readonly resources = new Map<string, Promise<ReadonlyMap<string, Resource>>>();

  constructor() {
    const pki = (name: string): Buffer => readFileSync(join(process.env.CP_DIR ?? '', 'pki', name));
    this.agent = new Agent({ keepAlive: true, maxSockets: SOCKETS, ca: pki('ca.crt'), cert: pki('admin.crt'), key: pki('admin.key') });
  }
  close(): void {
    this.agent.destroy();
  }

  call(method: string, path: string, body?: Json, user?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.agent,
          method,
          host: '127.0.0.1',
          port: Number(process.env.CP_PORT),
          path,
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            ...(user === undefined ? {} : { 'impersonate-user': user, 'impersonate-group': 'system:masters' }),
          },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            text += chunk;
          });
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as JsonObject }));
        },
      );
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The resource of a kind, asked of the server itself. */
  async resourceOf(apiVersion: string, kind: string): Promise<Resource> {
    let known = this.resources.get(apiVersion);
    if (known === undefined) {
      known = this.call('GET', groupPath(apiVersion)).then(({ body }) => {
        const entries = body.resources as unknown as { kind: string; name: string; namespaced: boolean }[];
        return new Map(entries.filter(({ name }) => !name.includes('/')).map((entry) => [entry.kind, entry]));
      });
      this.resources.set(apiVersion, known);
    }
    const found = (await known).get(kind);
    if (found === undefined) throw new Error(`the API server has no ${apiVersion} ${kind}`);
    return found;
  }

  /** Makes an object for real; one that is there already is enough. */
  async make(object: JsonObject): Promise<void> {
    const { status, body } = await this.call('POST', await this.collectionOf(object), object);
    if (status >= 300 && status !== 409) throw new Error(`${status} ${body.message}`);
  }

  async collectionOf({ apiVersion, kind, metadata }: JsonObject, otherwise = 'default'): Promise<string> {
    const { name, namespaced } = await this.resourceOf(apiVersion as string, kind as string);
    const namespace = isJsonObject(metadata) && typeof metadata.namespace === 'string' ? metadata.namespace : otherwise;
    return `${groupPath(apiVersion as string)}${namespaced ? `/namespaces/${namespace}` : ''}/${name}`;
  }
}

const groupPath = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

/** Does something for each item, as many at once as there are connections. */
export async function each<T>(list: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < list.length) {
      const item = list[next];
      next += 1;
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: SOCKETS }, work));
}

/** Waits until something holds; throws what it last said when that takes too long. */
export async function until(holds: () => Promise<string | undefined>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const problem = await holds();
    if (problem === undefined) return;
    if (Date.now() > end) throw new Error(problem);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
