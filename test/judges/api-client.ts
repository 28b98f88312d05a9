import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../lib/inventory';

/** What the API server answers. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Speaks to the judges' API server as its administrator. */
export class ApiClient {
  private readonly agent: Agent;
  private readonly resources = new Map<string, { readonly name: string; readonly namespaced: boolean }>();

  constructor() {
    const pki = (name: string): Buffer => readFileSync(join(process.env.CP_DIR ?? '', 'pki', name));
    this.agent = new Agent({ keepAlive: true, maxSockets: 1, ca: pki('ca.crt'), cert: pki('admin.crt'), key: pki('admin.key') });
  }

  /** One request; waits and asks again where the server says that it was asked too often. */
  async call(method: string, path: string, body?: Json): Promise<Answer> {
    for (;;) {
      const answer = await this.once(method, path, body);
      if (answer.status !== 429) return answer;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Creates an object, for real or as a strict dry run. */
  async create(object: JsonObject, dryRun: boolean): Promise<Answer> {
    return this.call('POST', `${await this.collection(object)}?fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`, object);
  }

  /** Deletes an object; does not mind when there is none. */
  async remove(object: JsonObject): Promise<void> {
    await this.call('DELETE', `${await this.collection(object)}/${(object.metadata as JsonObject).name}`);
  }

  close(): void {
    this.agent.destroy();
  }

  private async collection({ apiVersion, kind, metadata }: JsonObject): Promise<string> {
    const group = String(apiVersion).includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const key = `${apiVersion} ${kind}`;
    if (!this.resources.has(key)) {
      const { body } = await this.call('GET', group);
      for (const entry of body.resources as { kind: string; name: string; namespaced: boolean }[]) {
        if (!entry.name.includes('/')) this.resources.set(`${apiVersion} ${entry.kind}`, entry);
      }
    }
    const found = this.resources.get(key);
    if (found === undefined) throw new Error(`the API server has no ${key}`);
    const { namespace } = metadata as JsonObject;
    return `${group}${found.namespaced ? `/namespaces/${namespace ?? 'default'}` : ''}/${found.name}`;
  }

  private once(method: string, path: string, body?: Json): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const sent = request({ agent: this.agent, method, host: '127.0.0.1', port: Number(process.env.CP_PORT), path, headers }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as JsonObject }));
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
