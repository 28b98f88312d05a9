import { readFileSync } from 'node:fs';
import { InputError } from '../../lib/error';
import { buildInventory, inventoryOf, type KubernetesObject, readManifests } from '../../lib/inventory';
import { ApiServer } from './api-server';

/**
 * Gives every object of a file to the judges' API server as a strict dry run: `apply.ts FILE`. Exit status 0 says that it
 * takes all of them, 1 that it refuses one, 2 that the file cannot be read.
 */
const named = ({ kind, namespace, name }: KubernetesObject): string => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

async function apply(objects: readonly KubernetesObject[]): Promise<number> {
  const server = new ApiServer();
  try {
    // For real, so that the dry run of what stands in them or is of them finds them.
    const own = objects.filter(({ kind }) => kind === 'Namespace' || kind === 'CustomResourceDefinition');
    const spaces = new Set([
      ...objects.map(({ namespace }) => namespace),
      ...objects.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name),
    ]);
    const others = [...spaces]
      .filter((name) => name !== undefined && !own.some((object) => object.kind === 'Namespace' && object.name === name))
      .map((name) => inventoryOf({ manifests: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: name ?? '' } }] }).kubernetes[0]);
    const refused = new Map<KubernetesObject, string>();
    for (const object of [...others, ...own]) {
      const message = await server.refusal(object);
      if (message !== undefined) refused.set(object, message);
      else await server.create(object.object);
    }
    if (own.some(({ kind }) => kind === 'CustomResourceDefinition')) await new Promise((resolve) => setTimeout(resolve, 3000));
    for (const object of objects) {
      if (own.includes(object)) continue;
      const message = await server.refusal(object);
      if (message !== undefined) refused.set(object, message);
    }
    for (const object of objects) {
      const message = refused.get(object);
      console.log(message === undefined ? `taken    ${named(object)}` : `refused  ${named(object)}: ${message}`);
    }
    console.log(`${objects.length - refused.size} of ${objects.length} objects taken`);
    return refused.size === 0 ? 0 : 1;
  } finally {
    server.close();
  }
}

async function main(file: string): Promise<number> {
  let objects: readonly KubernetesObject[];
  try {
    objects = buildInventory([readManifests(readFileSync(file, 'utf8'), { file: 'the input' })]).kubernetes;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    return 2;
  }
  if (objects.length > 0) return apply(objects);
  console.error('the input has no Kubernetes objects; give it manifests');
  return 2;
}

main(process.argv[2]).then((status) => {
  process.exitCode = status;
});
