import type { Inventory } from '../../inventory/model';
import { control, fail, pass } from '../control';
import { cronJob, deployment, pod } from '../pod-examples';
import { shown, workload } from '../pod-template';
import { Severity } from '../severity';

const account = (automountServiceAccountToken?: boolean) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'app', namespace: 'shop' },
  ...(automountServiceAccountToken === undefined ? {} : { automountServiceAccountToken }),
});

const cache = new WeakMap<Inventory, ReadonlySet<string>>();

/** Service accounts that hand no token to pods, as `namespace/name`. */
function silentAccounts(inventory: Inventory): ReadonlySet<string> {
  let found = cache.get(inventory);
  if (found === undefined) {
    const silent = inventory.ofKind('ServiceAccount').filter((account) => account.object.automountServiceAccountToken === false);
    found = new Set(silent.map(({ namespace, name }) => `${namespace ?? ''}/${name}`));
    cache.set(inventory, found);
  }
  return found;
}

/** The pod's own word wins over its service account's; the API server's default is true. */
export const serviceAccountToken = control({
  ...workload,
  id: 'K-POD-15',
  title: 'pods get no service account token unless they ask for one',
  because: 'a token that nobody uses is a credential for the Kubernetes API that an attacker finds in every container',
  severity: Severity.MEDIUM,
  category: 'authentication',
  boundary: 'pod',
  threats: ['workload-attack', 'credential-leak'],
  judge: (pod, { inventory }) => {
    const own = pod.spec.automountServiceAccountToken;
    if (own === false) return pass;
    const at = `${pod.specPath}.automountServiceAccountToken`;
    if (own === true) return fail('the pod sets automountServiceAccountToken true, it must be false', at);
    const name = pod.spec.serviceAccountName || pod.spec.serviceAccount || 'default';
    if (silentAccounts(inventory).has(`${pod.object.namespace ?? ''}/${name}`)) return pass;
    return fail(
      `automountServiceAccountToken is ${shown(own)} at the pod and not false at its service account '${name}', it must be false`,
      at,
    );
  },
  remedy: 'set automountServiceAccountToken to false; mount a projected token with audience and expiry where the program calls the API',
  references: {
    cisKubernetes: ['5.1.6'],
    cisEks: ['4.1.6'],
    nsa: ['authn-authz'],
    scanners: {
      checkov: ['CKV_K8S_38'],
      kubescape: ['C-0034', 'C-0190', 'C-0261'],
      kubesec: ['AutomountServiceAccountToken'],
      polaris: ['automountServiceAccountToken'],
      trivy: ['KSV-0036'],
    },
  },
  repair: {
    risk: 'mayBreak',
    note: 'a program that calls the Kubernetes API loses its token; look for 401 and for a missing /var/run/secrets/kubernetes.io/serviceaccount',
    apply: ({ spec }, fill) => fill.set(spec, 'automountServiceAccountToken', false, ''),
  },
  examples: {
    holds: [
      { manifests: [pod({ automountServiceAccountToken: false })] },
      { manifests: [deployment(pod({ serviceAccountName: 'app' })), account(false)] },
    ],
    breaks: [
      { manifests: [pod()] },
      { manifests: [cronJob(pod({ automountServiceAccountToken: true }))] },
      { manifests: [pod({ automountServiceAccountToken: true, serviceAccountName: 'app' }), account(false)] },
      { manifests: [deployment(pod({ serviceAccountName: 'app' })), account()] },
    ],
  },
});
