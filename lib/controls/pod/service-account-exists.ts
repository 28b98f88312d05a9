import type { Inventory } from '../../inventory/model';
import type { JsonObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { cronJob, deployment, pod } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';

const object = (kind: string, name: string, namespace?: string): JsonObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});
const shop = object('Namespace', 'shop');

interface Known {
  readonly accounts: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
}
const cache = new WeakMap<Inventory, Known>();

function knownIn(inventory: Inventory): Known {
  let found = cache.get(inventory);
  if (found === undefined) {
    found = {
      accounts: new Set(inventory.ofKind('ServiceAccount').map(({ namespace, name }) => `${namespace ?? ''}/${name}`)),
      namespaces: new Set(inventory.ofKind('Namespace').map(({ name }) => name)),
    };
    cache.set(inventory, found);
  }
  return found;
}

/**
 * Every namespace has the account `default`. Whoever declares a namespace is taken to declare its accounts too; in one that is made elsewhere an account may
 * have been made there as well, and nobody can say.
 */
export const serviceAccountExists = control({
  ...workload,
  id: 'K-POD-17',
  title: 'the service account that a pod names is declared',
  because: 'the API server creates no pod whose account is missing, and a misspelt name is one that somebody else may create',
  severity: Severity.MEDIUM,
  category: 'authentication',
  boundary: 'pod',
  threats: ['permission-mistake'],
  judge: (pod, { inventory }) => {
    const name = pod.spec.serviceAccountName || pod.spec.serviceAccount;
    if (typeof name !== 'string' || name === 'default') return pass;
    const { accounts, namespaces } = knownIn(inventory);
    const { namespace = '' } = pod.object;
    if (accounts.has(`${namespace}/${name}`)) return pass;
    const at = `${pod.specPath}.serviceAccountName`;
    return namespaces.has(namespace)
      ? fail(`the service account '${name}' is not declared beside its namespace '${namespace}', it must be there`, at)
      : undecided(`the service account '${name}' is not in what was read, and may be made elsewhere`, at);
  },
  remedy: 'declare the service account in the namespace of the pod, or correct its name',
  references: { scanners: { 'kube-linter': ['non-existent-service-account'], kubescape: ['C-0307'] } },
  examples: {
    holds: [
      { manifests: [pod()] },
      { manifests: [deployment(pod({ serviceAccountName: 'app' })), object('ServiceAccount', 'app', 'shop')] },
    ],
    breaks: [
      { manifests: [pod({ serviceAccountName: 'app' }), shop] },
      { manifests: [cronJob(pod({ serviceAccountName: 'app' })), shop, object('ServiceAccount', 'app', 'other')] },
    ],
    undecided: [{ manifests: [deployment(pod({ serviceAccountName: 'app' }))] }],
  },
});
